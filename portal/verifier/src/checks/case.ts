/** The events of the case as facts: what each says, with opened values in their places, for the checks that compare them. */

import { EvidenceError } from "../errors.ts";
import { fromUtf8 } from "../formats/bytes.ts";
import { type JsonObject, type JsonValue, formatJson, isObject } from "../formats/canonical.ts";
import { objectsOf, textOf } from "../formats/claim.ts";
import { type Moment, formatBase64url, parseTime } from "../formats/encoding.ts";
import type { Entry } from "../formats/entry.ts";
import { disclosureDigest, isSealed, parseDisclosure, parseSealed } from "../formats/sealed.ts";
import type { Text } from "../report/model.ts";
import { EVENT_TYPES } from "../taxonomy/catalogue.ts";
import { type Item, eventsOf, nameOf } from "./evidence.ts";

/** How two values compare: unknown where one is sealed, absent where one is not there. */
export type Match = "same" | "other" | "unknown" | "absent";

/** An event of the case that is shown. */
export class Fact {
  readonly subject: Text;
  readonly seq: number;
  readonly id: string;
  /** The type with its version, and without. */
  readonly type: string;
  readonly name: string;
  readonly occurredAt: Moment | undefined;

  constructor(
    readonly item: Item,
    readonly entry: Entry,
    seq: number,
    readonly data: JsonObject,
  ) {
    this.subject = nameOf(item);
    this.seq = seq;
    this.id = entry.claim.id;
    this.type = entry.claim.type;
    this.name = this.type.slice(0, this.type.indexOf("/"));
    this.occurredAt = entry.claim.occurredAt;
  }

  /** Give a member of the data, opened if it could be, else sealed; undefined if absent. */
  value(field: string): JsonValue | undefined {
    return this.data.get(field);
  }

  text(field: string): string | undefined {
    return textOf(this.data, field);
  }

  /** Give a member's moment; undefined where it is absent or ill-formed, which C03 says. */
  time(field: string): Moment | undefined {
    try {
      return parseTime(this.text(field) ?? "");
    } catch (error) {
      if (error instanceof EvidenceError) return undefined;
      throw error;
    }
  }

  /** When it happened: as the platform claims, or else when the service received it. */
  get moment(): Moment {
    return this.occurredAt ?? this.entry.receivedAt;
  }

  objects(field: string): JsonObject[] {
    return objectsOf(this.data, field);
  }

  texts(field: string): string[] {
    const value = this.value(field);
    return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
  }

  /** Tell whether the event says of itself that a simulator answered. */
  get simulated(): boolean {
    return this.value("simulated") === true;
  }
}

/** The case as far as it is shown; `whole` is the number up to which every entry is shown, from 1 on. */
export class Facts {
  constructor(
    readonly all: readonly Fact[],
    readonly whole: number,
    /** Hashes (base64url) of the leaves by number, also where an entry is withheld. */
    readonly heads: ReadonlyMap<number, string>,
  ) {}

  named(...names: readonly string[]): Fact[] {
    return this.all.filter((fact) => names.includes(fact.name));
  }

  starting(prefix: string): Fact[] {
    return this.all.filter((fact) => fact.name.startsWith(prefix));
  }

  /** Give the part of the case before an event. */
  before(fact: Fact): Facts {
    return new Facts(this.all.filter((other) => other.seq < fact.seq), this.whole, this.heads);
  }

  byId(id: string | undefined): Fact | undefined {
    return this.all.find((fact) => fact.id === id);
  }

  /** Tell whether every event before this one is shown: only then can something be said to be missing. */
  completeBefore(fact: Fact): boolean {
    return this.whole >= fact.seq - 1;
  }

  get kind(): string | undefined {
    return this.opening?.text("kind");
  }

  /** Give the opening of the case, which is its first event; a later one opens nothing (C04 says so). */
  get opening(): Fact | undefined {
    return this.named("case.opened").find((fact) => fact.seq === 1);
  }

  /** Give the references of the parties that signed, each once. */
  get signers(): string[] {
    const parties = this.named("party.signed").map((fact) => fact.text("party"));
    return [...new Set(parties.filter((party) => party !== undefined))];
  }
}

/** Read the events of known types; of others nothing is understood, and C03 says so. */
export function readCase(items: readonly Item[]): Facts {
  const facts: Fact[] = [];
  const shown = new Set<number>();
  const heads = new Map<number, string>();
  for (const item of eventsOf(items)) {
    if (item.leaf === undefined) continue;
    heads.set(item.leaf.seq, formatBase64url(item.leafHash));
    if (item.entry === undefined) continue;
    shown.add(item.leaf.seq);
    if (!EVENT_TYPES.has(item.entry.claim.type)) continue;
    const opened = new Map(item.source.disclosures.map((text) => [disclosureDigest(text), parseDisclosure(text).value]));
    const { data } = item.entry.claim;
    const revealed = new Map([...data].map(([name, value]) => [name, reveal(value, opened)]));
    facts.push(new Fact(item, item.entry, item.leaf.seq, revealed));
  }
  let whole = 0;
  while (shown.has(whole + 1)) whole++;
  return new Facts(facts.sort((one, other) => one.seq - other.seq), whole, heads);
}

function reveal(value: JsonValue, opened: ReadonlyMap<string, JsonValue>): JsonValue {
  if (isSealed(value)) return opened.get(parseSealed(value)) ?? value;
  if (isObject(value)) return new Map([...value].map(([name, child]) => [name, reveal(child, opened)]));
  return Array.isArray(value) ? value.map((child) => reveal(child, opened)) : value;
}

/** Compare two members of two events. */
export function compare(one: JsonValue | undefined, other: JsonValue | undefined): Match {
  if (one === undefined || other === undefined) return "absent";
  if (isSealed(one) || isSealed(other)) return "unknown";
  return sameValue(one, other) ? "same" : "other";
}

/** Tell whether two values are written alike. */
export function sameValue(one: JsonValue, other: JsonValue): boolean {
  return fromUtf8(formatJson([one])) === fromUtf8(formatJson([other]));
}
