/**
 * DER (X.690), read strictly: the port of `zheng_verifier.timestamp.der`, and a reader of closed sequences on top of it.
 *
 * General ASN.1 libraries read BER and are kinder than a signature allows; what is written here is walked whole first.
 */

import { MalformedError } from "./errors.ts";
import { toBigInt } from "./formats/bytes.ts";
import { type Moment, existsMoment, moment } from "./formats/encoding.ts";

const MAX_DEPTH = 32;

export const TAG = {
  boolean: 0x01, integer: 0x02, bitString: 0x03, octetString: 0x04, null: 0x05, oid: 0x06, enumerated: 0x0a,
  utf8: 0x0c, utcTime: 0x17, generalizedTime: 0x18, sequence: 0x30, set: 0x31,
} as const;

/** One element: its tag, all of its bytes, and what it holds. */
export interface Element {
  readonly tag: number;
  readonly raw: Uint8Array;
  readonly contents: Uint8Array;
}

function malformed(detail: string, where: string): never {
  throw new MalformedError("FORMAT_FAILURE", detail, where);
}

/** Demand that `data` is exactly one DER element, to its last byte, and give it. */
export function parseDer(data: Uint8Array, where: string): Element {
  const end = checkElement(data, 0, data.length, 0, where);
  if (end !== data.length) malformed(`${data.length - end} bytes after the value`, where);
  return element(data, 0, where);
}

function element(data: Uint8Array, start: number, where: string): Element {
  const [begin, length] = readLength(data, start + 1, data.length, where);
  return {
    tag: data[start] as number,
    raw: data.subarray(start, begin + length),
    contents: data.subarray(begin, begin + length),
  };
}

/** Give the children of a constructed element that was walked. */
export function children(parent: Element): Element[] {
  const found: Element[] = [];
  for (let position = 0; position < parent.contents.length; position += (found.at(-1) as Element).raw.length) {
    found.push(element(parent.contents, position, ""));
  }
  return found;
}

function checkElement(data: Uint8Array, start: number, limit: number, depth: number, where: string): number {
  if (depth > MAX_DEPTH) malformed(`nested deeper than ${MAX_DEPTH}`, where);
  if (limit - start < 2) malformed(`cut off at byte ${start}`, where);
  const tag = data[start] as number;
  if ((tag & 0x1f) === 0x1f) malformed(`tag in the long form at byte ${start}`, where);
  const [begin, length] = readLength(data, start + 1, limit, where);
  const end = begin + length;
  if (end > limit) malformed(`the value at byte ${start} is longer than what holds it`, where);
  const constructed = (tag & 0x20) !== 0;
  if ((tag & 0xc0) === 0) {
    if (constructed !== [16, 17].includes(tag & 0x1f)) {
      malformed(`constructed and primitive are mixed up at byte ${start}`, where);
    }
    if (!constructed && !isPrimitive(tag, data.subarray(begin, end))) {
      malformed(`the value at byte ${start} (tag ${tag}) is not in its one DER form`, where);
    }
  }
  if (constructed) {
    let position = begin;
    while (position < end) position = checkElement(data, position, end, depth + 1, where);
  }
  return end;
}

/** Read a definite, minimal length: where the contents begin, and their size. */
function readLength(data: Uint8Array, start: number, limit: number, where: string): [number, number] {
  const first = data[start] as number;
  if (first < 0x80) return [start + 1, first];
  const count = first & 0x7f;
  const octets = data.subarray(start + 1, Math.min(start + 1 + count, limit));
  const length = octets.length <= 6 ? Number(toBigInt(octets)) : Infinity;
  if (count === 0 || octets.length < count || octets[0] === 0 || length < 0x80) {
    malformed(`length at byte ${start} is indefinite, cut off or not the shortest form`, where);
  }
  return [start + 1 + count, length];
}

function isPrimitive(tag: number, contents: Uint8Array): boolean {
  const [first, second] = contents as unknown as [number?, number?];
  switch (tag) {
    case TAG.boolean:
      return contents.length === 1 && (first === 0x00 || first === 0xff);
    case TAG.integer:
    case TAG.enumerated:
      if (first === undefined) return false;
      return second === undefined || (first !== 0x00 && first !== 0xff) || ((first ^ second) & 0x80) !== 0;
    case TAG.bitString:
      if (first === undefined || first > 7) return false;
      return first === 0 || (contents.length > 1 && ((contents.at(-1) as number) & ((1 << first) - 1)) === 0);
    case TAG.null:
      return contents.length === 0;
    case TAG.oid:
      return isOid(contents);
    default:
      return true;
  }
}

function isOid(contents: Uint8Array): boolean {
  if (contents.length === 0 || (contents.at(-1) as number) & 0x80) return false;
  return contents.every((octet, i) => octet !== 0x80 || (i > 0 && ((contents[i - 1] as number) & 0x80) !== 0));
}

/** Takes the children of a sequence or set from first to last; none may be left over. */
export class Reader {
  private readonly items: Element[];
  private next = 0;

  constructor(
    parent: Element,
    private readonly where: string,
    tag: number = TAG.sequence,
  ) {
    if (parent.tag !== tag) malformed(`tag 0x${parent.tag.toString(16)} where 0x${tag.toString(16)} should be`, where);
    this.items = children(parent);
  }

  /** Take the next child, of any tag. */
  any(): Element {
    return this.items[this.next++] ?? malformed("a field is missing", this.where);
  }

  take(tag: number): Element {
    const found = this.any();
    return found.tag === tag ? found : malformed(`tag 0x${found.tag.toString(16)} is not expected here`, this.where);
  }

  /** Take the next child if it has this tag. */
  optional(tag: number): Element | undefined {
    return this.items[this.next]?.tag === tag ? this.any() : undefined;
  }

  rest(): Element[] {
    const found = this.items.slice(this.next);
    this.next = this.items.length;
    return found;
  }

  end(): void {
    if (this.next < this.items.length) malformed("a field that the structure does not have", this.where);
  }
}

/** Give the dotted form of an object identifier. */
export function readOid(item: Element): string {
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const octet of item.contents) {
    arc = (arc << 7n) | BigInt(octet & 0x7f);
    if (!(octet & 0x80)) {
      arcs.push(arc);
      arc = 0n;
    }
  }
  const [first, ...rest] = arcs as [bigint, ...bigint[]];
  const root = first < 40n ? 0n : first < 80n ? 1n : 2n;
  return [root, first - 40n * root, ...rest].join(".");
}

/** Give a signed integer. */
export function readInteger(item: Element): bigint {
  const value = toBigInt(item.contents);
  return (item.contents[0] as number) & 0x80 ? value - (1n << BigInt(8 * item.contents.length)) : value;
}

export function readBoolean(item: Element): boolean {
  return item.contents[0] === 0xff;
}

/** Give the bytes of a bit string of whole bytes. */
export function readOctetBits(item: Element, where: string): Uint8Array {
  if (item.contents[0] !== 0) malformed("not whole bytes", where);
  return item.contents.subarray(1);
}

/** Give the numbers of the bits that are set. */
export function readBits(item: Element): Set<number> {
  const set = new Set<number>();
  item.contents.subarray(1).forEach((octet, position) => {
    for (let bit = 0; bit < 8; bit++) if (octet & (0x80 >> bit)) set.add(8 * position + bit);
  });
  return set;
}

/** Read UTCTime or GeneralizedTime as certificates have them (RFC 5280 §4.1.2.5). */
export function readTime(item: Element, where: string): Moment {
  const text = String.fromCharCode(...item.contents);
  const short = item.tag === TAG.utcTime;
  const match = (short ? /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/ : /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/).exec(text);
  if (match === null || (!short && item.tag !== TAG.generalizedTime)) malformed("not a time of a certificate", where);
  const fields = (match as RegExpExecArray).slice(1).map(Number) as [number, number, number, number, number, number];
  if (short) fields[0] += fields[0] < 50 ? 2000 : 1900;
  if (!existsMoment(fields)) malformed("no such moment", where);
  return moment(...fields);
}
