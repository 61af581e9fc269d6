/** C04: the events of the case are numbered without gap, chained by hash, opened, closed and attested. */

import { equal } from "../formats/bytes.ts";
import type { JsonObject } from "../formats/canonical.ts";
import { formatBase64url } from "../formats/encoding.ts";
import type { Entry, Leaf } from "../formats/entry.ts";
import { type Finding, failed, indeterminate, passed, say } from "../report/model.ts";
import { EVENT_TYPES } from "../taxonomy/catalogue.ts";
import { tally } from "./entries.ts";
import { type Inclusions, type Item, eventsOf, nameOf } from "./evidence.ts";

interface Placed {
  readonly item: Item;
  readonly leaf: Leaf;
}

interface Said extends Placed {
  readonly entry: Entry;
}

/** Check order and completeness of the events shown. */
export function checkSequence(items: readonly Item[], inclusions: Inclusions): Finding[] {
  const events = eventsOf(items).flatMap((item) => (item.leaf === undefined ? [] : [{ item, leaf: item.leaf }]));
  const entries = events.flatMap((placed) =>
    placed.item.entry === undefined ? [] : [{ ...placed, entry: placed.item.entry }],
  );
  const findings = [
    ...checkOrder(events),
    ...checkLinks(events),
    ...checkPlaces(events, inclusions),
    ...checkAttestations(entries, events, inclusions),
    ...checkLife(entries),
  ];
  if (findings.length > 0) return findings;
  return [passed(say("sequence.events_to", { last: events.length }), say("sequence.complete"))];
}

function checkOrder(events: readonly Placed[]): Finding[] {
  const found: Finding[] = [];
  const listed = events.map(({ leaf }) => leaf.seq);
  const ordered = [...listed].sort((one, other) => one - other);
  const counts = tally(ordered.map(String));
  for (const [seq, count] of counts) {
    if (count > 1) found.push(failed("FORK", say("event", { seq }), say("sequence.fork", { count })));
  }
  if (listed.some((seq, i) => seq !== ordered[i])) {
    found.push(failed("ORDER", say("all_events"), say("sequence.listed_out_of_order")));
  }
  const distinct = [0, ...[...counts.keys()].map(Number)];
  const gaps = distinct.slice(1).flatMap((after, i) => {
    const before = distinct[i] as number;
    return after > before + 1 ? [before + 2 === after ? `${before + 1}` : `${before + 1}–${after - 1}`] : [];
  });
  if (gaps.length > 0) {
    const numbers = gaps.slice(0, 8).join(", ") + (gaps.length > 8 ? " …" : "");
    found.push(indeterminate("SEQ_GAP", say("sequence.numbers", { numbers }), say("sequence.gap")));
  }
  return found;
}

function bySeq(events: readonly Placed[]): Map<number, Item> {
  return new Map(events.map(({ item, leaf }) => [leaf.seq, item]));
}

function checkLinks(events: readonly Placed[]): Finding[] {
  const items = bySeq(events);
  return events.flatMap(({ item, leaf }) => {
    const before = items.get(leaf.seq - 1);
    const follows = before === undefined || (leaf.prev !== undefined && equal(leaf.prev, before.leafHash));
    return follows ? [] : [failed("PREV_MISMATCH", nameOf(item), say("sequence.follows_another"))];
  });
}

/** A later event of a case is a later leaf of the log. */
function checkPlaces(events: readonly Placed[], inclusions: Inclusions): Finding[] {
  const found: Finding[] = [];
  let last = -1;
  for (const { item } of events) {
    const place = inclusions.index.get(item.number);
    if (place === undefined) continue;
    if (place <= last) found.push(failed("ORDER", nameOf(item), say("sequence.before_earlier")));
    last = place;
  }
  return found;
}

function checkLife(entries: readonly Said[]): Finding[] {
  const found: Finding[] = [];
  const first = entries.find(({ leaf }) => leaf.seq === 1)?.entry.claim.type;
  if (first !== undefined && first !== "case.opened/1" && first !== "log.created/1") {
    found.push(failed("NOT_OPENED", say("event", { seq: 1 }), say("sequence.not_opened", { type: first })));
  }
  for (const { item, leaf, entry } of entries) {
    if (entry.claim.type === "case.opened/1" && leaf.seq !== 1) {
      found.push(failed("REOPENED", nameOf(item), say("sequence.reopened")));
    }
  }
  const closing = entries.find(({ entry }) => entry.claim.type === "case.closed/1");
  if (closing === undefined) {
    found.push(indeterminate("NOT_CLOSED", say("the_case"), say("sequence.not_closed")));
    return found;
  }
  const { item, leaf, entry } = closing;
  const prev = leaf.prev === undefined ? undefined : formatBase64url(leaf.prev);
  const { data } = entry.claim;
  if (data.get("count") !== leaf.seq - 1 || prev === undefined || data.get("head") !== prev) {
    found.push(failed("COUNT_MISMATCH", nameOf(item), say("sequence.count_mismatch")));
  }
  for (const later of entries) {
    const { type } = later.entry.claim;
    if (later.leaf.seq > leaf.seq && EVENT_TYPES.get(type)?.custody !== true) {
      found.push(failed("AFTER_CLOSE", nameOf(later.item), say("sequence.after_close", { type })));
    }
  }
  const attested = attestations(entries).map(({ data: said }) => said.get("seq"));
  if (!attested.some((seq) => typeof seq === "number" && seq >= leaf.seq)) {
    found.push(indeterminate("NOT_ATTESTED", say("the_case"), say("sequence.not_attested")));
  }
  return found;
}

/** Give the events in which the service states how far the case went, with their data. */
function attestations(entries: readonly Said[]): (Said & { data: JsonObject })[] {
  return entries
    .filter(({ entry }) => entry.claim.type === "evidence.attested/1")
    .map((said) => ({ ...said, data: said.entry.claim.data }));
}

/** Hold each attestation against the leaf of that number, where it is shown, and against both places. */
function checkAttestations(entries: readonly Said[], events: readonly Placed[], inclusions: Inclusions): Finding[] {
  const items = bySeq(events);
  const found: Finding[] = [];
  for (const { item, leaf, data } of attestations(entries)) {
    const mismatch = (key: string, values = {}): void => {
      found.push(failed("ATTESTATION_MISMATCH", nameOf(item), say(key, values)));
    };
    const seq = data.get("seq");
    const size = data.get("tree_size");
    const named = typeof seq === "number" && seq < leaf.seq ? items.get(seq) : undefined;
    if (typeof seq === "number" && seq >= leaf.seq) mismatch("sequence.attests_later");
    else if (named === undefined) continue; // not shown: a gap, which is named as one
    else if (data.get("leaf") !== formatBase64url(named.leafHash)) {
      mismatch("sequence.attests_another", { seq: String(seq) });
    } else if (typeof size === "number" && !between(size, named, item, inclusions)) {
      mismatch("sequence.attested_size", { size });
    }
  }
  return found;
}

/** The tree of this size held the attested leaf, and the attestation not yet. */
function between(size: number, named: Item, attesting: Item, inclusions: Inclusions): boolean {
  const first = inclusions.index.get(named.number) ?? size - 1;
  return first < size && size <= (inclusions.index.get(attesting.number) ?? size);
}
