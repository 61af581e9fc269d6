/** C07, second part: witnesses of the policy saw the checkpoint, and say when (C2SP tlog-cosignature). */

import { ed25519 } from "@noble/curves/ed25519.js";

import { MalformedError, VerificationError } from "../errors.ts";
import { toBigInt, utf8 } from "../formats/bytes.ts";
import { LAST_MOMENT, type Moment, SECOND, formatTime } from "../formats/encoding.ts";
import { type Note, type VerifierKey, isByKey, parseNote } from "../formats/note.ts";
import type { TrustedLog } from "../formats/policy.ts";
import { type Finding, indeterminate, notProvided, passed, say } from "../report/model.ts";
import {
  type Inclusions,
  type Item,
  type OpenedProof,
  addTo,
  caught,
  eventsOf,
  namesOf,
  proofName,
} from "./evidence.ts";

/** A cosignature that holds over the checkpoint of a proof, by the policy's witness `name`, at `time`. */
export interface Witnessed {
  readonly proof: number;
  readonly name: string;
  readonly time: Moment;
}

/** Check every line of a note by a witness's key; of several the earliest counts. Undefined without a line. */
function verifyCosignatures(note: Note, key: VerifierKey): Moment | undefined {
  const times = note.signatures.filter((line) => isByKey(line, key)).map((line) => verify(note.text, line.signature, key));
  return times.length > 0 ? times.reduce((least, one) => (one < least ? one : least)) : undefined;
}

function verify(text: string, blob: Uint8Array, key: VerifierKey): Moment {
  if (blob.length !== 72) {
    throw new MalformedError("FORMAT_FAILURE", "a cosignature is 8 bytes of time and 64 of signature", "note");
  }
  const seconds = toBigInt(blob.subarray(0, 8));
  if (!holds(blob.slice(8), utf8(`cosignature/v1\ntime ${seconds}\n${text}`), key.publicKey)) {
    const detail = `the cosignature of '${key.name}' does not hold over the text of the checkpoint`;
    throw new VerificationError("SIG_CRYPTO_FAILURE", detail, "note");
  }
  const moment = seconds * SECOND;
  if (moment <= LAST_MOMENT) return moment;
  throw new MalformedError("FORMAT_FAILURE", "the time of a cosignature is beyond the calendar", "note");
}

function holds(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false;
  }
}

/** Verify every line by a witness that the policy names, over each accepted checkpoint. */
export function checkWitnesses(
  proofs: readonly OpenedProof[],
  log: TrustedLog | undefined,
): [Witnessed[], Finding[]] {
  const witnessed: Witnessed[] = [];
  const findings: Finding[] = [];
  for (const proof of proofs) {
    if (proof.signed === undefined || log === undefined) continue; // C07 says already that it is not accepted
    const note = parseNote(proof.source.checkpoint);
    for (const key of log.witnesses.of) {
      const subject = say("witnesses.over", { name: key.name, checkpoint: proofName(proof) });
      try {
        const time = verifyCosignatures(note, key);
        if (time === undefined) continue;
        witnessed.push({ proof: proof.number, name: key.name, time });
        findings.push(passed(subject, undefined, { time: formatTime(time) }));
      } catch (error) {
        findings.push(caught(error, subject));
      }
    }
  }
  return [witnessed, findings];
}

/** Give what decides C07, and what is said beside it: without a threshold no witness is missing, nor assumed. */
export function judgeThreshold(
  witnessed: readonly Witnessed[],
  items: readonly Item[],
  inclusions: Inclusions,
  needed: number,
): [Finding[], Finding[]] {
  if (needed === 0) {
    return [[], witnessed.length > 0 ? [] : [notProvided("NO_WITNESS", say("witnesses.all"), say("witnesses.none"))]];
  }
  const names = new Map<number, Set<string>>();
  for (const each of witnessed) addTo(names, each.proof, each.name);
  const met = [...names].filter(([, found]) => found.size >= needed).map(([proof]) => proof);
  const covered = new Set(met.flatMap((proof) => [...(inclusions.covered.get(proof) ?? [])]));
  const short = eventsOf(items).filter((item) => !covered.has(item.number));
  if (short.length === 0) return [[], []];
  const most = Math.max(0, ...[...names.values()].map((found) => found.size));
  const detail = say("witnesses.too_few", { needed, most });
  return [[indeterminate("WITNESS_THRESHOLD_NOT_MET", namesOf(short), detail)], []];
}
