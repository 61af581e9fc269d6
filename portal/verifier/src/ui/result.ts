/** The result as a person reads it: policy first, the careful word, each question in plain words, checks one click deeper. */

import { escapeText } from "../errors.ts";
import { formatTime } from "../formats/encoding.ts";
import { checksBehind } from "../checks/verdict.ts";
import { MARKS } from "../generated/catalogue.ts";
import { EVENT_TYPES } from "../taxonomy/catalogue.ts";
import { concludeAxis, sayInterval } from "../report/conclusions.ts";
import { reportJson } from "../report/detailed.ts";
import type { AxisResult, CheckResult, EventView, Finding, Report, Status, TimeBound } from "../report/model.ts";
import { type Catalogue, type Language, catalogueOf, codeMeaning, explain, fill, showTime, word } from "../report/words.ts";
import { el, fold } from "./dom.ts";
import { UI } from "./words.ts";

/** So many passed findings are shown where there is nothing else to show. */
const SHOWN = 3;

/** Show a report in one language. */
export function renderResult(report: Report, language: Language): HTMLElement {
  const [ui, texts] = [UI[language], catalogueOf(language)];
  const source = texts.sources[report.policy.source] ?? report.policy.source;
  const section = el("section", { id: "result", "aria-labelledby": "result-title", tabindex: "-1" });
  section.append(
    el("p", { class: "policy" }, `${ui.fingerprint}: `, el("code", { id: "fingerprint" }, report.policy.fingerprint), ` (${source})`),
    el("h2", { id: "result-title" }, ui.result),
    el("p", { class: "overall", id: "overall", "data-overall": report.overall }, texts.overall[report.overall] ?? report.overall),
    ...report.notes.map((note) => el("p", { class: "note" }, texts.notes[note] ?? note)),
  );
  if (report.refusal !== undefined) section.append(findingList([report.refusal], language));
  if (report.axes.length > 0) {
    section.append(
      el("p", { class: "interval" }, sayInterval(report, language)),
      el("h3", {}, ui.by_question),
      ...report.axes.map((axis) => axisBox(report, axis, language)),
      el("p", { class: "note" }, ui.differences),
      el("h3", {}, ui.time_line),
      timeLine(report, language),
      el("h3", {}, ui.not_proven),
      notProven(report, language),
      fold([el("h3", {}, ui.all_checks)], ...report.checks.map((check) => checkBox(check, language))),
    );
  }
  section.append(files(report, language), machine(report, language), repeat(report, language));
  section.append(el("p", { class: "closing" }, texts.closing));
  return section;
}

function statusWord(status: Status, language: Language): HTMLElement {
  const text = catalogueOf(language).statuses[status] ?? status;
  return el("span", { class: `status ${status.toLowerCase()}` }, el("span", { "aria-hidden": "true" }, MARKS[status]), ` ${text}`);
}

function axisBox(report: Report, axis: AxisResult, language: Language): HTMLElement {
  const ids = checksBehind(axis.id);
  const behind = report.checks.filter((check) => ids.includes(check.id));
  return el(
    "article",
    { class: "axis", "data-axis": axis.id, "data-status": axis.status },
    el("h4", {}, el("span", { class: "id" }, axis.id), ` ${catalogueOf(language).axes[axis.id] ?? ""}`),
    el("p", {}, statusWord(axis.status, language)),
    ...concludeAxis(report, axis, language).map((text) => el("p", { class: "conclusion" }, text)),
    fold([UI[language].checks_behind], ...behind.map((check) => checkBox(check, language))),
  );
}

function checkBox(check: CheckResult, language: Language): HTMLElement {
  const texts = catalogueOf(language);
  const text = texts.checks[check.id];
  const code = ["", check.status].includes(check.code) ? "" : `${check.code}`;
  return el(
    "div",
    { class: "check", "data-check": check.id },
    el("h5", {}, el("span", { class: "id" }, check.id), ` ${text?.title ?? ""}`),
    el("p", {}, statusWord(check.status, language), code === "" ? undefined : el("code", {}, code), code === "" || codeMeaning(code, language) === code ? undefined : ` ${codeMeaning(code, language)}`),
    check.status === "PASSED" && text !== undefined
      ? el("p", { class: "proves" }, provesText(text, language))
      : undefined,
    findingList(check.findings, language),
  );
}

function provesText(text: Catalogue["checks"][string], language: Language): string {
  const { labels } = catalogueOf(language);
  const [colon, end] = language === "zh-CN" ? ["：", "。"] : [": ", ". "];
  return `${labels["proves"]}${colon}${text.proves}${end}${labels["not_proves"]}${colon}${text.not_proves}${end}`.trim();
}

/** List what was found: what passed without more to say stands behind a count, so that nothing notable drowns. */
function findingList(findings: readonly Finding[], language: Language): HTMLElement {
  const texts = catalogueOf(language);
  const notable = findings.filter((finding) => finding.status !== "PASSED" || finding.code !== "");
  const shown = notable.length > 0 ? notable : findings.slice(0, SHOWN);
  const quiet = findings.filter((finding) => !shown.includes(finding));
  const list = (items: readonly Finding[]): HTMLElement =>
    el("ul", { class: "findings" }, ...items.map((finding) => findingItem(finding, language)));
  if (quiet.length === 0) return list(shown);
  const summary = `+ ${fill(texts.labels["quiet"] ?? "", { count: String(quiet.length) })}: ${texts.statuses["PASSED"] ?? ""}`;
  return el("div", {}, list(shown), fold([summary], list(quiet)));
}

function findingItem(finding: Finding, language: Language): HTMLElement {
  const [subject, detail] = [word(finding.subject, language), explain(finding, language)];
  const said = [subject, detail].filter((part) => part !== "").join(language === "zh-CN" ? "：" : ": ");
  const observed = Object.entries(finding.observed).filter(([, value]) => value !== "");
  return el(
    "li",
    {},
    statusWord(finding.status, language),
    ["", finding.status].includes(finding.code) ? undefined : el("code", {}, finding.code),
    said === "" ? undefined : ` ${escapeText(said)}`,
    observed.length === 0
      ? undefined
      : el("dl", {}, ...observed.flatMap(([name, value]) => [el("dt", {}, observedName(name, language)), el("dd", {}, escapeText(value))])),
  );
}

function observedName(name: string, language: Language): string {
  return catalogueOf(language).sentences[`observed.${name}`] ?? name;
}

function boundText(name: "not_before" | "not_after", bound: TimeBound | undefined, language: Language): string {
  const { labels, statuses } = catalogueOf(language);
  if (bound === undefined) return `${labels[name]}: ${statuses["NOT_PROVIDED"]}`;
  const untrusted = bound.trusted ? "" : `, ${labels["untrusted"]}`;
  return `${labels[name]}: ${showTime(bound.moment, language)} (${word(bound.source, language)}${untrusted})`;
}

function timeLine(report: Report, language: Language): HTMLElement {
  const ui = UI[language];
  const head = [ui.event, ui.what, ui.claimed, ui.received, ui.bounds, ui.sealed];
  const rows = report.events.map((event) =>
    el(
      "tr",
      {},
      ...eventCells(event, language).map((cell, i) => el(i === 0 ? "th" : "td", i === 0 ? { scope: "row" } : { "data-label": head[i] as string }, cell)),
    ),
  );
  return el(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": ui.time_line },
    el("table", {}, el("thead", {}, el("tr", {}, ...head.map((text) => el("th", { scope: "col" }, text)))), el("tbody", {}, ...rows)),
  );
}

function eventCells(event: EventView, language: Language): (string | HTMLElement)[] {
  const texts = catalogueOf(language);
  const known = event.type === undefined ? undefined : EVENT_TYPES.get(event.type);
  const label = language === "zh-CN" ? known?.labelZh : known?.labelEn;
  const what = event.type === undefined ? (texts.labels["withheld_entry"] ?? "") : (label ?? event.type);
  const sealed = event.sealed.map((field) =>
    el("li", {}, el("code", {}, field.path), ` ${texts.sealed[field.state] ?? field.state}`, field.value === undefined ? undefined : `: ${escapeText(field.value)}`),
  );
  return [
    String(event.seq),
    el("span", { title: event.type ?? "" }, what),
    event.claimedAt === undefined ? "–" : showTime(event.claimedAt, language),
    event.receivedAt === undefined ? "–" : showTime(event.receivedAt, language),
    `${boundText("not_before", event.notBefore, language)}; ${boundText("not_after", event.notAfter, language)}`,
    sealed.length === 0 ? "–" : fold([String(sealed.length)], el("ul", {}, ...sealed)),
  ];
}

function notProven(report: Report, language: Language): HTMLElement {
  const colon = language === "zh-CN" ? "：" : ": ";
  const lines = report.checks
    .filter((check) => check.status === "PASSED")
    .map((check) => catalogueOf(language).checks[check.id])
    .map((text) => el("li", {}, `${text?.title ?? ""}${colon}${text?.not_proves ?? ""}`));
  return el("ul", {}, ...lines);
}

function files(report: Report, language: Language): HTMLElement {
  const list = [...report.inputs, ...(report.container?.files ?? [])].map(({ name, size, sha256 }) =>
    el("li", {}, `${name} (${size} B) `, el("code", {}, sha256)),
  );
  return fold([UI[language].files], el("ul", { class: "files" }, ...list));
}

function machine(report: Report, language: Language): HTMLElement {
  const json = reportJson(report);
  const button = el("button", { type: "button", id: "download" }, UI[language].download);
  button.addEventListener("click", () => download(json));
  const print = el("button", { type: "button" }, UI[language].print);
  print.addEventListener("click", () => window.print());
  return el(
    "div",
    {},
    el("p", { class: "actions" }, button, " ", print),
    fold([UI[language].machine], el("pre", { id: "json", tabindex: "0" }, json)),
  );
}

function download(json: string): void {
  const url = URL.createObjectURL(new Blob([json, "\n"], { type: "application/json" }));
  el("a", { href: url, download: "zheng-report.json" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function repeat(report: Report, language: Language): HTMLElement {
  const at = report.verifiedAt === undefined ? "" : ` --at=${formatTime(report.verifiedAt)}`;
  const source = report.policy.source === "user" ? "" : ` --policy-source=${report.policy.source}`;
  const command = `zheng-verify EVIDENCE --policy=POLICY.json${at}${source} --document=FILE …`;
  return el("div", {}, el("h3", {}, UI[language].repeat), el("p", {}, UI[language].repeat_text), el("pre", {}, command));
}

