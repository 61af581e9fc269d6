/** The report model of `zheng_verifier.report.model`: findings under numbered checks, a verdict for each axis, one word. */

import { type EvidenceError, MalformedError, VerificationError } from "../errors.ts";
import { formatBase64url, type Moment } from "../formats/encoding.ts";

export type Status =
  | "PASSED" | "FAILED" | "INDETERMINATE" | "NOT_PROVIDED" | "NOT_APPLICABLE" | "SKIPPED" | "SUPPORTED" | "CONTESTED";
export type Overall = "CONSISTENT" | "INCONSISTENT" | "INCOMPLETE" | "UNREADABLE";
export type PolicySource = "user" | "built-in" | "package";

export const CHECKS = [
  "C01", "C02", "C03", "C04", "C05", "C06", "C07", "C08", "C09", "C10", "C11", "C12",
  "C13", "C14", "C15", "C16", "C17", "C18", "C19", "C20", "C21", "C22", "C23",
] as const;
export type CheckId = (typeof CHECKS)[number];
export const AXES = ["A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9"] as const;
export type AxisId = (typeof AXES)[number];

/** A sentence of the catalogue by its key, with the values that fill its places. */
export interface Text {
  readonly key: string;
  readonly values: Readonly<Record<string, string | Text | readonly Text[]>>;
}

type Value = string | number | bigint | Text | readonly Text[];

/** Name a sentence of the catalogue; it is put into words only when shown. */
export function say(key: string, values: Record<string, Value> = {}): Text {
  const kept = Object.entries(values).map(([name, value]) => [name, typeof value === "object" ? value : String(value)]);
  return { key, values: Object.fromEntries(kept) as Text["values"] };
}

/** What a parser says, in English for the expert. */
export function technical(text: string): Text {
  return text === "" ? NOTHING : say("technical", { text });
}

export const NOTHING: Text = { key: "nothing", values: {} };

export type Observed = Record<string, string | number | bigint | Uint8Array>;

/** One statement: `subject` names the thing, `detail` says what, `observed` its values. */
export interface Finding {
  readonly status: Status;
  readonly code: string;
  readonly subject: Text;
  readonly detail: Text;
  readonly observed: Readonly<Record<string, string>>;
}

export interface CheckResult {
  readonly id: CheckId;
  readonly status: Status;
  readonly code: string;
  readonly findings: readonly Finding[];
}

export interface AxisResult {
  readonly id: AxisId;
  readonly status: Status;
  readonly codes: readonly string[];
}

/** A sealed value of an event: OPENED with its value, WITHHELD, ERASED or NEVER_HELD; never a blank. */
export interface SealedField {
  readonly path: string;
  readonly state: "OPENED" | "WITHHELD" | "ERASED" | "NEVER_HELD";
  readonly value?: string;
}

/** A bound on when something existed. */
export interface TimeBound {
  readonly moment: Moment;
  readonly source: Text;
  readonly trusted: boolean;
  /** Somebody's claim about himself: listed, and decides nothing. */
  readonly weak: boolean;
}

export interface EventView {
  readonly seq: number;
  readonly type: string | undefined;
  readonly id: string | undefined;
  readonly leafHash: string;
  readonly index: number | undefined;
  readonly submitter: string | undefined;
  readonly claimedAt: Moment | undefined;
  readonly receivedAt: Moment | undefined;
  readonly notBefore: TimeBound | undefined;
  readonly notAfter: TimeBound | undefined;
  readonly anchored: TimeBound | undefined;
  readonly sealed: readonly SealedField[];
  /** The bounds of every source, the tightest first. */
  readonly lower: readonly TimeBound[];
  readonly upper: readonly TimeBound[];
}

/** A document that events name; `name` is that of the file at hand, undefined if none was given. */
export interface DocumentView {
  readonly name: string | undefined;
  readonly role: string;
  readonly size: number;
  readonly sha256: string;
  readonly sm3: string | undefined;
  readonly events: readonly number[];
  readonly hashedByService: boolean;
  readonly status: Status;
}

export interface InputFile {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
}

export interface PolicyUse {
  readonly fingerprint: string;
  readonly source: PolicySource;
  readonly issuedAt?: Moment;
  readonly expires?: Moment;
}

/** The result of one verification; deterministic given its inputs. */
export interface Report {
  readonly verifier: string;
  readonly verifiedAt: Moment | undefined;
  readonly policy: PolicyUse;
  readonly inputs: readonly InputFile[];
  readonly origin: string | undefined;
  readonly case: string | undefined;
  readonly overall: Overall;
  readonly axes: readonly AxisResult[];
  readonly checks: readonly CheckResult[];
  readonly events: readonly EventView[];
  readonly notes: readonly string[];
  readonly documents: readonly DocumentView[];
  readonly refusal: Finding | undefined;
  readonly container: ContainerView | undefined;
}

/** How an enclosed report compares with this one: ids of axes and checks whose status differs. */
export interface Comparison {
  readonly samePolicy: boolean;
  readonly overall: boolean;
  readonly axes: readonly string[];
  readonly checks: readonly string[];
}

/** What the bundle came in; `departures`: by code, why it is not the canonical file that was issued. */
export interface ContainerView {
  readonly edition: string | undefined;
  readonly files: readonly InputFile[];
  readonly departures: readonly string[];
  readonly enclosed: Comparison | undefined;
}

function make(status: Status, code: string, subject: Text, detail: Text, observed: Observed): Finding {
  const texts = Object.entries(observed).map(([name, value]) => [
    name,
    value instanceof Uint8Array ? formatBase64url(value) : String(value),
  ]);
  return { status, code, subject, detail, observed: Object.fromEntries(texts) as Record<string, string> };
}

export function passed(subject: Text, detail: Text = NOTHING, observed: Observed = {}, code = ""): Finding {
  return make("PASSED", code, subject, detail, observed);
}

export function failed(code: string, subject: Text, detail: Text, observed: Observed = {}): Finding {
  return make("FAILED", code, subject, detail, observed);
}

export function indeterminate(code: string, subject: Text, detail: Text, observed: Observed = {}): Finding {
  return make("INDETERMINATE", code, subject, detail, observed);
}

export function notProvided(code: string, subject: Text, detail: Text): Finding {
  return make("NOT_PROVIDED", code, subject, detail, {});
}

export function notApplicable(code: string, subject: Text, detail: Text): Finding {
  return make("NOT_APPLICABLE", code, subject, detail, {});
}

export function skipped(subject: Text, because: Text): Finding {
  return make("SKIPPED", "DEPENDENCY", subject, because, {});
}

/** Turn an error into a finding: false and ill-formed are FAILED, the other two families INDETERMINATE. */
export function findingOf(error: EvidenceError, subject: Text, observed: Observed = {}): Finding {
  const wrong = error instanceof MalformedError || error instanceof VerificationError;
  const detail = error.where === "" ? technical(error.detail) : say("technical_at", { text: error.detail, where: error.where });
  return make(wrong ? "FAILED" : "INDETERMINATE", error.code, subject, detail, observed);
}

const WORST_FIRST: readonly Status[] = ["FAILED", "INDETERMINATE", "SKIPPED", "NOT_PROVIDED", "PASSED"];

/** Gather findings under a check, whose status is that of the worst; what is said `beside` them decides nothing. */
export function conclude(id: CheckId, findings: readonly Finding[], beside: readonly Finding[] = []): CheckResult {
  const status = WORST_FIRST.find((one) => findings.some((finding) => finding.status === one)) ?? "NOT_APPLICABLE";
  const code = findings.find((finding) => finding.status === status && finding.code !== "")?.code ?? "";
  return { id, status, code, findings: [...findings, ...beside] };
}
