/** C01: the container is as it was issued, and every file in it is the one its list names. */

import { sha256 } from "@noble/hashes/sha2.js";

import { EvidenceError, MalformedError, UncheckableError } from "../errors.ts";
import { equal, toHex } from "../formats/bytes.ts";
import type { Bundle } from "../formats/bundle.ts";
import { type JsonObject, type JsonValue, type Limits, isObject, parseCanonical } from "../formats/canonical.ts";
import { parseBase64url } from "../formats/encoding.ts";
import { keyFingerprint, parseJws, verifyJws } from "../formats/jws.ts";
import type { TrustPolicy } from "../formats/policy.ts";
import type { Archive, ArchiveFile } from "../package/archive.ts";
import {
  type ListedFile,
  type PackageManifest,
  isDocumentOf,
  mediaTypeOf,
  parseAsicManifest,
  parsePackageManifest,
  roleOf,
} from "../package/manifest.ts";
import { ASIC_MANIFEST, BUNDLE, MANIFEST, POLICY, REPORT, TIMESTAMP, compareNames } from "../package/names.ts";
import {
  type Comparison,
  type ContainerView,
  type Finding,
  type Report,
  type Text,
  conclude,
  failed,
  indeterminate,
  notApplicable,
  notProvided,
  passed,
  say,
  skipped,
} from "../report/model.ts";
import { parseResponse } from "../timestamp/token.ts";
import type { TrustedTsa } from "../timestamp/verify.ts";
import { caught } from "./evidence.ts";
import { askAuthorities, describeToken } from "./timestamps.ts";
import { judgeAxes } from "./verdict.ts";

const OTHER_LIST = /^(?:META-INF\/[^/]*manifest[^/]*|[^/]+\/manifest\.json)$/i;
const REPORT_TYPE = "zheng-report+jws";
const REPORT_LIMITS: Limits = { maxBytes: 16 << 20, maxDepth: 12, maxString: 1 << 20 };

/** A container with the digests of its files. */
export interface Container {
  readonly archive: Archive;
  readonly digests: ReadonlyMap<string, Uint8Array>;
}

export function examineContainer(archive: Archive): Container {
  return { archive, digests: new Map(archive.files.map(({ name, data }) => [name, sha256(data)])) };
}

function contentOf({ archive }: Container, name: string): Uint8Array | undefined {
  return archive.files.find((file) => file.name === name)?.data;
}

const fileText = (name: string): Text => say("package.file", { name });

/** Put C01 into a report on the bundle of a package, and judge axes and overall word again. */
export async function judgeContainer(
  report: Report,
  container: Container,
  bundle: Bundle,
  policy: TrustPolicy,
): Promise<Report> {
  const findings = await checkContainer(container, bundle, policy.tsas, report.policy.fingerprint);
  const judged = rejudge(report, findings, container.archive.departures.length > 0);
  const view: ContainerView = {
    edition: editionOf(container),
    files: container.archive.files.map(({ name, data }) => ({
      name,
      size: data.length,
      sha256: toHex(container.digests.get(name) as Uint8Array),
    })),
    departures: container.archive.departures,
    enclosed: undefined,
  };
  const enclosed = contentOf(container, REPORT);
  if (enclosed === undefined) return { ...judged, container: view };
  const [finding, comparison] = compareEnclosed(judged, enclosed, policy);
  const again = rejudge(report, [...findings, finding], container.archive.departures.length > 0);
  return { ...again, container: { ...view, enclosed: comparison } };
}

function editionOf(container: Container): string | undefined {
  try {
    return parsePackageManifest(contentOf(container, MANIFEST) ?? new Uint8Array()).edition;
  } catch (error) {
    if (error instanceof EvidenceError) return undefined;
    throw error;
  }
}

/** A container that is not the file that was issued caps the word at INCOMPLETE. */
function rejudge(report: Report, findings: readonly Finding[], capped: boolean): Report {
  const result = conclude("C01", findings);
  const checks = report.checks.map((check) => (check.id === "C01" ? result : check));
  const axes = judgeAxes(checks);
  let { overall } = report;
  if (axes.slice(0, 4).some((axis) => axis.status === "FAILED")) overall = "INCONSISTENT";
  else if (capped && overall === "CONSISTENT") overall = "INCOMPLETE";
  return { ...report, checks, axes, overall };
}

/** Judge a container around the bundle in it. */
async function checkContainer(
  container: Container,
  bundle: Bundle,
  tsas: readonly TrustedTsa[],
  usedPolicy: string,
): Promise<Finding[]> {
  const [listing, listFindings] = readList(container);
  const [manifest, roleFindings] = readRoles(container, listing);
  return [
    formOf(container),
    ...listFindings,
    ...roleFindings,
    ...identity(manifest, bundle),
    await timestamp(container, tsas),
    ...enclosedPolicy(container, usedPolicy),
  ];
}

function formOf({ archive }: Container): Finding {
  const subject = say("package.container");
  if (archive.departures.length > 0) {
    const detail = say("package.departures", { reasons: archive.departures.join(", ") });
    return indeterminate("NOT_CANONICAL", subject, detail);
  }
  return passed(subject, say("package.canonical", { count: archive.files.length }));
}

/** Hold the files against the one list there is. */
function readList(container: Container): [ListedFile[] | undefined, Finding[]] {
  const subject = say("package.list");
  const findings = container.archive.files
    .filter(({ name }) => name !== ASIC_MANIFEST && name !== MANIFEST && OTHER_LIST.test(name))
    .map(({ name }) => failed("TWO_MANIFESTS", fileText(name), say("package.two_manifests")));
  const content = contentOf(container, ASIC_MANIFEST);
  if (content === undefined) {
    return [undefined, [...findings, failed("NO_FILE_LIST", subject, say("package.no_list"))]];
  }
  let listing: ListedFile[];
  try {
    listing = parseAsicManifest(content);
  } catch (error) {
    return [undefined, [...findings, caught(error, subject)]];
  }
  findings.push(...compareFiles(container, listing));
  const good = passed(subject, say("package.listed", { count: listing.length }));
  return [listing, findings.length > 0 ? findings : [good]];
}

function compareFiles({ archive, digests }: Container, listing: readonly ListedFile[]): Finding[] {
  const listed = new Map(listing.map((file) => [file.name, file.sha256]));
  const found = archive.files.flatMap(({ name }: ArchiveFile) => {
    const own = digests.get(name) as Uint8Array;
    const expected = listed.get(name);
    if (expected === undefined && name !== ASIC_MANIFEST && name !== TIMESTAMP) {
      return [failed("UNLISTED", fileText(name), say("package.unlisted"), { sha256: toHex(own) })];
    }
    if (expected === undefined || equal(expected, own)) return [];
    const observed = { listed: toHex(expected), sha256: toHex(own) };
    return [failed("HASH_FAILURE", fileText(name), say("package.digest"), observed)];
  });
  const missing = [...listed.keys()].filter((name) => !digests.has(name));
  return [...found, ...missing.map((name) => failed("MISSING_FILE", fileText(name), say("package.missing")))];
}

/** Hold the roles that the manifest gives against the names, and the names against the list. */
function readRoles(
  container: Container,
  listing: readonly ListedFile[] | undefined,
): [PackageManifest | undefined, Finding[]] {
  const subject = say("package.manifest");
  const content = contentOf(container, MANIFEST);
  if (content === undefined) return [undefined, [failed("NO_MANIFEST", subject, say("package.no_manifest"))]];
  let manifest: PackageManifest;
  try {
    manifest = parsePackageManifest(content);
  } catch (error) {
    return [undefined, [caught(error, subject)]];
  }
  const findings = manifest.files
    .filter(({ name, role }) => roleOf(name) !== role)
    .map(({ name, role }) => failed("ROLE_MISMATCH", fileText(name), say("package.role", { role })));
  if (contentOf(container, BUNDLE) === undefined) findings.push(failed("NO_BUNDLE", subject, say("package.no_bundle")));
  if (listing !== undefined) findings.push(...nameFiles(manifest, listing));
  const good = passed(subject, say("package.roles", { edition: say(`package.${manifest.edition}`) }));
  return [manifest, findings.length > 0 ? findings : [good]];
}

function nameFiles(manifest: PackageManifest, listing: readonly ListedFile[]): Finding[] {
  const roled = new Set([...manifest.files.map((file) => file.name), MANIFEST]);
  const found = listing.flatMap(({ name, mediaType, sha256: digest }) => {
    const subject = fileText(name);
    const expected = mediaTypeOf(name);
    if (!roled.has(name)) return [failed("ROLE_MISMATCH", subject, say("package.no_role"))];
    if (expected === undefined && !isDocumentOf(name, digest)) {
      return [failed("ROLE_MISMATCH", subject, say("package.document_name"))];
    }
    const differs = expected !== undefined && expected !== mediaType;
    return differs ? [failed("ROLE_MISMATCH", subject, say("package.media_type", { media_type: mediaType }))] : [];
  });
  const listed = new Set(listing.map((file) => file.name));
  const unlisted = [...roled].filter((name) => !listed.has(name)).sort(compareNames);
  return [...found, ...unlisted.map((name) => failed("ROLE_MISMATCH", fileText(name), say("package.unlisted")))];
}

/** Hold what the package says it is about against the bundle in it. */
function identity(manifest: PackageManifest | undefined, bundle: Bundle): Finding[] {
  const subject = say("package.identity");
  if (manifest === undefined) return [skipped(subject, say("package.not_comparable"))];
  const found: Finding[] = [];
  const other = (code: string, saidValue: string, foundValue: string): void => {
    found.push(failed(code, subject, say("package.other", { said: saidValue, found: foundValue })));
  };
  if (manifest.origin !== bundle.origin) other("WRONG_LOG", manifest.origin, bundle.origin);
  if (manifest.case !== bundle.case) other("WRONG_CASE", manifest.case, bundle.case);
  if (found.length > 0) return found;
  return [passed(subject, say("package.same", { origin: manifest.origin, case: manifest.case }))];
}

/** Judge the token over the list; it tells when the package was put together, and nothing about its evidence. */
async function timestamp(container: Container, tsas: readonly TrustedTsa[]): Promise<Finding> {
  const subject = say("package.timestamp");
  const token = contentOf(container, TIMESTAMP);
  const listing = contentOf(container, ASIC_MANIFEST);
  if (token === undefined) return notProvided("NO_TIMESTAMP", subject, say("package.no_timestamp"));
  if (listing === undefined) return skipped(subject, say("package.no_list"));
  try {
    if (parseResponse(token).status !== undefined) {
      throw new MalformedError("FORMAT_FAILURE", "a response stands where a token belongs", TIMESTAMP);
    }
    const [tsa, result] = await askAuthorities(token, listing, tsas, []);
    return describeToken(subject, tsa, result);
  } catch (error) {
    return caught(error, subject);
  }
}

/** Name what lies in the package and is not believed: the issuer's policy. */
function enclosedPolicy({ digests }: Container, usedPolicy: string): Finding[] {
  const policy = digests.get(POLICY);
  if (policy === undefined) return [];
  const key = toHex(policy) === usedPolicy ? "package.policy_same" : "package.policy_other";
  return [notApplicable("", say("package.policy"), say(key))];
}

/** Hold the enclosed report against our own; it is never repeated, and whose it is only the policy can tell. */
function compareEnclosed(own: Report, enclosed: Uint8Array, policy: TrustPolicy): [Finding, Comparison | undefined] {
  const subject = say("package.report");
  try {
    const keys = policy.issuers.flatMap((issuer) => issuer.reportKeys);
    const comparison = compareReports(own, openSignedReport(enclosed, keys));
    return [notApplicable("", subject, describeComparison(comparison)), comparison];
  } catch (error) {
    const finding = caught(error, subject);
    const unknown = error instanceof UncheckableError;
    return [unknown ? { ...finding, status: "NOT_APPLICABLE" } : finding, undefined];
  }
}

/** Check that one of the keys signed the report (JWS, compact), and give its payload. */
function openSignedReport(data: Uint8Array, keys: readonly Uint8Array[]): JsonObject {
  const text = Array.from(data, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : "\ufffd")).join("");
  const parts = text.split(".");
  if (text.length > (REPORT_LIMITS.maxBytes * 4) / 3 + 1_024 || parts.length !== 3) {
    throw new MalformedError("FORMAT_FAILURE", "not a compact JWS", "report");
  }
  const detached = `${parts[0]}..${parts[2]}`;
  const { kid } = parseJws(detached, REPORT_TYPE, "report");
  const payload = parseBase64url(parts[1] as string, "report/payload");
  const value: JsonValue = parseCanonical(payload, REPORT_LIMITS);
  const version = isObject(value) ? value.get("zheng") : undefined;
  if (!isObject(value) || typeof version !== "string" || !version.startsWith("report/")) {
    throw new MalformedError("FORMAT_FAILURE", "not a report", "report/payload");
  }
  if (version !== "report/v1") {
    throw new UncheckableError("UNKNOWN_VERSION", `'${version.slice(0, 32)}' is not read here`, "report/payload");
  }
  const key = keys.find((spki) => equal(keyFingerprint(spki), kid));
  if (key === undefined) throw new UncheckableError("KEY_UNKNOWN", "no key is known that signed this report", "report");
  verifyJws(detached, payload, key, REPORT_TYPE);
  return value;
}

/** Compare overall word, axes and checks; C01 is left out: the maker could not see the container it was put into. */
function compareReports(own: Report, enclosed: JsonObject): Comparison {
  const statuses = (name: string): Map<string, JsonValue | undefined> => {
    const listed = enclosed.get(name);
    const items = Array.isArray(listed) ? listed.filter(isObject) : [];
    return new Map(items.map((item) => [String(item.get("id")), item.get("status")]));
  };
  const [axes, checks] = [statuses("axes"), statuses("checks")];
  const policy = enclosed.get("policy");
  return {
    samePolicy: isObject(policy) && policy.get("fingerprint") === own.policy.fingerprint,
    overall: enclosed.get("overall") === own.overall,
    axes: own.axes.filter(({ id, status }) => axes.get(id) !== status).map(({ id }) => id),
    checks: own.checks.filter(({ id, status }) => id !== "C01" && checks.get(id) !== status).map(({ id }) => id),
  };
}

function describeComparison({ samePolicy, overall, axes, checks }: Comparison): Text {
  const ids = [...axes, ...checks].join(", ");
  const suffix = samePolicy ? "" : "_other_policy";
  if (ids !== "") return say(`comparison.differs${suffix}`, { ids });
  return say(`comparison.${overall ? "agrees" : "overall"}${suffix}`);
}
