/** Byte strings: comparing, joining, numbers and text in them. */

/** Tell whether two byte strings are the same. Nothing here is secret, so time need not be constant. */
export function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, position) => byte === other[position]);
}

/** Order byte strings as Python does: byte by byte, the shorter first. */
export function compare(one: Uint8Array, other: Uint8Array): number {
  const shared = Math.min(one.length, other.length);
  for (let position = 0; position < shared; position++) {
    const difference = (one[position] as number) - (other[position] as number);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}

/** Read a big-endian number of any length. */
export function toBigInt(data: Uint8Array): bigint {
  return data.length === 0 ? 0n : BigInt("0x" + toHex(data));
}

/** Write a number ≥ 0 big-endian in exactly `size` bytes. */
export function fromBigInt(value: bigint, size: number): Uint8Array {
  return fromHex(value.toString(16).padStart(2 * size, "0"));
}

export function toHex(data: Uint8Array): string {
  let text = "";
  for (const byte of data) text += byte.toString(16).padStart(2, "0");
  return text;
}

/** Read hexadecimal that is known to be well-formed. */
export function fromHex(text: string): Uint8Array {
  const data = new Uint8Array(text.length / 2);
  for (let position = 0; position < data.length; position++) {
    data[position] = parseInt(text.slice(2 * position, 2 * position + 2), 16);
  }
  return data;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Decode UTF-8 strictly, keeping a byte order mark; null where it is none. */
export function fromUtf8(data: Uint8Array): string | null {
  try {
    return decoder.decode(data);
  } catch {
    return null;
  }
}

/** Count the characters of a text as Unicode does, not as UTF-16 does. */
export function characters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** Cut a text to so many characters. */
export function cut(text: string, limit: number): string {
  return Array.from(text).slice(0, limit).join("");
}
