/** C17: what is known against the keys and papers that the evidence rests on, as of the policy's date. */

import { EvidenceError } from "../errors.ts";
import { type Moment, formatBase64url, formatTime } from "../formats/encoding.ts";
import type { Entry } from "../formats/entry.ts";
import { parseJws } from "../formats/jws.ts";
import type { TrustPolicy } from "../formats/policy.ts";
import { type Finding, indeterminate, passed, say } from "../report/model.ts";
import type { Bounds } from "./bounds.ts";
import type { Facts } from "./case.ts";
import { type Inclusions, type Item, type Timed, eventsOf, nameOf } from "./evidence.ts";

const KEY_EVENTS = ["key.revoked/1", "key.compromised/1", "key.rotated/1"];
const PAPER: Record<string, string> = {
  "evidence.certificate_revoked": "REVOKED",
  "evidence.certificate_superseded": "SUPERSEDED",
};

/** Gather every notice there is; `compromises` are the findings of C07 about a stolen log key. */
export function checkRevocations(
  items: readonly Item[],
  inclusions: Inclusions,
  facts: Facts,
  policy: TrustPolicy,
  timed: readonly Timed[],
  bounds: ReadonlyMap<number, Bounds>,
  compromises: readonly Finding[],
  at: Moment | undefined,
): Finding[] {
  const context = items.flatMap((item) =>
    item.isEvent || item.entry === undefined ? [] : [{ item, entry: item.entry }],
  );
  return [
    knowledge(items, policy, bounds),
    ...compromises,
    ...keys(items, context, inclusions),
    ...authorities(context, policy, timed, at),
    ...certificates(facts),
    ...papers(facts),
  ];
}

interface Context {
  readonly item: Item;
  readonly entry: Entry;
}

/** Say as of when anything is known: before the last deposit it was too early to know. */
function knowledge(items: readonly Item[], policy: TrustPolicy, bounds: ReadonlyMap<number, Bounds>): Finding {
  const subject = say("revocations.knowledge", { moment: formatTime(policy.issuedAt) });
  const last = eventsOf(items).flatMap((item) => {
    const moment = item.entry?.receivedAt ?? bounds.get(item.number)?.notAfter?.moment;
    return moment === undefined ? [] : [moment];
  });
  if (last.length === 0 || last.some((moment) => policy.issuedAt < moment)) {
    return indeterminate("KNOWLEDGE_TOO_OLD", subject, say("revocations.too_old"));
  }
  return passed(subject, say("revocations.current"));
}

/** Write a member of an event's data as Python's `str` does; what no schema allows is refused by C03. */
function said(entry: Entry, name: string): string {
  const value = entry.claim.data.get(name);
  return typeof value === "string" ? value : "None";
}

/** Give what the log's own case says against a key that signed here; whether it came before is judged by C05. */
function keys(items: readonly Item[], context: readonly Context[], inclusions: Inclusions): Finding[] {
  const used = usedKeys(items, inclusions);
  return context.flatMap(({ item, entry }) => {
    const { type, data } = entry.claim;
    if (!KEY_EVENTS.includes(type)) return [];
    if (type === "key.compromised/1" && data.get("key_kind") !== "submitter") {
      const detail = say("revocations.other_key", { kind: said(entry, "key_kind") });
      return [indeterminate("COMPROMISE_NOTICE", nameOf(item), detail)];
    }
    const lastUse = used.get(data.has("kid") ? said(entry, "kid") : said(entry, "old_kid"));
    return lastUse === undefined ? [] : [against(item, entry, lastUse, inclusions.index.get(item.number))];
  });
}

function against(item: Item, entry: Entry, lastUse: number, place: number | undefined): Finding {
  const name = nameOf(item);
  if (entry.claim.type === "key.rotated/1") return passed(name, say("revocations.rotated"), {}, "SUPERSEDED");
  if (place !== undefined && place > lastUse) return passed(name, say("revocations.later"), {}, "REVOKED_SINCE");
  return indeterminate("REVOKED", name, say("revocations.earlier"));
}

/** Give the last place in the log at which each submitter's key signed an event shown. */
function usedKeys(items: readonly Item[], inclusions: Inclusions): Map<string, number> {
  const used = new Map<string, number>();
  for (const item of eventsOf(items)) {
    const jws = item.entry?.submitter.jws;
    if (jws === undefined) continue;
    try {
      const kid = formatBase64url(parseJws(jws).kid);
      used.set(kid, Math.max(used.get(kid) ?? 0, inclusions.index.get(item.number) ?? 0));
    } catch (error) {
      if (!(error instanceof EvidenceError)) throw error; // C05 says so
    }
  }
  return used;
}

/** Give the authorities whose tokens count here and whom the policy no longer trusts, or the log retired. */
function authorities(
  context: readonly Context[],
  policy: TrustPolicy,
  timed: readonly Timed[],
  at: Moment | undefined,
): Finding[] {
  const used = new Set(timed.map((token) => token.tsa));
  const ended = policy.tsas.flatMap((tsa) => {
    if (!used.has(tsa.name) || tsa.validUntil === undefined || at === undefined || at < tsa.validUntil) return [];
    const detail = say("revocations.trust_ended", { moment: formatTime(tsa.validUntil) });
    return [passed(say("times.tsa", { name: tsa.name }), detail, {}, "TRUST_ENDED")];
  });
  const retired = context
    .filter(({ entry }) => entry.claim.type === "tsa.retired/1")
    .map(({ item, entry }) => {
      const reason = said(entry, "reason_code");
      const detail = say("revocations.tsa_retired", { name: said(entry, "name"), reason });
      return reason === "compromised"
        ? indeterminate("COMPROMISE_NOTICE", nameOf(item), detail)
        : passed(nameOf(item), detail, {}, "TRUST_ENDED");
    });
  return [...ended, ...retired];
}

/** Give the revocations of signers' certificates that the case itself records. */
function certificates(facts: Facts): Finding[] {
  return facts.named("certificate.revoked").map((revoked) => {
    const since = revoked.time("revoked_at");
    const key = revoked.text("key");
    const uses = facts.named("party.signed").filter((fact) => key === undefined || key === fact.text("key"));
    if (since === undefined || uses.some((fact) => since <= fact.moment)) {
      return indeterminate("REVOKED", revoked.subject, say("revocations.certificate"));
    }
    return passed(revoked.subject, say("revocations.certificate_later"), {}, "REVOKED_SINCE");
  });
}

/** Give what the case says of its certificates of deposit: the paper's standing, not the evidence's. */
function papers(facts: Facts): Finding[] {
  return facts.named(...Object.keys(PAPER)).map((fact) => {
    const detail = say("revocations.paper", { number: fact.text("number") ?? "" });
    return indeterminate(PAPER[fact.name] as string, fact.subject, detail);
  });
}
