/** C23: every algorithm that the evidence rests on is one the policy accepts for its time. */

import type { Moment } from "../formats/encoding.ts";
import { parseJws } from "../formats/jws.ts";
import type { AlgorithmRule } from "../formats/policy.ts";
import { type Finding, indeterminate, notProvided, passed, say } from "../report/model.ts";
import type { Bounds } from "./bounds.ts";
import { type Anchored, type Item, type OpenedProof, type Timed, eventsOf } from "./evidence.ts";

/** Hold each algorithm against the policy, for the time by which what it made existed or for `at`. */
export function checkAlgorithms(
  items: readonly Item[],
  proofs: readonly OpenedProof[],
  timed: readonly Timed[],
  anchored: readonly Anchored[],
  bounds: ReadonlyMap<number, Bounds>,
  rules: readonly AlgorithmRule[],
  at: Moment | undefined,
): Finding[] {
  const existed = existence(items, bounds);
  const proving = new Set(timed.flatMap(({ result }) => [result.imprintAlgorithm, result.signatureAlgorithm]));
  if (anchored.length > 0) proving.add("keccak256");
  const names = new Set(["sha256", ...ofEntries(items), ...proving]);
  if (proofs.some((proof) => proof.signed !== undefined)) names.add("ed25519");
  return [...names].sort().map((name) => judge(name, rules, existed === undefined || proving.has(name) ? at : existed));
}

/** Give the moment by which a trusted source had dated the last of the events; undefined if it has not. */
function existence(items: readonly Item[], bounds: ReadonlyMap<number, Bounds>): Moment | undefined {
  const dated = eventsOf(items).map((item) => bounds.get(item.number)?.notAfter);
  const moments = dated.flatMap((bound) => (bound?.trusted === true ? [bound.moment] : []));
  if (moments.length !== dated.length) return undefined;
  return moments.reduce((latest, one) => (one > latest ? one : latest));
}

function ofEntries(items: readonly Item[]): string[] {
  return items.flatMap(({ entry }) => {
    if (entry === undefined) return [];
    const { jws } = entry.submitter;
    const signed = jws === undefined ? [] : [parseJws(jws).algorithm === "EdDSA" ? "ed25519" : "ecdsa-sha256"];
    return [...signed, ...entry.claim.documents.flatMap((document) => [...(document.digests?.keys() ?? [])])];
  });
}

function judge(name: string, rules: readonly AlgorithmRule[], moment: Moment | undefined): Finding {
  const subject = say("algorithms.name", { name });
  const mine = rules.filter((rule) => rule.name === name);
  if (mine.length === 0) return indeterminate("CRYPTO_CONSTRAINTS_FAILURE", subject, say("algorithms.not_listed"));
  if (moment === undefined) return notProvided("NO_POE", subject, say("algorithms.no_moment"));
  const accepted = mine.some(
    ({ start, until }) => (start === undefined || moment >= start) && (until === undefined || moment < until),
  );
  return accepted
    ? passed(subject)
    : indeterminate("CRYPTO_CONSTRAINTS_FAILURE_NO_POE", subject, say("algorithms.outside"));
}
