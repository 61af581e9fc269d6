/** C2SP signed notes (`zheng_verifier.note`): a text, an empty line, and signature lines over the text. */

import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";

import { MalformedError, UncheckableError, VerificationError } from "../errors.ts";
import { concat, equal, fromUtf8, toHex, utf8 } from "./bytes.ts";
import { formatBase64, parseBase64, parseHex } from "./encoding.ts";

export const ED25519 = 0x01;
/** A witness's time-stamped cosignature (C2SP tlog-cosignature). */
export const COSIGNATURE_ED25519 = 0x04;
const MAX_NOTE_BYTES = 1 << 20;
const MAX_SIGNATURES = 100;
const MAX_VKEY = 4_096;
const DASH = "— ";
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;
// What Python calls space, control or surrogate: the reference decides what a name is.
const NOT_IN_NAME = /[+\p{Cc}\p{Cs}\u0020\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/u;

/** A key that notes are checked with. */
export interface VerifierKey {
  readonly name: string;
  readonly keyId: Uint8Array;
  readonly algorithm: number;
  readonly publicKey: Uint8Array;
}

export interface NoteSignature {
  readonly name: string;
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
}

/** A parsed note; nothing in it is verified. `text` ends in a line feed. */
export interface Note {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export function signatureLine(signature: NoteSignature): string {
  return `${DASH}${signature.name} ${formatBase64(concat(signature.keyId, signature.signature))}`;
}

export function keyId(name: string, algorithm: number, publicKey: Uint8Array): Uint8Array {
  return sha256(concat(utf8(name + "\n"), Uint8Array.of(algorithm), publicKey)).slice(0, 4);
}

function checkName(name: string, where: string): void {
  if (name === "" || NOT_IN_NAME.test(name)) {
    throw new MalformedError("FORMAT_FAILURE", "a key name is not empty and has no space, control or plus", where);
  }
}

export function formatVkey(key: VerifierKey): string {
  return `${key.name}+${toHex(key.keyId)}+${formatBase64(concat(Uint8Array.of(key.algorithm), key.publicKey))}`;
}

/** Read a verifier key of type `algorithm` and demand that its id is the one its name and key give. */
export function parseVkey(text: string, algorithm = ED25519): VerifierKey {
  const first = text.indexOf("+");
  const second = text.indexOf("+", first + 1);
  if (Array.from(text).length > MAX_VKEY || first < 0 || second < 0) {
    throw new MalformedError("FORMAT_FAILURE", "not <name>+<key id>+<key>", "vkey");
  }
  const name = text.slice(0, first);
  checkName(name, "vkey");
  const stated = parseHex(text.slice(first + 1, second), "vkey", 4);
  const key = parseBase64(text.slice(second + 1), "vkey");
  if (key.length === 0) throw new MalformedError("FORMAT_FAILURE", "the key is empty", "vkey");
  if (key[0] !== algorithm) {
    const type = (key[0] as number).toString(16).padStart(2, "0");
    throw new UncheckableError("UNKNOWN_ALGORITHM", `note keys of type 0x${type} are not supported here`, "vkey");
  }
  const publicKey = key.slice(1);
  if (publicKey.length !== 32) {
    throw new MalformedError("FORMAT_FAILURE", "an Ed25519 public key has 32 bytes", "vkey");
  }
  const made = { name, keyId: keyId(name, algorithm, publicKey), algorithm, publicKey };
  if (!equal(made.keyId, stated)) {
    throw new MalformedError("FORMAT_FAILURE", "the key id is not that of this name and key", "vkey");
  }
  return made;
}

function parseSignature(line: string): NoteSignature {
  if (!line.startsWith(DASH)) {
    throw new MalformedError("FORMAT_FAILURE", "a line after the text is not a signature line", "note");
  }
  const rest = line.slice(DASH.length);
  const space = rest.indexOf(" ");
  if (space < 0) throw new MalformedError("FORMAT_FAILURE", "a signature line has a name and a signature", "note");
  const name = rest.slice(0, space);
  checkName(name, "note");
  const blob = parseBase64(rest.slice(space + 1), "note");
  if (blob.length <= 4) {
    throw new MalformedError("FORMAT_FAILURE", "a signature line holds a key id and a signature", "note");
  }
  return { name, keyId: blob.slice(0, 4), signature: blob.slice(4) };
}

/** Read the form of a note; no signature is checked. */
export function parseNote(data: Uint8Array): Note {
  if (data.length > MAX_NOTE_BYTES) {
    throw new MalformedError("TOO_LARGE", `a note has at most ${MAX_NOTE_BYTES} bytes`, "note");
  }
  const whole = fromUtf8(data);
  if (whole === null) throw new MalformedError("INVALID_UTF8", "not UTF-8", "note");
  if (CONTROL.test(whole)) {
    throw new MalformedError("FORMAT_FAILURE", "a note has no control character but line feed", "note");
  }
  const split = whole.lastIndexOf("\n\n");
  if (split < 0 || !whole.endsWith("\n") || split + 2 === whole.length) {
    throw new MalformedError("FORMAT_FAILURE", "no signature block after an empty line", "note");
  }
  const lines = whole.slice(split + 2, -1).split("\n");
  if (lines.length > MAX_SIGNATURES) {
    throw new MalformedError("TOO_MANY", `more than ${MAX_SIGNATURES} signature lines`, "note");
  }
  return { text: whole.slice(0, split + 1), signatures: lines.map(parseSignature) };
}

function verifyEd25519(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false; // a signature or key of another length or off the curve
  }
}

export function isByKey(signature: NoteSignature, key: VerifierKey): boolean {
  return signature.name === key.name && equal(signature.keyId, key.keyId);
}

/** Read a note and check the first signature line made by each of `keys`; there is at least one such line. */
export function openNote(data: Uint8Array, keys: readonly VerifierKey[]): { note: Note; verified: VerifierKey[] } {
  const note = parseNote(data);
  const verified: VerifierKey[] = [];
  for (const signature of note.signatures) {
    const found = keys.find((key) => isByKey(signature, key));
    if (found === undefined || verified.includes(found)) continue;
    if (!verifyEd25519(signature.signature, utf8(note.text), found.publicKey)) {
      const detail = `the signature of '${found.name}' does not hold over the text of the note`;
      throw new VerificationError("SIG_CRYPTO_FAILURE", detail, "note");
    }
    verified.push(found);
  }
  if (verified.length === 0) {
    throw new UncheckableError("KEY_UNKNOWN", "no signature line is by a known key", "note");
  }
  return { note, verified };
}
