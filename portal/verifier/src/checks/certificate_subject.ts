/** Whether the subject of a certificate, as an event writes it (RFC 4514), names somebody who was verified. */

import type { Match } from "./case.ts";

const ATTRIBUTE = / *([A-Za-z0-9.-]+) *=((?:\\.|[^\\,+;"])*)(?:[,+;]|$)/suy;
const ESCAPED = /((?:\\[0-9A-Fa-f]{2})+)|\\(.)/gsu;
const HAN = /[\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/u;
const MASK = /[*＊●×]/u;
const COMMON_NAME = ["cn", "2.5.4.3"];

/** Give the common name of a subject; undefined if it has none, several, or is not written as RFC 4514 §2 asks. */
function commonName(subject: string): string | undefined {
  const names: string[] = [];
  ATTRIBUTE.lastIndex = 0;
  while (ATTRIBUTE.lastIndex < subject.length) {
    const found = ATTRIBUTE.exec(subject);
    if (found === null) return undefined;
    const [, type, value] = found as unknown as [string, string, string];
    if (COMMON_NAME.includes(type.toLowerCase())) names.push(value.replace(/^ +| +$/g, "").replace(ESCAPED, unescape));
  }
  return names.length === 1 ? names[0] : undefined;
}

function unescape(_: string, octets: string | undefined, character: string): string {
  if (octets === undefined) return character;
  const bytes = octets.slice(1).split("\\").map((pair) => Number.parseInt(pair, 16));
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(bytes));
}

/** Compare a subject with verified names: unknown where it may be one of them, masked or written otherwise. */
export function compareSubject(subject: string, names: readonly string[]): Match {
  const common = commonName(subject);
  if (common === undefined) return "unknown";
  if (names.includes(common)) return "same";
  if (MASK.test(common) || !HAN.test(common)) return "unknown";
  const alike = names.some((name) => name.includes(common) || common.includes(name) || !HAN.test(name));
  return alike ? "unknown" : "other";
}
