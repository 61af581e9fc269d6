/** Bounds on when an event was made and deposited, from every source that the bundle holds. */

import { toHex } from "../formats/bytes.ts";
import type { After } from "../formats/claim.ts";
import { type TimeBound, say } from "../report/model.ts";
import type { Facts } from "./case.ts";
import { type Anchored, type Inclusions, type Item, type Timed, notAfter, notBefore } from "./evidence.ts";
import type { Witnessed } from "./witnesses.ts";

/** The best bound of each kind, undefined if there is none, and all of them, the tightest first. */
export interface Bounds {
  readonly notBefore: TimeBound | undefined;
  readonly notAfter: TimeBound | undefined;
  readonly anchored: TimeBound | undefined;
  readonly lower: readonly TimeBound[];
  readonly upper: readonly TimeBound[];
}

/** What a claim may name as not-before evidence, and the size of the checkpoint that it stands over. */
interface Lower {
  readonly bound: TimeBound;
  readonly size: bigint;
}

type ByNumber = Map<number, TimeBound[]>;

/** Find the bounds of each item, by item number; a trusted bound is preferred to one that is not. */
export function findBounds(
  items: readonly Item[],
  inclusions: Inclusions,
  timed: readonly Timed[],
  witnessed: readonly Witnessed[],
  anchored: readonly Anchored[],
  facts: Facts,
): Map<number, Bounds> {
  const clocks = ofItems(items, inclusions, [
    ...timed.map((token) => [token.proof, tokenBound(token, notAfter(token))] as const),
    ...witnessed.map((each) => {
      const source = say("times.witness", { name: each.name });
      return [each.proof, { moment: each.time, source, trusted: true, weak: false }] as const;
    }),
  ]);
  const blocks = ofItems(items, inclusions, anchored.map((anchor) => [anchor.proof, blockBound(anchor)] as const));
  const lower = lowerBounds(items, inclusions, timed, anchored);
  const weak = weakBounds(facts);
  return new Map(
    items.map(({ number }) => {
      const of = (bounds: ByNumber): TimeBound[] => bounds.get(number) ?? [];
      const upper = [...of(clocks), ...of(blocks)];
      const bounds = {
        notBefore: best(of(lower), true),
        notAfter: best(upper, false),
        anchored: best(of(blocks), false),
        lower: ordered([...of(lower), ...of(weak)], true),
        upper: ordered(upper, false),
      };
      return [number, bounds];
    }),
  );
}

function isTighter(one: TimeBound, other: TimeBound, latest: boolean): boolean {
  return latest ? one.moment > other.moment : one.moment < other.moment;
}

/** Choose the tightest bound of those that the policy trusts, or else of all. */
function best(bounds: readonly TimeBound[], latest: boolean): TimeBound | undefined {
  const trusted = bounds.filter((bound) => bound.trusted);
  const candidates = trusted.length > 0 ? trusted : bounds;
  return candidates.reduce<TimeBound | undefined>(
    (chosen, bound) => (chosen === undefined || isTighter(bound, chosen, latest) ? bound : chosen),
    undefined,
  );
}

/** List the bounds, the tightest first, each source once. */
function ordered(bounds: readonly TimeBound[], latest: boolean): TimeBound[] {
  const sorted = [...bounds].sort((one, other) =>
    one.moment === other.moment ? 0 : isTighter(one, other, latest) ? -1 : 1,
  );
  const seen = new Set<string>();
  return sorted.filter(({ source }) => {
    const key = JSON.stringify(source);
    return !seen.has(key) && seen.add(key);
  });
}

function tokenBound(token: Timed, moment: bigint): TimeBound {
  return { moment, source: say("times.tsa", { name: token.tsa }), trusted: !token.result.test, weak: false };
}

function blockBound(anchor: Anchored): TimeBound {
  const source = say("times.block", { number: anchor.block.number, chain: anchor.chainId });
  return { moment: anchor.block.time, source, trusted: anchor.trusted, weak: false };
}

/** Give each item the bounds of every proof that covers it. */
function ofItems(
  items: readonly Item[],
  inclusions: Inclusions,
  bounds: readonly (readonly [number, TimeBound])[],
): ByNumber {
  const found: ByNumber = new Map(items.map((item) => [item.number, []]));
  for (const [proof, bound] of bounds) {
    for (const number of inclusions.covered.get(proof) ?? []) found.get(number)?.push(bound);
  }
  return found;
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  map.set(key, [...(map.get(key) ?? []), value]);
}

/** Give what each claim names and the bundle holds; what it names in the log brings that leaf's bounds with it. */
function lowerBounds(
  items: readonly Item[],
  inclusions: Inclusions,
  timed: readonly Timed[],
  anchored: readonly Anchored[],
): ByNumber {
  const named = new Map<string, Lower[]>();
  for (const token of timed) append(named, token.digest, { bound: tokenBound(token, notBefore(token)), size: token.size });
  for (const anchor of anchored) {
    append(named, `${anchor.chainId}/${toHex(anchor.block.hash)}`, { bound: blockBound(anchor), size: anchor.size });
  }
  const place = (item: Item): number => inclusions.index.get(item.number) ?? -1;
  const found: ByNumber = new Map();
  const byLeaf = new Map<string, TimeBound[]>();
  for (const item of [...items].sort((one, other) => place(one) - place(other))) {
    const index = inclusions.index.get(item.number);
    const bounds = (item.entry?.claim.after ?? []).flatMap((after) => namedBy(after, index, named, byLeaf));
    found.set(item.number, bounds);
    byLeaf.set(toHex(item.leafHash), bounds);
  }
  return found;
}

function namedBy(
  after: After,
  place: number | undefined,
  named: ReadonlyMap<string, readonly Lower[]>,
  byLeaf: ReadonlyMap<string, readonly TimeBound[]>,
): readonly TimeBound[] {
  if (after.kind === "leaf") return byLeaf.get(toHex(after.hash)) ?? []; // only of leaves before: they come in order
  const key = after.kind === "tst" ? toHex(after.sha256) : `${after.chain}/${toHex(after.hash)}`;
  return (named.get(key) ?? [])
    .filter((lower) => place === undefined || lower.size <= BigInt(place))
    .map((lower) => lower.bound);
}

/** A signature is not older than its certificate, if the authority's notBefore is true: keys are made ahead too. */
function weakBounds(facts: Facts): ByNumber {
  const key = (value: string | undefined, party: string | undefined): string => JSON.stringify([value ?? null, party ?? null]);
  const starts = new Map<string, bigint>();
  for (const fact of facts.named("certificate.issued")) {
    const start = fact.time("not_before");
    if (start !== undefined) starts.set(key(fact.text("key"), fact.text("party")), start);
  }
  const found: ByNumber = new Map();
  for (const signed of facts.named("party.signed")) {
    const start = starts.get(key(signed.text("key"), signed.text("party")));
    if (start === undefined) continue;
    const bound = { moment: start, source: say("times.certificate"), trusted: false, weak: true };
    found.set(signed.item.number, [...(found.get(signed.item.number) ?? []), bound]);
  }
  return found;
}
