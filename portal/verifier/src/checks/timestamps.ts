/** C11: trusted authorities stated that the signed checkpoints existed by a time. */

import { sha256 } from "@noble/hashes/sha2.js";

import { EvidenceError, InsufficientError, MalformedError, VerificationError } from "../errors.ts";
import { toHex } from "../formats/bytes.ts";
import { formatTime } from "../formats/encoding.ts";
import { type CheckResult, type Finding, type Text, indeterminate, passed, say, skipped } from "../report/model.ts";
import { parseResponse } from "../timestamp/token.ts";
import { type TimestampResult, type TrustedTsa, verifyTimestamp } from "../timestamp/verify.ts";
import {
  type Inclusions,
  type Item,
  type OpenedProof,
  type Timed,
  addTo,
  caught,
  concludeQuorum,
  eventsOf,
  proofName,
  supportersOf,
} from "./evidence.ts";

/** Verify every token over its checkpoint's stamped bytes. */
export async function checkTimestamps(
  proofs: readonly OpenedProof[],
  tsas: readonly TrustedTsa[],
  certificates: readonly Uint8Array[],
): Promise<[Timed[], Finding[]]> {
  const timed: Timed[] = [];
  const findings: Finding[] = [];
  for (const proof of proofs) {
    for (const [position, raw] of proof.source.tokens.entries()) {
      const subject = say("timestamps.token", { position, checkpoint: proofName(proof) });
      if (proof.signed === undefined) {
        findings.push(skipped(subject, say("checkpoint_not_accepted")));
        continue;
      }
      try {
        const { token } = parseResponse(raw);
        const [tsa, result] = await askAuthorities(raw, proof.signed.stamped, tsas, certificates);
        const { size } = proof.signed.checkpoint;
        timed.push({ proof: proof.number, size, tsa: tsa.name, digest: toHex(sha256(token.der)), result });
        findings.push(describeToken(subject, tsa, result));
      } catch (error) {
        findings.push(caught(error, subject));
      }
    }
  }
  return [timed, findings];
}

/** Ask each authority of the policy whether the token is its own; if none takes it, the gravest reason counts. */
export async function askAuthorities(
  raw: Uint8Array,
  message: Uint8Array,
  tsas: readonly TrustedTsa[],
  certificates: readonly Uint8Array[],
): Promise<[TrustedTsa, TimestampResult]> {
  let reason: EvidenceError = new InsufficientError("UNTRUSTED_TSA", "no authority of the policy issued this token");
  for (const tsa of tsas) {
    try {
      return [tsa, await verifyTimestamp(raw, message, tsa, certificates)];
    } catch (error) {
      if (!(error instanceof EvidenceError)) throw error;
      if (gravity(error) > gravity(reason)) reason = error;
    }
  }
  throw reason;
}

/** Order reasons: false or ill-formed, then a particular shortcoming, then plainly another authority's token. */
function gravity(error: EvidenceError): number {
  if (error instanceof MalformedError || error instanceof VerificationError) return 2;
  return error.code === "UNTRUSTED_TSA" ? 0 : 1;
}

/** State what a verified token says; of a test authority it proves nothing. */
export function describeToken(subject: Text, tsa: TrustedTsa, result: TimestampResult): Finding {
  const observed = {
    tsa: tsa.name,
    gen_time: formatTime(result.genTime),
    serial_number: result.serialNumber.toString(16),
    policy: result.policyOid,
    tsa_subject: result.tsaSubject,
    remarks: result.remarks.join(" "),
  };
  return result.test
    ? indeterminate("TEST_TSA", subject, say("timestamps.test"), observed)
    : passed(subject, undefined, observed);
}

/** Conclude C11: each event under tokens of `needed` different trusted authorities. */
export function concludeTimestamps(
  findings: readonly Finding[],
  timed: readonly Timed[],
  items: readonly Item[],
  inclusions: Inclusions,
  needed: number,
): CheckResult {
  const byProof = new Map<number, Set<string>>();
  for (const token of timed) if (!token.result.test) addTo(byProof, token.proof, token.tsa);
  const events = eventsOf(items);
  return concludeQuorum("C11", findings, supportersOf(events, inclusions, byProof), events, needed);
}
