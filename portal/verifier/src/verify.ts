/** One door: a bundle or a package, told apart by content, under a policy: always a report, never an exception. */

import { sha256 } from "@noble/hashes/sha2.js";

import { EvidenceError, MalformedError, UncheckableError, escapeText } from "./errors.ts";
import { type Beside, type DocumentSource, judgeBundle } from "./checks/judging.ts";
import { examineContainer, judgeContainer, type Container } from "./checks/package.ts";
import { examineBytes } from "./examine.ts";
import { type Bundle, parseBundle } from "./formats/bundle.ts";
import { toHex } from "./formats/bytes.ts";
import type { Moment } from "./formats/encoding.ts";
import { type TrustPolicy, parsePolicy } from "./formats/policy.ts";
import { readArchive } from "./package/archive.ts";
import { endsAsZip } from "./package/directory.ts";
import { BUNDLE, DOCUMENTS, MANIFEST, STATEMENT } from "./package/names.ts";
import { type InputFile, type PolicySource, type PolicyUse, type Report, type Text, findingOf, say } from "./report/model.ts";
import { VERSION } from "./version.ts";

/** What is verified, under what, and when. */
export interface Request {
  readonly name: string;
  readonly data: Uint8Array;
  readonly documents: readonly DocumentSource[];
  /** What the operator says of himself, for a bundle; a package brings its own. */
  readonly statement: Uint8Array | undefined;
  readonly policy: Uint8Array;
  readonly source: PolicySource;
  readonly at: Moment | undefined;
}

/** Tell by content what a file is; a certificate of deposit is a PDF, which this page does not read. */
function tellKind(data: Uint8Array): "bundle" | "package" {
  if (data.length === 0) throw new MalformedError("EMPTY", "the file is empty");
  if (data[0] === 0x7b) return "bundle";
  if (data[0] === 0x50 && data[1] === 0x4b) return "package"; // whose one form leaves no room for a PDF around it
  if (String.fromCharCode(...data.subarray(0, 1024)).includes("%PDF-")) {
    if (endsAsZip(data)) throw new MalformedError("POLYGLOT", "a PDF and a ZIP in one file");
    throw new UncheckableError("NOT_SUPPORTED_HERE", "certificates of deposit (PDF) are not read by this page");
  }
  throw new MalformedError("UNKNOWN_FILE", "neither a bundle nor a package nor a certificate");
}

function inputOf(name: string, data: Uint8Array): InputFile {
  return { name: escapeText(name), size: data.length, sha256: toHex(sha256(data)) };
}

function refuse(error: unknown, subject: Text, request: Request, use: PolicyUse, inputs: readonly InputFile[]): Report {
  if (!(error instanceof EvidenceError)) throw error;
  return {
    verifier: VERSION,
    verifiedAt: request.at,
    policy: use,
    inputs,
    origin: undefined,
    case: undefined,
    overall: "UNREADABLE",
    axes: [],
    checks: [],
    events: [],
    notes: [],
    documents: [],
    refusal: findingOf(error, subject),
    container: undefined,
  };
}

/** Open a package: its container, and the bundle in it. */
async function openPackage(data: Uint8Array): Promise<{ container: Container; bundle: Uint8Array }> {
  const container = examineContainer(await readArchive(data, [MANIFEST]));
  const bundle = container.archive.files.find((file) => file.name === BUNDLE)?.data;
  if (bundle === undefined) throw new MalformedError("NO_BUNDLE", "the package holds no bundle", BUNDLE);
  return { container, bundle };
}

/** Verify whatever evidence file this is. */
export async function verify(request: Request): Promise<Report> {
  const whole = inputOf(request.name, request.data);
  let use: PolicyUse = { fingerprint: toHex(sha256(request.policy)), source: request.source };
  let opened: { container: Container; bundle: Uint8Array } | undefined;
  try {
    opened = tellKind(request.data) === "package" ? await openPackage(request.data) : undefined;
  } catch (error) {
    return refuse(error, say("package.the_file"), request, use, [whole]);
  }
  const data = opened?.bundle ?? request.data;
  const inputs = opened === undefined ? [whole] : [whole, inputOf(`${request.name}/${BUNDLE}`, data)];
  let policy: TrustPolicy;
  let bundle: Bundle;
  try {
    policy = parsePolicy(request.policy);
    use = { ...use, issuedAt: policy.issuedAt, expires: policy.expires };
    bundle = parseBundle(data);
  } catch (error) {
    return refuse(error, say(use.issuedAt === undefined ? "the_policy" : "the_bundle"), request, use, inputs);
  }
  const files = opened?.container.archive.files ?? [];
  const enclosed = files
    .filter((file) => file.name.startsWith(DOCUMENTS))
    .map((file): DocumentSource => ({ examine: (names) => examineBytes(`${request.name}/${file.name}`, file.data, names) }));
  const beside: Beside = {
    documents: [...enclosed, ...request.documents],
    statement: opened === undefined ? request.statement : files.find((file) => file.name === STATEMENT)?.data,
    at: request.at,
  };
  const report = await judgeBundle(bundle, beside, policy, use, inputs);
  return opened === undefined ? report : judgeContainer(report, opened.container, bundle, policy);
}
