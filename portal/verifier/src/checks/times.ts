/** C16: the times of an event, of five different sources, do not contradict one another. */

import { type Moment, SECOND, formatTime } from "../formats/encoding.ts";
import type { Entry } from "../formats/entry.ts";
import { type Finding, type Text, type TimeBound, failed, indeterminate, notProvided, passed, say, skipped } from "../report/model.ts";
import type { Bounds } from "./bounds.ts";
import { type Item, eventsOf, nameOf } from "./evidence.ts";

const TOLERANCE = 300n * SECOND;
const LATE = 86_400n * SECOND;

/** Hold the times of each event against each other. */
export function checkTimes(items: readonly Item[], bounds: ReadonlyMap<number, Bounds>): Finding[] {
  const findings: Finding[] = [];
  let previous: Moment | undefined;
  for (const item of eventsOf(items)) {
    if (item.entry === undefined) {
      findings.push(skipped(nameOf(item), say("no_entry")));
      continue;
    }
    const own = bounds.get(item.number) as Bounds;
    const found = contradictions(item, item.entry, own, previous);
    findings.push(...(found.length > 0 ? found : [describe(item, item.entry, own)]));
    const { receivedAt } = item.entry;
    previous = previous === undefined || receivedAt > previous ? receivedAt : previous;
  }
  return findings;
}

function contradictions(item: Item, entry: Entry, bounds: Bounds, previous: Moment | undefined): Finding[] {
  const { notBefore: lower, notAfter: upper, anchored: block } = bounds;
  const received = entry.receivedAt;
  const claimed = entry.claim.occurredAt;
  const found: Finding[] = [];
  const skew = (key: string): void => {
    found.push(indeterminate("CLOCK_SKEW", nameOf(item), say(key)));
  };
  if (upper !== undefined && received - upper.moment > TOLERANCE) {
    found.push(disorder(item, say("times.after_token", { source: upper.source }), upper));
  }
  if (block !== undefined && received - block.moment > TOLERANCE) {
    found.push(disorder(item, say("times.after_block", { source: block.source }), block));
  }
  if (lower !== undefined && upper !== undefined && lower.moment > upper.moment) {
    const detail = say("times.bounds_crossed", { lower: lower.source, upper: upper.source });
    found.push(disorder(item, detail, lower, upper));
  }
  if (lower !== undefined && lower.moment - received > TOLERANCE) skew("times.names_younger");
  if (claimed !== undefined && claimed - received > TOLERANCE) skew("times.claimed_later");
  if (previous !== undefined && previous - received > TOLERANCE) skew("times.received_earlier");
  return found;
}

/** A contradiction is false only against what the policy trusts: anybody can make a block of his own chain. */
function disorder(item: Item, detail: Text, ...bounds: readonly TimeBound[]): Finding {
  const state = bounds.every((bound) => bound.trusted) ? failed : indeterminate;
  return state("TIMESTAMP_ORDER_FAILURE", nameOf(item), detail);
}

function describe(item: Item, entry: Entry, bounds: Bounds): Finding {
  if (bounds.notAfter === undefined) return notProvided("NO_POE", nameOf(item), say("times.no_poe"));
  const { moment, source, trusted } = bounds.notAfter;
  const delay = moment - entry.receivedAt;
  const observed = {
    received_at: formatTime(entry.receivedAt),
    not_after: formatTime(moment),
    delay_seconds: delay > 0n ? delay / SECOND : 0n,
  };
  const detail = say(trusted ? "times.bound" : "times.bound_untrusted", { source });
  return passed(nameOf(item), detail, observed, delay > LATE ? "LATE_ANCHOR" : "");
}
