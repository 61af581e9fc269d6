/** What the checks work on: the bundle read as far as it can be, and what earlier checks have established. */

import type { BundleEvent, BundleProof } from "../formats/bundle.ts";
import type { SignedCheckpoint } from "../formats/checkpoint.ts";
import { FIRST_MOMENT, LAST_MOMENT, type Moment } from "../formats/encoding.ts";
import type { Entry, Leaf } from "../formats/entry.ts";
import type { VerifierKey } from "../formats/note.ts";
import type { AnchoredBlock } from "../ethereum/anchor.ts";
import { EvidenceError } from "../errors.ts";
import {
  type CheckId,
  type CheckResult,
  type Finding,
  type SealedField,
  type Status,
  type Text,
  conclude,
  findingOf,
  say,
} from "../report/model.ts";
import type { TimestampResult } from "../timestamp/verify.ts";

/**
 * An event or a context leaf. `leaf` is undefined if it does not parse; `entry` is undefined if withheld, ill-formed,
 * not the one of the leaf, or addressed to another case or log: what it says then counts for nothing.
 */
export interface Item {
  readonly number: number;
  readonly isEvent: boolean;
  readonly source: BundleEvent;
  readonly leafHash: Uint8Array;
  readonly leaf: Leaf | undefined;
  readonly entry: Entry | undefined;
  readonly sealed: readonly SealedField[];
}

/** How findings name an item. */
export function nameOf(item: Item): Text {
  if (item.leaf !== undefined && item.isEvent) return say("event", { seq: item.leaf.seq });
  return say(item.isEvent ? "event_at" : "context_at", { position: item.number });
}

/** A proof of the bundle; `signed` only if `key`, the policy's for its size, made it. */
export interface OpenedProof {
  readonly number: number;
  readonly source: BundleProof;
  readonly signed: SignedCheckpoint | undefined;
  readonly key: VerifierKey | undefined;
}

export function proofName(proof: OpenedProof): Text {
  return proof.signed === undefined
    ? say("checkpoint", { number: proof.number })
    : say("checkpoint_of_size", { size: proof.signed.checkpoint.size });
}

/** Which leaf of the log each item is (by item number), and which items each proof covers (by proof number). */
export interface Inclusions {
  readonly index: ReadonlyMap<number, number>;
  readonly covered: ReadonlyMap<number, ReadonlySet<number>>;
}

/** A time-stamp that verifies over the checkpoint of `size`; `digest` is the SHA-256 of the token's DER, in hex. */
export interface Timed {
  readonly proof: number;
  readonly size: bigint;
  readonly tsa: string;
  readonly digest: string;
  readonly result: TimestampResult;
}

/** genTime and the accuracy that the authority states: the latest moment. */
export function notAfter(timed: Timed): Moment {
  const moment = timed.result.genTime + timed.result.accuracy;
  return moment > LAST_MOMENT ? LAST_MOMENT : moment;
}

/** genTime less the accuracy: the earliest moment at which the token can have been made. */
export function notBefore(timed: Timed): Moment {
  const moment = timed.result.genTime - timed.result.accuracy;
  return moment < FIRST_MOMENT ? FIRST_MOMENT : moment;
}

/** An anchor of the checkpoint of `size` whose proof holds; `trusted` if the policy trusts the block besides. */
export interface Anchored {
  readonly proof: number;
  readonly size: bigint;
  readonly chainId: number;
  readonly block: AnchoredBlock;
  readonly trusted: boolean;
}

export function eventsOf(items: readonly Item[]): Item[] {
  return items.filter((item) => item.isEvent);
}

/** Turn what a check throws about evidence into a finding; anything else is a fault of the program. */
export function caught(error: unknown, subject: Text, observed = {}): Finding {
  if (error instanceof EvidenceError) return findingOf(error, subject, observed);
  throw error;
}

/** Give the supporters of each event, by item number: those of every proof that covers it. */
export function supportersOf(
  events: readonly Item[],
  inclusions: Inclusions,
  byProof: ReadonlyMap<number, ReadonlySet<string>>,
): Map<number, Set<string>> {
  const found = new Map(events.map((event) => [event.number, new Set<string>()]));
  for (const [proof, names] of byProof) {
    for (const number of inclusions.covered.get(proof) ?? []) names.forEach((name) => found.get(number)?.add(name));
  }
  return found;
}

/** Add a supporter of a proof. */
export function addTo(byProof: Map<number, Set<string>>, proof: number, name: string): void {
  byProof.set(proof, (byProof.get(proof) ?? new Set()).add(name));
}

/** Gather findings of a check that asks for `needed` independent supporters of each event. */
export function concludeQuorum(
  id: CheckId,
  findings: readonly Finding[],
  supporters: ReadonlyMap<number, ReadonlySet<string>>,
  events: readonly Item[],
  needed: number,
): CheckResult {
  const short = events.filter((item) => (supporters.get(item.number)?.size ?? 0) < needed);
  if (findings.some((finding) => finding.status === "FAILED")) return conclude(id, findings);
  if (short.length === 0) return { id, status: "PASSED", code: "", findings };
  let status: Status = "NOT_PROVIDED";
  let code = "NOT_COVERED";
  if ([...supporters.values()].some((names) => names.size > 0)) [status, code] = ["INDETERMINATE", "QUORUM_NOT_MET"];
  for (const undecided of ["SKIPPED", "INDETERMINATE"] as const) {
    const first = findings.find((finding) => finding.status === undecided); // the second status says more
    if (first !== undefined) [status, code] = [undecided, first.code];
  }
  const missing: Finding = { status, code, subject: namesOf(short), detail: say("fewer_accepted", { needed }), observed: {} };
  return { id, status, code, findings: [...findings, missing] };
}

/** Name some items: the first eight, and that there are more. */
export function namesOf(items: readonly Item[]): Text {
  return say(items.length > 8 ? "and_more" : "listed", { names: items.slice(0, 8).map(nameOf) });
}
