/** What each axis comes to, in the fixed wording of the catalogue (`zheng_verifier.report.conclusions`). */

import type { Moment } from "../formats/encoding.ts";
import { type AxisResult, type CheckId, type Report, type Text, say } from "./model.ts";
import { type Language, catalogueOf, codeMeaning, showTime, word } from "./words.ts";

const SHOWN = 4;

/** Say what an axis comes to, a sentence or a few. */
export function concludeAxis(report: Report, axis: AxisResult, language: Language): string[] {
  const texts = ofStatus(report, axis, language);
  if ((axis.id === "A5" || axis.id === "A6") && ["PASSED", "INDETERMINATE"].includes(axis.status)) {
    texts.push(say("conclusion.persons"));
  }
  return texts.map((text) => word(text, language));
}

function statusOf(report: Report, id: CheckId): string | undefined {
  return report.checks.find((check) => check.id === id)?.status;
}

function ofStatus(report: Report, axis: AxisResult, language: Language): Text[] {
  const reasons = reasonsOf(axis, language);
  switch (axis.status) {
    case "PASSED":
      return ofPassed(report, axis, language);
    case "FAILED": {
      const differs = axis.id === "A1" && statusOf(report, "C02") === "FAILED";
      return [...(differs ? [say("conclusion.a1_differs")] : []), say("conclusion.failed", { reasons })];
    }
    case "INDETERMINATE":
      return [say("conclusion.indeterminate", { reasons })];
    case "NOT_PROVIDED":
      return [say("conclusion.not_provided", { reasons })];
    case "SKIPPED":
      return [say("conclusion.skipped", { reasons })];
    case "NOT_APPLICABLE":
      return [say("conclusion.not_applicable")];
    default: {
      const code = report.checks.find((check) => check.id === "C21")?.code ?? "";
      return [say("conclusion.a8", { count: code.split("/")[0] ?? "" })];
    }
  }
}

function ofPassed(report: Report, axis: AxisResult, language: Language): Text[] {
  switch (axis.id) {
    case "A1":
      return [say("conclusion.a1_records"), ...ofDocuments(report)];
    case "A2":
      return ofTimes(report, language);
    case "A3":
      return ofChain(report);
    case "A7":
      return [say("conclusion.a7", { last: report.events.length })];
    case "A9":
      return [say("conclusion.a9")];
    default:
      return [];
  }
}

function ofDocuments(report: Report): Text[] {
  const compared = report.documents.filter((document) => document.status === "PASSED");
  const missing = report.documents.filter((document) => document.status === "NOT_PROVIDED");
  const said: Text[] = [];
  if (compared.length > 0) {
    const both = compared.every((document) => document.sm3 !== undefined);
    const names = first(compared.map(({ name }) => say("documents.file", { name: name ?? "" })));
    said.push(say(both ? "conclusion.a1_sha256_sm3" : "conclusion.a1_sha256"));
    said.push(say("conclusion.a1_files", { count: compared.length, names }));
  }
  if (missing.length > 0) {
    const names = first(missing.map(({ role, sha256 }) => say("documents.document", { role, sha256 })));
    said.push(say("conclusion.a1_missing", { count: missing.length, names }));
  }
  return said;
}

/** Give what a page holds of a list, and say how many it leaves to the detailed report. */
function first(names: readonly Text[]): readonly Text[] {
  const left = names.length - SHOWN;
  return left <= 0 ? names : [...names.slice(0, SHOWN), say("conclusion.more", { count: left })];
}

function ofTimes(report: Report, language: Language): Text[] {
  const { upper } = caseInterval(report);
  const whole =
    upper === undefined
      ? []
      : [say("conclusion.a2", { count: report.events.length, moment: showTime(upper, language) })];
  const bounded = report.events.flatMap(({ seq, notBefore, notAfter }) =>
    notBefore?.trusted === true && notAfter?.trusted === true
      ? [
          say("conclusion.a2_event", {
            seq,
            lower: showTime(notBefore.moment, language),
            upper: showTime(notAfter.moment, language),
          }),
        ]
      : [],
  );
  const more = bounded.length > SHOWN ? [say("conclusion.a2_more", { count: bounded.length - SHOWN })] : [];
  return [...whole, ...bounded.slice(0, SHOWN), ...more];
}

function ofChain(report: Report): Text[] {
  const findings = report.checks.find((check) => check.id === "C10")?.findings ?? [];
  const seen = findings.find((finding) => finding.status === "PASSED" && "tx_hash" in finding.observed)?.observed;
  const recorded = seen === undefined ? [] : [chainText(seen)];
  return [...recorded, say("conclusion.a3_after")];
}

function chainText(seen: Readonly<Record<string, string>>): Text {
  return say("conclusion.a3", {
    chain: seen["chain_id"] ?? "",
    block: seen["block_number"] ?? "",
    transaction: seen["tx_hash"] ?? "",
  });
}

function reasonsOf(axis: AxisResult, language: Language): Text[] {
  const found = new Map<string, string[]>();
  for (const entry of axis.codes) {
    const [check, code] = [entry.slice(0, 3), entry.slice(4)];
    const known = codeMeaning(code, language);
    const meaning = known === code ? (catalogueOf(language).checks[check]?.title ?? code) : known;
    found.set(meaning, [...(found.get(meaning) ?? []), check]);
  }
  return [...found].map(([meaning, checks]) => say("conclusion.reason", { meaning, check: checks.join(", ") }));
}

/** When the case was complete as shown: trusted bounds only, each undefined if there is none. */
export function caseInterval(report: Report): { lower: Moment | undefined; upper: Moment | undefined } {
  const latest = (moments: readonly Moment[]): Moment | undefined =>
    moments.length === 0 ? undefined : moments.reduce((most, one) => (one > most ? one : most));
  const trusted = (name: "notBefore" | "notAfter"): Moment[] =>
    report.events.flatMap((event) => (event[name]?.trusted === true ? [event[name].moment] : []));
  const [lowers, uppers] = [trusted("notBefore"), trusted("notAfter")];
  const [lower, upper] = [latest(lowers), latest(uppers)];
  if (upper === undefined || uppers.length < report.events.length) return { lower, upper: undefined };
  if (lower !== undefined && lower > upper) return { lower: undefined, upper: undefined }; // C16 says so
  return { lower, upper };
}

/** Say the interval: not before …, not after …. */
export function sayInterval(report: Report, language: Language): string {
  const { lower, upper } = caseInterval(report);
  if (upper === undefined) return word(say("conclusion.interval_none"), language);
  const shown = showTime(upper, language);
  if (lower === undefined) return word(say("conclusion.interval_upper", { upper: shown }), language);
  return word(say("conclusion.interval", { lower: showTime(lower, language), upper: shown }), language);
}
