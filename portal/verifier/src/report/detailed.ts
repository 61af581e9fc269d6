/** The report for machines: the detailed report of docs/spec/report.md, in both languages. */

import { fromUtf8 } from "../formats/bytes.ts";
import { type JsonObject, type JsonValue, formatJson, object } from "../formats/canonical.ts";
import { type Moment, formatTime } from "../formats/encoding.ts";
import { DEPENDS_ON } from "../generated/catalogue.ts";
import { concludeAxis } from "./conclusions.ts";
import type {
  CheckResult,
  Comparison,
  ContainerView,
  DocumentView,
  EventView,
  Finding,
  InputFile,
  Report,
  Text,
  TimeBound,
} from "./model.ts";
import { type Language, catalogueOf, explain, word } from "./words.ts";

/** Write a report as canonical JSON; members without a value are left out. It is made offline and not signed. */
export function reportJson(report: Report): string {
  return fromUtf8(formatJson(reportObject(report))) as string;
}

function reportObject(report: Report): JsonObject {
  return object({
    zheng: "report/v1",
    verifier: report.verifier,
    verified_at: time(report.verifiedAt),
    policy: object({
      fingerprint: report.policy.fingerprint,
      source: report.policy.source,
      issued_at: time(report.policy.issuedAt),
      expires: time(report.policy.expires),
    }),
    inputs: report.inputs.map(inputOf),
    origin: report.origin,
    case: report.case,
    overall: report.overall,
    overall_text: both((language) => catalogueOf(language).overall[report.overall] ?? report.overall),
    signed: false,
    refusal: report.refusal && findingOf(report.refusal),
    axes: report.axes.map((axis) =>
      object({
        id: axis.id,
        title: both((language) => catalogueOf(language).axes[axis.id] ?? axis.id),
        status: axis.status,
        codes: [...axis.codes],
        conclusion: both((language) => concludeAxis(report, axis, language).join(" ")),
      }),
    ),
    checks: report.checks.map(checkOf),
    events: report.events.map(eventOf),
    documents: report.documents.map(documentOf),
    signatures: [],
    notes: [...report.notes],
    container: report.container && containerOf(report.container),
  });
}

function time(moment: Moment | undefined): string | undefined {
  return moment === undefined ? undefined : formatTime(moment);
}

/** Say something in both languages. */
function both(sayIn: (language: Language) => string): JsonObject {
  return object({ zh: sayIn("zh-CN"), en: sayIn("en") });
}

function words(text: Text): JsonObject {
  return both((language) => word(text, language));
}

function inputOf({ name, size, sha256 }: InputFile): JsonObject {
  return object({ name, size, sha256 });
}

function checkOf({ id, status, code, findings }: CheckResult): JsonObject {
  const text = (language: Language) => catalogueOf(language).checks[id] ?? { title: id, proves: "", not_proves: "" };
  return object({
    id,
    title: both((language) => text(language).title),
    status,
    code,
    proves: both((language) => text(language).proves),
    does_not_prove: both((language) => text(language).not_proves),
    depends_on: [...(DEPENDS_ON[id] ?? [])],
    findings: findings.map(findingOf),
  });
}

function findingOf(finding: Finding): JsonObject {
  return object({
    status: finding.status,
    code: finding.code,
    subject: words(finding.subject),
    detail: both((language) => explain(finding, language)),
    observed: object({ ...finding.observed }),
  });
}

function boundOf(bound: TimeBound | undefined): JsonObject | undefined {
  return (
    bound &&
    object({
      time: formatTime(bound.moment),
      source: words(bound.source),
      trusted: bound.trusted,
      weak: bound.weak ? true : undefined,
    })
  );
}

function eventOf(event: EventView): JsonObject {
  const bounds = (all: readonly TimeBound[]): JsonValue[] => all.map((bound) => boundOf(bound) as JsonObject);
  return object({
    seq: event.seq,
    leaf_hash: event.leafHash,
    index: event.index,
    type: event.type,
    id: event.id,
    submitter: event.submitter,
    claimed_at: time(event.claimedAt),
    received_at: time(event.receivedAt),
    not_before: boundOf(event.notBefore),
    not_after: boundOf(event.notAfter),
    anchored: boundOf(event.anchored),
    lower: bounds(event.lower),
    upper: bounds(event.upper),
    sealed: event.sealed.map(({ path, state, value }) => object({ path, state, value })),
  });
}

function documentOf(document: DocumentView): JsonObject {
  return object({
    name: document.name,
    role: document.role,
    size: document.size,
    sha256: document.sha256,
    sm3: document.sm3,
    events: [...document.events],
    hashed_by_service: document.hashedByService,
    status: document.status,
  });
}

function containerOf({ edition, files, departures, enclosed }: ContainerView): JsonObject {
  return object({
    kind: "package",
    edition,
    files: files.map(inputOf),
    departures: [...departures],
    enclosed_report: enclosed && comparisonOf(enclosed),
  });
}

function comparisonOf({ samePolicy, overall, axes, checks }: Comparison): JsonObject {
  const agrees = overall && axes.length === 0 && checks.length === 0;
  return object({ agrees, same_policy: samePolicy, axes: [...axes], checks: [...checks] });
}
