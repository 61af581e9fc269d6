/**
 * What can be wrong with evidence: the four families of `zheng_verifier.errors`, never mixed.
 *
 *     MalformedError      the bytes do not parse                    shown as FAILED
 *     VerificationError   they parse, and what they say is false    shown as FAILED
 *     InsufficientError   true, but not enough under the policy     shown as INDETERMINATE
 *     UncheckableError    could not be checked at all               shown as INDETERMINATE
 */

const MAX_DETAIL = 400;
const MAX_WHERE = 1_000;
const UNPRINTABLE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\u{e0000}-\u{e007f}]/gu;

/** Write out what cannot be seen as `\uXXXX`, so that no line of a report can be forged by hostile input. */
export function escapeText(text: string): string {
  return text.replace(UNPRINTABLE, (found) => {
    const point = found.codePointAt(0) as number;
    return point <= 0xffff ? `\\u${point.toString(16).padStart(4, "0")}` : `\\U${point.toString(16).padStart(8, "0")}`;
  });
}

function shown(text: string, limit: number): string {
  const escaped = escapeText(Array.from(text).slice(0, limit + 1).join(""));
  return escaped.length <= limit ? escaped : escaped.slice(0, limit) + "…";
}

/** Base of all errors about evidence: a stable `code`, a `detail` for the expert, and `where` in the input. */
export abstract class EvidenceError extends Error {
  readonly detail: string;
  readonly where: string;

  constructor(
    readonly code: string,
    detail: string,
    where = "",
  ) {
    const place = shown(where, MAX_WHERE);
    super(`${code}: ${shown(detail, MAX_DETAIL)}${where ? ` (at ${place})` : ""}`);
    this.detail = shown(detail, MAX_DETAIL);
    this.where = place;
  }
}

/** The bytes are not what the format allows; nothing is said about truth. */
export class MalformedError extends EvidenceError {}

/** The bytes parse, and a statement in them was checked and is false. */
export class VerificationError extends EvidenceError {}

/** The statement holds as far as it goes, but the policy asks for more. */
export class InsufficientError extends EvidenceError {}

/** The statement could not be checked: neither true nor false was shown. */
export class UncheckableError extends EvidenceError {}
