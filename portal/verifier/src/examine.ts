/** Documents are hashed here, piece by piece, and never leave this machine; only their facts go on. */

import type { ExaminedDocument } from "./checks/documents.ts";
import { IMPRINT_ALGORITHMS, hasher } from "./crypto/digests.ts";
import { escapeText } from "./errors.ts";
import { toHex } from "./formats/bytes.ts";

const PIECE = 4 << 20;
/** SES_Header of GB/T 38540: IA5String "ES", INTEGER version; as bytes, or in hexadecimal as signatures stand in a PDF. */
const SEAL_OBJECT = /\x16\x02ES\x02\x01|1602455302010[1-9]/i;
const LONGEST_MARK = 16;

/** Tells how many bytes of a document were read, of how many. */
export type Progress = (done: number, total: number) => void;

function latin(data: Uint8Array): string {
  let text = "";
  for (let start = 0; start < data.length; start += 0x8000) {
    text += String.fromCharCode(...data.subarray(start, start + 0x8000));
  }
  return text;
}

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
  let tail = "";
  let pdf = false;
  let sealObject = false;
  for await (const piece of pieces) {
    if (done === 0) pdf = latin(piece.subarray(0, 5)) === "%PDF-";
    for (const [, one] of hashers) one.update(piece);
    if (!sealObject) {
      const text = tail + latin(piece);
      sealObject = SEAL_OBJECT.test(text);
      tail = text.slice(-LONGEST_MARK);
    }
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
