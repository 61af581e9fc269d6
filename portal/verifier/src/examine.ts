/** Documents are hashed here, piece by piece, and never leave this machine; only their facts go on. */

import type { ExaminedDocument } from "./checks/documents.ts";
import { IMPRINT_ALGORITHMS, hasher } from "./crypto/digests.ts";
import { escapeText } from "./errors.ts";
import { concat, equal, toHex, utf8 } from "./formats/bytes.ts";

const PIECE = 4 << 20;
const PDF = utf8("%PDF-");
/** SES_Header of GB/T 38540: IA5String "ES" (of either case), INTEGER version; as bytes, or as the hexadecimal of a PDF. */
const MARKS: readonly (readonly number[])[] = [
  [0x16, 0x02, 0x45, 0x53, 0x02, 0x01],
  Array.from("1602455302010", (digit) => digit.charCodeAt(0)),
];
const LONGEST_MARK = 14;

/** Look for the beginning of an electronic seal object. */
function holdsSeal(data: Uint8Array): boolean {
  return MARKS.some((mark, kind) => {
    const first = mark[0] as number;
    for (let at = data.indexOf(first); at >= 0; at = data.indexOf(first, at + 1)) {
      // Letters alone have a case: only E and S of the first mark are letters.
      const matches = mark.every((byte, i) => data[at + i] === byte || (kind === 0 && i >= 2 && i <= 3 && data[at + i] === (byte | 0x20)));
      const version = data[at + mark.length] as number;
      if (matches && (kind === 0 || (version >= 0x31 && version <= 0x39))) return true;
    }
    return false;
  });
}

/** Tells how many bytes of a document were read, of how many. */
export type Progress = (done: number, total: number) => void;

async function examine(
  name: string,
  size: number,
  pieces: AsyncIterable<Uint8Array>,
  named: ReadonlySet<string>,
  progress: Progress,
): Promise<ExaminedDocument> {
  // SHA-256 and SM3 always; the longer ones cost much and only where an event names a document by them.
  const names = IMPRINT_ALGORITHMS.filter((algorithm) => ["sha256", "sm3"].includes(algorithm) || named.has(algorithm));
  const hashers = names.map((algorithm) => [algorithm, hasher(algorithm)] as const);
  let done = 0;
  let tail: Uint8Array = new Uint8Array();
  let pdf = false;
  let sealObject = false;
  for await (const piece of pieces) {
    if (done === 0) pdf = equal(piece.subarray(0, 5), PDF);
    for (const [, one] of hashers) one.update(piece);
    sealObject ||= holdsSeal(piece) || holdsSeal(concat(tail, piece.subarray(0, LONGEST_MARK)));
    tail = piece.slice(-LONGEST_MARK);
    done += piece.length;
    progress(done, size);
  }
  const digests = new Map(hashers.map(([algorithm, one]) => [algorithm as string, toHex(one.digest())]));
  return { name: escapeText(name), size, digests, pdf, sealObject };
}

async function* piecesOf(data: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < data.length; start += PIECE) yield data.subarray(start, start + PIECE);
}

async function* piecesOfFile(file: Blob): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < file.size; start += PIECE) {
    yield new Uint8Array(await file.slice(start, start + PIECE).arrayBuffer());
  }
}

/** Examine bytes in memory: a document of a package. */
export function examineBytes(name: string, data: Uint8Array, named: ReadonlySet<string>): Promise<ExaminedDocument> {
  return examine(name, data.length, piecesOf(data), named, () => undefined);
}

/** Examine a file of the user, without holding it in memory. */
export function examineFile(file: File, named: ReadonlySet<string>, progress: Progress): Promise<ExaminedDocument> {
  return examine(file.name, file.size, piecesOfFile(file), named, progress);
}
