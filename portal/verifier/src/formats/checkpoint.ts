/** C2SP checkpoints: a signed note whose text says origin, size and root hash of a log. */

import { sha256 } from "@noble/hashes/sha2.js";

import { MalformedError, UncheckableError, VerificationError } from "../errors.ts";
import { utf8 } from "./bytes.ts";
import { parseBase64, parseDecimal } from "./encoding.ts";
import { HASH_SIZE, MAX_SIZE, type TreeHead } from "./merkle.ts";
import { type VerifierKey, isByKey, openNote, parseNote, signatureLine } from "./note.ts";

export interface Checkpoint extends TreeHead {
  readonly origin: string;
}

/** A checkpoint whose signature by the log's key was checked; `stamped` is what time-stamps and chains commit to. */
export interface SignedCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly stamped: Uint8Array;
  /** SHA-256 of the stamped bytes: the field `note` of the contract's event. */
  readonly noteDigest: Uint8Array;
}

/** Read the text of a checkpoint note; extension lines are read and not used. */
export function parseCheckpointBody(text: string): Checkpoint {
  if (!text.endsWith("\n")) {
    throw new MalformedError("FORMAT_FAILURE", "the last line does not end in a line feed", "checkpoint");
  }
  const lines = text.slice(0, -1).split("\n");
  if (lines.length < 3 || lines.includes("")) {
    throw new MalformedError("FORMAT_FAILURE", "not the lines origin, size, root hash", "checkpoint");
  }
  const [origin, size, root] = lines as [string, string, string];
  return {
    origin,
    size: parseDecimal(size, MAX_SIZE, "checkpoint/size"),
    rootHash: parseBase64(root, "checkpoint/root", HASH_SIZE),
  };
}

/** Cut a note down to its text, an empty line and the one line of the log's own key. */
export function stampedBytes(data: Uint8Array, key: VerifierKey): Uint8Array {
  const note = parseNote(data);
  const own = note.signatures.filter((signature) => isByKey(signature, key));
  if (own[0] === undefined) {
    throw new UncheckableError("KEY_UNKNOWN", "no signature line is by the log's key", "checkpoint");
  }
  if (own.length > 1) {
    throw new MalformedError("FORMAT_FAILURE", `${own.length} signature lines by the log's key, not one`, "checkpoint");
  }
  return utf8(`${note.text}\n${signatureLine(own[0])}\n`);
}

/** Check the log's signature on a checkpoint and that it is a checkpoint of this `origin`. */
export function openCheckpoint(data: Uint8Array, key: VerifierKey, origin: string): SignedCheckpoint {
  const { note } = openNote(data, [key]);
  const checkpoint = parseCheckpointBody(note.text);
  if (checkpoint.origin !== origin) {
    const detail = `the checkpoint is of the log '${checkpoint.origin}'`;
    throw new VerificationError("WRONG_LOG", detail, "checkpoint/origin");
  }
  const stamped = stampedBytes(data, key);
  return { checkpoint, stamped, noteDigest: sha256(stamped) };
}
