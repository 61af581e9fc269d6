/** Names of files in an evidence package: which are allowed, and their one order (docs/spec/package.md §2). */

import { MalformedError } from "../errors.ts";

export const MIMETYPE = "mimetype";
export const ASIC_MANIFEST = "META-INF/ASiCManifest.xml";
export const TIMESTAMP = "META-INF/timestamp001.tst";
export const MANIFEST = "zheng/manifest.json";
export const BUNDLE = "zheng/bundle.json";
export const POLICY = "zheng/policy.json";
export const STATEMENT = "zheng/statement.json";
export const REPORT = "zheng/report.jws";
export const DOCUMENTS = "documents/";

/** The fixed names in the order in which a canonical container holds them; all others follow in order of bytes. */
const ORDER = [
  MIMETYPE, ASIC_MANIFEST, TIMESTAMP, "readme.zh-cn.txt", "readme.en.txt",
  MANIFEST, BUNDLE, POLICY, STATEMENT, REPORT,
  "report.zh-cn.pdf", "report.en.pdf", "evidence-list.zh-cn.pdf", "evidence-list.en.pdf", "certificate.pdf",
];
const MAX_NAME = 128;
const NAME = /^(?:META-INF\/[A-Za-z0-9._-]+|(?:[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*)$/;

/** Order two names as a canonical container does. */
export function compareNames(one: string, other: string): number {
  const rank = (name: string): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  return rank(one) - rank(other) || (one < other ? -1 : one > other ? 1 : 0);
}

/** Refuse a name that no package has; what could lead out of a folder is called by its own code. */
export function checkName(name: string): void {
  if (name.includes("\\")) throw new MalformedError("BACKSLASH_NAME", "a name with a backslash", name);
  if (name.startsWith("/") || name[1] === ":") {
    throw new MalformedError("ABSOLUTE_NAME", "a name that starts at the root of a disk", name);
  }
  if (name.split("/").includes("..")) {
    throw new MalformedError("PARENT_NAME", "a name that leads out of its folder", name);
  }
  if (name.length > MAX_NAME || !NAME.test(name)) {
    throw new MalformedError("FORBIDDEN_NAME", "a name that no evidence package has", name);
  }
}

/** Refuse names of which two are the same, or the same but for case. */
export function checkDistinct(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw new MalformedError("DUPLICATE_FILE", "files of one name", name);
    seen.add(name);
  }
  const folded = new Set<string>();
  for (const name of names) {
    if (folded.has(name.toLowerCase())) {
      throw new MalformedError("CASE_FOLDED_NAME", "two names that differ in case alone", name);
    }
    folded.add(name.toLowerCase());
  }
}
