/** C06, C07, C08: the leaves are in the tree, the log signed its head, and the heads extend one another. */

import { UncheckableError } from "../errors.ts";
import type { Bundle, ConsistencyStep } from "../formats/bundle.ts";
import { toHex } from "../formats/bytes.ts";
import { type SignedCheckpoint, openCheckpoint, parseCheckpointBody } from "../formats/checkpoint.ts";
import { type TreeHead, verifyConsistency, verifyInclusion } from "../formats/merkle.ts";
import { parseNote } from "../formats/note.ts";
import type { LogKey, TrustedLog } from "../formats/policy.ts";
import { type Finding, type Observed, failed, notProvided, passed, say, skipped } from "../report/model.ts";
import { type Inclusions, type Item, type OpenedProof, caught, nameOf, proofName } from "./evidence.ts";

/** Check the log's signature on each checkpoint (C07), by the policy's key for its size. */
export function openProofs(bundle: Bundle, log: TrustedLog | undefined): [OpenedProof[], Finding[]] {
  const findings: Finding[] = [];
  const opened = bundle.proofs.map((source, number): OpenedProof => {
    const proof = { number, source, signed: undefined, key: undefined };
    try {
      const { key } = keyFor(source.checkpoint, log);
      const signed = openCheckpoint(source.checkpoint, key, bundle.origin);
      const read = { number, source, signed, key };
      findings.push(passed(proofName(read), undefined, describe(signed)));
      return read;
    } catch (error) {
      findings.push(caught(error, proofName(proof)));
      return proof;
    }
  });
  if (opened.length === 0) {
    findings.push(notProvided("NO_CHECKPOINT", say("log.checkpoints"), say("log.no_checkpoint")));
  }
  return [opened, findings];
}

function keyFor(note: Uint8Array, log: TrustedLog | undefined): LogKey {
  if (log === undefined) throw new UncheckableError("KEY_UNKNOWN", "the policy does not know this log");
  const { size } = parseCheckpointBody(parseNote(note).text);
  const covers = (key: LogKey): boolean =>
    BigInt(key.fromSize) <= size && (key.toSize === undefined || size < BigInt(key.toSize));
  const found = log.keys.find(covers);
  if (found !== undefined) return found;
  throw new UncheckableError("KEY_UNKNOWN", `the policy has no key of this log for size ${size}`);
}

function describe({ checkpoint }: SignedCheckpoint): Observed {
  return { origin: checkpoint.origin, size: checkpoint.size, root_hash: checkpoint.rootHash };
}

/** Check each path from a leaf to the root of a signed checkpoint (C06); every item needs one at least. */
export function checkInclusions(items: readonly Item[], proofs: readonly OpenedProof[]): [Inclusions, Finding[]] {
  const index = new Map<number, number>();
  const covered = new Map<number, ReadonlySet<number>>();
  const findings: Finding[] = [];
  for (const proof of proofs) {
    const good = new Set<number>();
    for (const inclusion of proof.source.inclusions) {
      const item = items[inclusion.event] as Item;
      const subject = say("log.item_in_checkpoint", { item: nameOf(item), checkpoint: proofName(proof) });
      if (proof.signed === undefined) {
        findings.push(skipped(subject, say("checkpoint_not_accepted")));
        continue;
      }
      try {
        verifyInclusion(item.leafHash, BigInt(inclusion.index), proof.signed.checkpoint, inclusion.path);
      } catch (error) {
        findings.push(caught(error, subject));
        continue;
      }
      if (!index.has(item.number)) index.set(item.number, inclusion.index);
      if (index.get(item.number) !== inclusion.index) {
        findings.push(failed("INCLUSION_FAILURE", nameOf(item), say("log.two_places")));
      }
      good.add(item.number);
      findings.push(passed(subject, undefined, { index: inclusion.index }));
    }
    covered.set(proof.number, good);
  }
  findings.push(...checkAllIncluded(items, proofs, index));
  return [{ index, covered }, findings];
}

function checkAllIncluded(
  items: readonly Item[],
  proofs: readonly OpenedProof[],
  index: ReadonlyMap<number, number>,
): Finding[] {
  const attempted = new Set(proofs.flatMap((proof) => proof.source.inclusions.map((inclusion) => inclusion.event)));
  const findings = items
    .filter((item) => !attempted.has(item.number))
    .map((item) => notProvided("NO_INCLUSION_PROOF", nameOf(item), say("log.no_inclusion_path")));
  if (new Set(index.values()).size !== index.size) {
    findings.push(failed("INCLUSION_FAILURE", say("log.all_leaves"), say("log.one_place_twice")));
  }
  return findings;
}

/** Check that the checkpoints extend one another, step by step in order of size (C08). */
export function checkConsistency(bundle: Bundle, proofs: readonly OpenedProof[]): Finding[] {
  const distinct = new Map<string, TreeHead>();
  for (const { signed } of proofs) {
    if (signed !== undefined) distinct.set(`${signed.checkpoint.size} ${toHex(signed.checkpoint.rootHash)}`, signed.checkpoint);
  }
  const heads = [...distinct.values()].sort((one, other) => (one.size < other.size ? -1 : one.size > other.size ? 1 : 0));
  const findings: Finding[] = [];
  const used = new Set<ConsistencyStep>();
  heads.slice(1).forEach((next, i) => {
    const old = heads[i] as TreeHead;
    const subject = say("log.from_to", { old: old.size, new: next.size });
    const step = bundle.consistency.find((s) => BigInt(s.oldSize) === old.size && BigInt(s.newSize) === next.size);
    if (step === undefined && old.size !== next.size) {
      findings.push(notProvided("NO_CONSISTENCY_PROOF", subject, say("log.no_consistency_path")));
      return;
    }
    try {
      verifyConsistency(old, next, step?.path ?? []);
      findings.push(passed(subject));
    } catch (error) {
      findings.push(caught(error, subject));
    }
    if (step !== undefined) used.add(step);
  });
  for (const step of bundle.consistency) {
    if (used.has(step)) continue;
    const subject = say("log.from_to", { old: step.oldSize, new: step.newSize });
    findings.push(skipped(subject, say("log.no_such_checkpoints")));
  }
  if (heads.length < 2 && findings.length === 0) {
    findings.push(notProvided("NO_LATER_CHECKPOINT", say("log.checkpoints"), say("log.one_checkpoint")));
  }
  return findings;
}
