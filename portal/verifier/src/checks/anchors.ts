/** C09 and C10: the contract recorded the checkpoint, in a transaction that succeeded, in a block that counts. */

import {
  type AnchorProof,
  type AnchoredBlock,
  type TrustedChain,
  checkFinality,
  computeLogId,
  readAnchoredBlock,
  verifyAnchorBinding,
} from "../ethereum/anchor.ts";
import { equal, toHex } from "../formats/bytes.ts";
import type { SignedCheckpoint } from "../formats/checkpoint.ts";
import { formatTime } from "../formats/encoding.ts";
import { formatVkey } from "../formats/note.ts";
import type { LogKey, TrustedLog } from "../formats/policy.ts";
import { type CheckResult, type Finding, type Text, indeterminate, passed, say, skipped } from "../report/model.ts";
import {
  type Anchored,
  type Inclusions,
  type Item,
  type OpenedProof,
  addTo,
  caught,
  concludeQuorum,
  eventsOf,
  proofName,
  supportersOf,
} from "./evidence.ts";

/** Check every anchor: what it binds (C09, first list of findings) and where it stands (C10, second list). */
export function checkAnchors(
  proofs: readonly OpenedProof[],
  chains: readonly TrustedChain[],
  log: TrustedLog | undefined,
): [Anchored[], Finding[], Finding[]] {
  const anchored: Anchored[] = [];
  const bindings: Finding[] = [];
  const blocks: Finding[] = [];
  for (const proof of proofs) {
    proof.source.anchors.forEach((anchor, position) => {
      const subject = say("anchors.anchor", { position, checkpoint: proofName(proof) });
      if (proof.signed === undefined || log === undefined) {
        bindings.push(skipped(subject, say("checkpoint_not_accepted")));
        blocks.push(skipped(subject, say("checkpoint_not_accepted")));
        return;
      }
      const chain = chainOf(anchor, chains, log);
      const binding = checkBinding(subject, proof.signed, anchor, chain);
      bindings.push(binding);
      if (chain === undefined || binding.status === "FAILED") {
        blocks.push(skipped(subject, say("anchors.not_trusted")));
        return;
      }
      const [block, finding] = checkBlock(subject, anchor, chain);
      blocks.push(finding);
      if (block !== undefined && binding.status === "PASSED") {
        const { size } = proof.signed.checkpoint;
        anchored.push({ proof: proof.number, size, chainId: chain.chainId, block, trusted: finding.status === "PASSED" });
      }
    });
  }
  return [anchored, bindings, blocks];
}

/** Find what the policy says of the anchor's contract for this log: one contract serves many logs. */
function chainOf(anchor: AnchorProof, chains: readonly TrustedChain[], log: TrustedLog): TrustedChain | undefined {
  return chains.find(
    (chain) => chain.chainId === anchor.chainId && equal(chain.contract, anchor.contract) && namesLog(chain, log),
  );
}

/** Chain names key, and key names chain: the contract's log id is computed from the log's first key. */
function namesLog(chain: TrustedChain, log: TrustedLog): boolean {
  const first = log.keys.reduce((least: LogKey, key) => (key.fromSize < least.fromSize ? key : least));
  return equal(computeLogId(chain.chainId, chain.contract, chain.creator, formatVkey(first.key)), chain.logId);
}

function checkBinding(
  subject: Text,
  signed: SignedCheckpoint,
  anchor: AnchorProof,
  chain: TrustedChain | undefined,
): Finding {
  if (chain === undefined) {
    const detail = say("anchors.contract_unknown", { contract: toHex(anchor.contract), chain: anchor.chainId });
    return indeterminate("UNTRUSTED_CHAIN", subject, detail);
  }
  try {
    const event = verifyAnchorBinding(anchor, signed.checkpoint, signed.noteDigest, chain);
    return passed(subject, undefined, {
      chain_id: chain.chainId,
      kind: chain.kind,
      contract: toHex(chain.contract),
      publisher: toHex(event.publisher),
      tree_size: event.size,
      note: toHex(event.note),
    });
  } catch (error) {
    return caught(error, subject);
  }
}

function checkBlock(subject: Text, anchor: AnchorProof, chain: TrustedChain): [AnchoredBlock | undefined, Finding] {
  let block: AnchoredBlock;
  try {
    block = readAnchoredBlock(anchor, chain);
  } catch (error) {
    return [undefined, caught(error, subject)];
  }
  const observed = {
    chain_id: chain.chainId,
    block_number: block.number,
    block_hash: toHex(block.hash),
    block_time: formatTime(block.time),
    tx_hash: toHex(block.txHash),
    finality: block.finality,
  };
  try {
    checkFinality(anchor, block, chain);
  } catch (error) {
    return [block, caught(error, subject, observed)];
  }
  return [block, passed(subject, undefined, observed)];
}

/** Conclude C09 (any standing) or C10 (trusted blocks only): each event anchored on `needed` chains. */
export function concludeAnchors(
  id: "C09" | "C10",
  findings: readonly Finding[],
  anchored: readonly Anchored[],
  items: readonly Item[],
  inclusions: Inclusions,
  needed: number,
): CheckResult {
  const byProof = new Map<number, Set<string>>();
  for (const anchor of anchored) {
    if (anchor.trusted || id === "C09") addTo(byProof, anchor.proof, String(anchor.chainId));
  }
  const events = eventsOf(items);
  return concludeQuorum(id, findings, supportersOf(events, inclusions, byProof), events, needed);
}
