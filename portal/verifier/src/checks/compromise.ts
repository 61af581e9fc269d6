/** A stolen log key: which of its signatures are still worth something (part of C07). */

import { equal } from "../formats/bytes.ts";
import { type Moment, formatTime } from "../formats/encoding.ts";
import type { CompromisedKey, TrustedLog } from "../formats/policy.ts";
import { type Finding, failed, indeterminate, passed, say } from "../report/model.ts";
import { type Anchored, type OpenedProof, type Timed, notAfter, proofName } from "./evidence.ts";
import type { Witnessed } from "./witnesses.ts";

/** Judge every accepted checkpoint whose key the policy calls compromised; findings for C07. */
export function checkCompromise(
  proofs: readonly OpenedProof[],
  log: TrustedLog | undefined,
  timed: readonly Timed[],
  witnessed: readonly Witnessed[],
  anchored: readonly Anchored[],
): Finding[] {
  return proofs.flatMap((proof) =>
    (log?.compromised ?? [])
      .filter((notice) => proof.key !== undefined && equal(proof.key.publicKey, notice.key.publicKey))
      .map((notice) => judge(proof, notice, earliest(proof, timed, witnessed, anchored))),
  );
}

/** Give the first moment by which a source that the policy trusts shows the signature to exist. */
function earliest(
  { number }: OpenedProof,
  timed: readonly Timed[],
  witnessed: readonly Witnessed[],
  anchored: readonly Anchored[],
): Moment | undefined {
  const existence = [
    ...timed.filter((token) => token.proof === number && !token.result.test).map(notAfter),
    ...witnessed.filter((each) => each.proof === number).map((each) => each.time),
    ...anchored.filter((anchor) => anchor.proof === number && anchor.trusted).map((anchor) => anchor.block.time),
  ];
  return existence.length > 0 ? existence.reduce((least, one) => (one < least ? one : least)) : undefined;
}

/** Three zones by the proof of existence of the signature: before the claim, up to the notice, later or never. */
function judge(proof: OpenedProof, notice: CompromisedKey, existed: Moment | undefined): Finding {
  const name = proofName(proof);
  if (existed === undefined || existed >= notice.noticeTime) {
    return failed("KEY_COMPROMISED", name, say("compromise.stolen"), { notice_time: formatTime(notice.noticeTime) });
  }
  const observed = { signed_by: formatTime(existed) };
  if (existed >= notice.claimedSince) {
    return indeterminate("COMPROMISE_WINDOW", name, say("compromise.window"), observed);
  }
  return passed(name, say("compromise.before"), observed, "COMPROMISE_NOTICE");
}
