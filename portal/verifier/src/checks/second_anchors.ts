/** C12: support beyond the first: a second chain or a second authority that the policy trusts, for every event. */

import {
  type CheckResult,
  type Finding,
  type Text,
  conclude,
  indeterminate,
  notProvided,
  passed,
  say,
} from "../report/model.ts";
import { type Anchored, type Inclusions, type Item, type Timed, addTo, eventsOf, nameOf, supportersOf } from "./evidence.ts";

/** Look for a second chain or authority over every event. */
export function checkSecondAnchors(
  items: readonly Item[],
  inclusions: Inclusions,
  timed: readonly Timed[],
  anchored: readonly Anchored[],
): CheckResult {
  const events = eventsOf(items);
  const chains = new Map<number, Set<string>>();
  const tsas = new Map<number, Set<string>>();
  for (const anchor of anchored) addTo(chains, anchor.proof, String(anchor.chainId));
  for (const token of timed) addTo(tsas, token.proof, token.tsa);
  const trustedChains = new Set(anchored.filter((anchor) => anchor.trusted).map((anchor) => String(anchor.chainId)));
  const trustedTsas = new Set(timed.filter((token) => !token.result.test).map((token) => token.tsa));
  const findings = [
    ...second(events, inclusions, chains, trustedChains, "chain"),
    ...second(events, inclusions, tsas, trustedTsas, "authority"),
  ];
  const open = pending(items, new Set(anchored.map((anchor) => anchor.chainId)));
  if (findings.length > 0) return conclude("C12", findings, open);
  const doubted = untrusted(anchored, timed).map((subject) =>
    indeterminate("SECOND_NOT_TRUSTED", subject, say("second.not_trusted")),
  );
  const nothing = [notProvided("NO_SECOND_SUPPORT", say("all_events"), say("second.none"))];
  if (open.length > 0) return conclude("C12", open, doubted);
  return conclude("C12", doubted.length > 0 ? doubted : nothing);
}

/** Give a finding if every event has two trusted supporters of one kind. */
function second(
  events: readonly Item[],
  inclusions: Inclusions,
  byProof: ReadonlyMap<number, ReadonlySet<string>>,
  trusted: ReadonlySet<string>,
  kind: "chain" | "authority",
): Finding[] {
  const supporters = [...supportersOf(events, inclusions, byProof).values()];
  if (supporters.some((names) => [...names].filter((name) => trusted.has(name)).length < 2)) return [];
  return [passed(say("all_events"), say(`second.${kind}`, { names: [...trusted].sort().join(", ") }))];
}

/** Name what is enclosed, holds, and is not trusted: only if it would be a second. */
function untrusted(anchored: readonly Anchored[], timed: readonly Timed[]): Text[] {
  const good = new Set(anchored.filter((anchor) => anchor.trusted).map((anchor) => anchor.chainId));
  const chains = [...new Set(anchored.map((anchor) => anchor.chainId))].sort((one, other) => one - other);
  const tsas = new Set(timed.map((token) => token.tsa));
  const tests = [...new Set(timed.filter((token) => token.result.test).map((token) => token.tsa))].sort();
  return [
    ...(chains.length > 1 ? chains.filter((chain) => !good.has(chain)) : []).map((chain) => say("second.on_chain", { chain })),
    ...(tsas.size > 1 ? tests : []).map((name) => say("times.tsa", { name })),
  ];
}

/** A contract that the log's own case took into use, on a chain of which no record is enclosed. */
function pending(items: readonly Item[], shown: ReadonlySet<number>): Finding[] {
  const promised = new Map<number, Text>();
  for (const item of items) {
    const chain = item.entry?.claim.data.get("chain_id");
    if (!item.isEvent && item.entry?.claim.type === "anchor.registered/1" && typeof chain === "number") {
      promised.set(chain, nameOf(item));
    }
  }
  return [...promised]
    .sort(([one], [other]) => one - other)
    .filter(([chain]) => !shown.has(chain))
    .map(([chain, event]) =>
      indeterminate("CROSS_ANCHOR_PENDING", say("second.on_chain", { chain }), say("second.pending", { event })),
    );
}
