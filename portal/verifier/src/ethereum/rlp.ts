/** Recursive Length Prefix, read strictly: each item has one encoding, and only that one is read. */

import { MalformedError } from "../errors.ts";
import { concat, fromHex, toBigInt } from "../formats/bytes.ts";

export type RlpItem = Uint8Array | readonly RlpItem[];

const MAX_SIZE = 131_072;
const MAX_DEPTH = 32;

function malformed(detail: string, where = ""): never {
  throw new MalformedError("FORMAT_FAILURE", detail, where);
}

/** Read a long form's length: canonical, so without leading zero and above 55. */
function readLength(data: Uint8Array, start: number, size: number): number {
  const field = data.subarray(start, start + size);
  if (field.length < size) malformed("RLP ends within a length");
  const length = Number(toBigInt(field)); // beyond 2^53 inexact, and then longer than any input
  if (field[0] === 0 || length < 56) malformed("RLP length is not in its shortest form");
  return length;
}

/** Read one prefix: whether a list follows, and where its payload begins and ends. */
function readPrefix(data: Uint8Array, start: number): [boolean, number, number] {
  const prefix = data[start] as number;
  if (prefix < 0x80) return [false, start, start + 1];
  const isList = prefix >= 0xc0;
  const short = prefix - (isList ? 0xc0 : 0x80);
  let begin = start + 1;
  let length = short;
  if (short > 55) {
    begin += short - 55;
    length = readLength(data, start + 1, short - 55);
  }
  const end = begin + length;
  if (end > data.length) malformed("RLP item is longer than what holds it");
  if (!isList && length === 1 && (data[begin] as number) < 0x80) {
    malformed("RLP single byte is not in its shortest form");
  }
  return [isList, begin, end];
}

function readItems(data: Uint8Array, depth: number): RlpItem[] {
  const items: RlpItem[] = [];
  let position = 0;
  while (position < data.length) {
    const [isList, begin, end] = readPrefix(data, position);
    if (isList && depth === MAX_DEPTH) throw new MalformedError("TOO_DEEP", `RLP lists nested deeper than ${MAX_DEPTH}`);
    const payload = data.subarray(begin, end);
    items.push(isList ? readItems(payload, depth + 1) : payload);
    position = end;
  }
  return items;
}

/** Read exactly one item. */
export function parseRlp(data: Uint8Array): RlpItem {
  if (data.length > MAX_SIZE) {
    throw new MalformedError("TOO_LARGE", `${data.length} bytes of RLP, the limit is ${MAX_SIZE}`);
  }
  const items = readItems(data, 0);
  if (items.length !== 1) malformed(`expected one RLP item, found ${items.length}`);
  return items[0] as RlpItem;
}

function prefixed(base: number, payload: Uint8Array): Uint8Array {
  if (payload.length <= 55) return concat(Uint8Array.of(base + payload.length), payload);
  const field = formatInteger(BigInt(payload.length));
  return concat(Uint8Array.of(base + 55 + field.length), field, payload);
}

/** Write a byte string, or a list of items. */
export function formatRlp(item: RlpItem): Uint8Array {
  if (item instanceof Uint8Array) {
    return item.length === 1 && (item[0] as number) < 0x80 ? item : prefixed(0x80, item);
  }
  return prefixed(0xc0, concat(...item.map(formatRlp)));
}

export function parseList(data: Uint8Array, where = ""): readonly RlpItem[] {
  return asList(parseRlp(data), where);
}

export function asList(item: RlpItem, where = ""): readonly RlpItem[] {
  if (item instanceof Uint8Array) malformed("expected an RLP list, found a byte string", where);
  return item;
}

/** Demand a byte string, of exactly `size` bytes if given. */
export function asBytes(item: RlpItem | undefined, where = "", size?: number): Uint8Array {
  if (!(item instanceof Uint8Array)) malformed("expected an RLP byte string, found a list", where);
  if (size !== undefined && item.length !== size) malformed(`expected ${size} bytes, found ${item.length}`, where);
  return item;
}

/** Demand a number ≥ 0 in its shortest big-endian form. */
export function asInteger(item: RlpItem | undefined, maxSize: number, where = ""): bigint {
  const data = asBytes(item, where);
  if (data.length > maxSize) malformed(`number longer than ${maxSize} bytes`, where);
  if (data[0] === 0) malformed("number with a leading zero", where);
  return toBigInt(data);
}

/** Write a number ≥ 0 in its shortest big-endian form. */
export function formatInteger(value: bigint): Uint8Array {
  if (value === 0n) return new Uint8Array();
  const digits = value.toString(16);
  return fromHex(digits.length % 2 ? `0${digits}` : digits);
}
