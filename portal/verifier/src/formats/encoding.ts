/** Strict text encodings: each value has one spelling, and only that one is read (`zheng_verifier.encoding`). */

import { MalformedError } from "../errors.ts";
import { fromHex, toHex } from "./bytes.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const TIME = /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})\.([0-9]{3})Z$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const BASE64URL = /^[A-Za-z0-9_-]*$/;

/** A moment in microseconds since 1970 UTC; a number would lose microseconds. */
export type Moment = bigint;
export const SECOND = 1_000_000n;
export const FIRST_MOMENT = moment(1, 1, 1, 0, 0, 0);
export const LAST_MOMENT = moment(9999, 12, 31, 23, 59, 59) + 999_999n;

function sized(data: Uint8Array, size: number | undefined, where: string): Uint8Array {
  if (size !== undefined && data.length !== size) {
    throw new MalformedError("FORMAT_FAILURE", `expected ${size} bytes, found ${data.length}`, where);
  }
  return data;
}

/** Write standard base64 with padding (RFC 4648 §4). */
export function formatBase64(data: Uint8Array): string {
  let binary = "";
  for (let start = 0; start < data.length; start += 0x8000) {
    binary += String.fromCharCode(...data.subarray(start, start + 0x8000));
  }
  return btoa(binary);
}

function decode(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** Read canonical standard base64 with exact padding. */
export function parseBase64(text: string, where = "", size?: number): Uint8Array {
  if (!BASE64.test(text)) throw new MalformedError("FORMAT_FAILURE", "not base64", where);
  const data = decode(text);
  if (formatBase64(data) !== text) throw new MalformedError("FORMAT_FAILURE", "not canonical base64", where);
  return sized(data, size, where);
}

/** Write base64url without padding (RFC 4648 §5). */
export function formatBase64url(data: Uint8Array): string {
  return formatBase64(data).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Read canonical base64url without padding. */
export function parseBase64url(text: string, where = "", size?: number): Uint8Array {
  if (!BASE64URL.test(text) || text.length % 4 === 1) {
    throw new MalformedError("FORMAT_FAILURE", "not base64url", where);
  }
  const data = decode(text.replaceAll("-", "+").replaceAll("_", "/"));
  if (formatBase64url(data) !== text) {
    throw new MalformedError("FORMAT_FAILURE", "not canonical base64url without padding", where);
  }
  return sized(data, size, where);
}

/** Write lower-case hexadecimal without a prefix. */
export const formatHex = toHex;

/** Read lower-case hexadecimal without a prefix. */
export function parseHex(text: string, where = "", size?: number): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) {
    throw new MalformedError("FORMAT_FAILURE", "not lower-case hexadecimal", where);
  }
  return sized(fromHex(text), size, where);
}

/** Read a decimal number ≥ 0 without sign or leading zeros. */
export function parseDecimal(text: string, maximum: bigint, where = ""): bigint {
  if (text.length > String(maximum).length || !/^(?:0|[1-9][0-9]*)$/.test(text)) {
    throw new MalformedError("FORMAT_FAILURE", "not a plain decimal number", where);
  }
  const value = BigInt(text);
  if (value > maximum) throw new MalformedError("FORMAT_FAILURE", `number larger than ${maximum}`, where);
  return value;
}

/** Read a UUID in its lower-case text form. */
export function parseUuid(text: string, where = ""): string {
  if (!UUID.test(text)) throw new MalformedError("FORMAT_FAILURE", "not a lower-case UUID", where);
  return text;
}

/** Days since 1970-01-01 in the proleptic Gregorian calendar. */
function days(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}

function monthLength(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Make a moment of a calendar date that exists. */
export function moment(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): Moment {
  return BigInt(days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second) * 1_000_000n;
}

/** Tell whether the fields name a moment of the years 0001 to 9999, without leap seconds. */
export function existsMoment(fields: readonly number[]): boolean {
  const [year, month, day, hour, minute, second] = fields as [number, number, number, number, number, number];
  return (
    year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= monthLength(year, month) &&
    hour <= 23 && minute <= 59 && second <= 59
  );
}

/** Read `YYYY-MM-DDTHH:MM:SS.sssZ`. */
export function parseTime(text: string, where = ""): Moment {
  const match = TIME.exec(text);
  if (match === null) {
    throw new MalformedError("FORMAT_FAILURE", "not a time of the form YYYY-MM-DDTHH:MM:SS.sssZ", where);
  }
  const fields = match.slice(1, 7).map(Number) as [number, number, number, number, number, number];
  if (!existsMoment(fields)) throw new MalformedError("FORMAT_FAILURE", "no such moment", where);
  return moment(...fields) + BigInt(match[7] as string) * 1_000n;
}

/** Write a moment as `YYYY-MM-DDTHH:MM:SS.sssZ`, cut to milliseconds. */
export function formatTime(value: Moment): string {
  const millis = value / 1_000n - (value % 1_000n < 0n ? 1n : 0n);
  return new Date(Number(millis)).toISOString();
}
