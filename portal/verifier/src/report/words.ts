/** Words of findings and reports: the Python verifier's catalogues, and the few sentences that this page alone says. */

import { CATALOGUES } from "../generated/catalogue.ts";
import { LAST_MOMENT, type Moment, SECOND, formatTime } from "../formats/encoding.ts";
import type { Finding, Text } from "./model.ts";

export type Language = "zh-CN" | "en";

/** All texts of one language (`zheng_verifier.report.texts.Catalogue`), with the sentences of findings. */
export interface Catalogue {
  readonly checks: Readonly<Record<string, { readonly title: string; readonly proves: string; readonly not_proves: string }>>;
  readonly axes: Readonly<Record<string, string>>;
  readonly statuses: Readonly<Record<string, string>>;
  readonly overall: Readonly<Record<string, string>>;
  readonly sources: Readonly<Record<string, string>>;
  readonly sealed: Readonly<Record<string, string>>;
  readonly codes: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly notes: Readonly<Record<string, string>>;
  readonly closing: string;
  readonly sentences: Readonly<Record<string, string>>;
}

/** Codes and sentences that only a verifier in a browser has. */
export const OWN: Readonly<Record<Language, { codes: Record<string, string>; sentences: Record<string, string> }>> = {
  "zh-CN": {
    codes: {
      NOT_SUPPORTED_HERE: "本页面不支持该项核验，请使用 zheng-verify",
      PATH_NOT_SUPPORTED: "证书路径含有本页面不判断的限制，请使用 zheng-verify",
    },
    sentences: {
      "html.not_supported": "证据存在；本页面不核验 PDF 签名及签名人证书，请使用 zheng-verify",
      "html.nothing_of_the_kind": "未附此类证据",
    },
  },
  en: {
    codes: {
      NOT_SUPPORTED_HERE: "this page does not support the check: use zheng-verify",
      PATH_NOT_SUPPORTED: "the certificate path has constraints that this page does not judge: use zheng-verify",
    },
    sentences: {
      "html.not_supported": "the evidence is there; this page does not verify PDF signatures nor signers' certificates: use zheng-verify",
      "html.nothing_of_the_kind": "no evidence of this kind is enclosed",
    },
  },
};

export function catalogueOf(language: Language): Catalogue {
  return CATALOGUES[language];
}

export function codeMeaning(code: string, language: Language): string {
  return OWN[language].codes[code] ?? CATALOGUES[language].codes[code] ?? code;
}

/** Put values into the places of a template. */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{([a-z_0-9]+)\}/g, (place, name: string) => values[name] ?? place);
}

/** Put a text into words. Values are put in as they are: what shows them writes text, never markup. */
export function word(text: Text, language: Language): string {
  const template = OWN[language].sentences[text.key] ?? CATALOGUES[language].sentences[text.key] ?? text.key;
  const values = Object.entries(text.values).map(([name, value]) => [name, worded(value, language)]);
  return fill(template, Object.fromEntries(values) as Record<string, string>);
}

function worded(value: Text["values"][string], language: Language): string {
  if (typeof value === "string") return value;
  if ("key" in value) return word(value as Text, language);
  return (value as readonly Text[]).map((part) => word(part, language)).join(language === "zh-CN" ? "、" : ", ");
}

/** Say what a finding says: its sentence, or what its code means, with what a parser says in brackets. */
export function explain(finding: Finding, language: Language): string {
  const said = word(finding.detail, language);
  if (said !== "" && finding.detail.key !== "technical" && finding.detail.key !== "technical_at") return said;
  const meaning = finding.code === "" ? "" : codeMeaning(finding.code, language);
  if (meaning !== "" && said !== "") return language === "zh-CN" ? `${meaning}（${said}）` : `${meaning} (${said})`;
  return meaning || said;
}

const EIGHT_HOURS = 8n * 3_600n * SECOND;

/** Show a moment: Beijing time for Chinese readers, UTC for all others, the zone always named. */
export function showTime(moment: Moment, language: Language): string {
  const local = language === "zh-CN" && moment < LAST_MOMENT - 86_400n * SECOND;
  const text = formatTime(local ? moment + EIGHT_HOURS : moment).replace("T", " ").replace("Z", "");
  const short = text.endsWith(".000") ? text.slice(0, -4) : text;
  return local ? `${short}（北京时间）` : `${short} UTC`;
}
