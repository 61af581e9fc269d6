/** C03: every entry is the one its leaf commits to, keeps its schema, and its opened values match their digests. */

import { sha256 } from "@noble/hashes/sha2.js";

import { MalformedError, VerificationError } from "../errors.ts";
import type { Bundle, BundleEvent } from "../formats/bundle.ts";
import { equal, fromUtf8, toHex } from "../formats/bytes.ts";
import { type JsonValue, formatJson, isObject } from "../formats/canonical.ts";
import { objectsOf, parseDigests, textOf } from "../formats/claim.ts";
import { type Entry, type Leaf, parseEntry, parseLeaf } from "../formats/entry.ts";
import { leafHash } from "../formats/merkle.ts";
import { openSealed, parseDisclosure } from "../formats/sealed.ts";
import { type Finding, type SealedField, failed, indeterminate, notProvided, passed, say } from "../report/model.ts";
import { checkData, checkOpened } from "../taxonomy/catalogue.ts";
import { type Item, caught, nameOf } from "./evidence.ts";

/** Read all leaves and entries; `logCase` is the case of the log's own life, if the policy knows it. */
export function readItems(bundle: Bundle, logCase: string | undefined): [Item[], Finding[]] {
  const items: Item[] = [];
  const findings: Finding[] = [];
  [...bundle.events, ...bundle.context].forEach((source, number) => {
    const [item, found] = readItem(number, source, number < bundle.events.length);
    const foreign = item.leaf === undefined ? [] : checkPlace(item, item.leaf, bundle, logCase);
    // Words addressed to another case or log are shown to be so, and count for nothing further.
    items.push(foreign.length > 0 ? { ...item, entry: undefined, sealed: [] } : item);
    findings.push(...found, ...foreign);
  });
  findings.push(...checkCopies(items));
  return [markErased(items), findings];
}

function readItem(number: number, source: BundleEvent, isEvent: boolean): [Item, Finding[]] {
  const bare = { number, isEvent, source, leafHash: leafHash(source.leaf), leaf: undefined, entry: undefined, sealed: [] };
  let leaf: Leaf;
  try {
    leaf = parseLeaf(source.leaf);
  } catch (error) {
    return [bare, [caught(error, nameOf(bare))]];
  }
  const read = { ...bare, leaf };
  if (source.entry === undefined) return [read, withheld(read)];
  try {
    const entry = openEntry(source.entry, leaf);
    const item = { ...read, entry, sealed: openFields(entry, source.disclosures) };
    return [item, [checkSchema(item, entry)]];
  } catch (error) {
    return [read, [caught(error, nameOf(read))]];
  }
}

function withheld(item: Item): Finding[] {
  const findings = [notProvided("WITHHELD", nameOf(item), say("entries.withheld"))];
  if (item.source.disclosures.length > 0) {
    findings.push(failed("COMMITMENT_MISMATCH", nameOf(item), say("entries.opened_alone")));
  }
  return findings;
}

function openEntry(data: Uint8Array, leaf: Leaf): Entry {
  if (!equal(sha256(data), leaf.entry)) {
    throw new VerificationError("HASH_FAILURE", "the leaf commits to another entry");
  }
  return parseEntry(data);
}

/** Match disclosures to sealed values: each opens exactly one, and none is left over. */
function openFields(entry: Entry, disclosures: readonly string[]): SealedField[] {
  const opened = openSealed(entry.claim.sealed, disclosures);
  return entry.claim.sealed.map(({ path }) => {
    const disclosure = opened.get(path);
    if (disclosure === undefined) return { path, state: entry.checked.sealed ? "WITHHELD" : "NEVER_HELD" };
    checkValue(entry, path, disclosure.value);
    return { path, state: "OPENED", value: shown(disclosure.value) };
  });
}

/** Hold an opened value against the schema of its field, or a document's digests against theirs. */
function checkValue(entry: Entry, path: string, value: JsonValue): void {
  if (path.startsWith("/data/")) checkOpened(entry.claim.type, path.slice("/data".length), value);
  else if (isObject(value)) parseDigests(value, path);
  else throw new MalformedError("WRONG_TYPE", "a document's digests are an object", path);
}

function shown(value: JsonValue): string {
  return typeof value === "string" ? value : (fromUtf8(formatJson(value)) as string);
}

function checkSchema(item: Item, entry: Entry): Finding {
  try {
    checkData(entry.claim.type, entry.claim.data);
  } catch (error) {
    return caught(error, nameOf(item));
  }
  return passed(nameOf(item), undefined, { type: entry.claim.type, entry: sha256(item.source.entry as Uint8Array) });
}

/** Leaf and claim must speak of the bundle's case and log; context, of the log's own case. */
function checkPlace(item: Item, leaf: Leaf, bundle: Bundle, logCase: string | undefined): Finding[] {
  const name = nameOf(item);
  const found: Finding[] = [];
  if (item.isEvent) {
    if (leaf.case !== bundle.case) {
      found.push(failed("WRONG_CASE", name, say("entries.leaf_of_another_case"), { case: leaf.case }));
    }
  } else if (logCase === undefined) {
    found.push(indeterminate("KEY_UNKNOWN", name, say("entries.log_unknown")));
  } else if (leaf.case !== logCase) {
    found.push(failed("WRONG_CASE", name, say("entries.context_of_another_case"), { case: leaf.case }));
  }
  const claim = item.entry?.claim;
  if (claim !== undefined && claim.case !== leaf.case) {
    found.push(failed("WRONG_CASE", name, say("entries.claim_to_another_case"), { case: claim.case }));
  }
  if (claim !== undefined && claim.log !== bundle.origin) {
    found.push(failed("WRONG_LOG", name, say("entries.claim_to_another_log"), { log: claim.log }));
  }
  return found;
}

/** Count how often each text stands. */
export function tally(texts: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

/** A commitment, a salt or a claim's id that stands twice was copied from one place to the other. */
function checkCopies(items: readonly Item[]): Finding[] {
  const read = items.flatMap((item) => (item.entry === undefined ? [] : [{ item, claim: item.entry.claim }]));
  const salts = (item: Item): string[] => item.source.disclosures.map((text) => toHex(parseDisclosure(text).salt));
  const digestCounts = tally(read.flatMap(({ claim }) => claim.sealed.map(({ digest }) => digest)));
  const saltCounts = tally(read.flatMap(({ item }) => salts(item)));
  const idCounts = tally(read.map(({ claim }) => `${claim.tenant} ${claim.id}`));
  const twice = (counts: Map<string, number>, text: string): boolean => (counts.get(text) ?? 0) > 1;
  const found: Finding[] = [];
  for (const { item, claim } of read) {
    if (claim.sealed.some(({ digest }) => twice(digestCounts, digest))) {
      found.push(failed("COMMITMENT_MISMATCH", nameOf(item), say("entries.sealed_twice")));
    }
    if (salts(item).some((salt) => twice(saltCounts, salt))) {
      found.push(failed("COMMITMENT_MISMATCH", nameOf(item), say("entries.salt_twice")));
    }
    if (twice(idCounts, `${claim.tenant} ${claim.id}`)) {
      found.push(failed("DUPLICATE_ID", nameOf(item), say("entries.id_twice"), { id: claim.id }));
    }
  }
  if (new Set(read.filter(({ item }) => item.isEvent).map(({ claim }) => claim.tenant)).size > 1) {
    found.push(failed("WRONG_TENANT", say("all_events"), say("entries.several_tenants")));
  }
  return found;
}

/** Show as ERASED what a `privacy.erased` entry of the case names and nobody opens. */
function markErased(items: readonly Item[]): Item[] {
  const erased = new Set<string>();
  for (const { entry } of items) {
    if (entry?.claim.type !== "privacy.erased/1") continue;
    for (const erasure of objectsOf(entry.claim.data, "erased")) {
      const fields = erasure.get("fields");
      const event = textOf(erasure, "event") ?? "";
      const paths = Array.isArray(fields) ? fields : [""]; // without fields the whole entry was erased
      paths.forEach((path) => erased.add(`${event} ${typeof path === "string" ? path : ""}`));
    }
  }
  return items.map((item) => {
    const id = item.entry?.claim.id;
    const isErased = (field: SealedField): boolean =>
      field.state !== "OPENED" && (erased.has(`${id} ${field.path}`) || erased.has(`${id} `));
    return { ...item, sealed: item.sealed.map((field) => (isErased(field) ? { path: field.path, state: "ERASED" } : field)) };
  });
}

