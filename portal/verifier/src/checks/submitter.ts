/** C05: who submitted each event, by his own signature over his own words. Inside one log the index is the clock. */

import { EvidenceError } from "../errors.ts";
import { equal } from "../formats/bytes.ts";
import { formatJson } from "../formats/canonical.ts";
import { textOf } from "../formats/claim.ts";
import { formatBase64url, parseBase64 } from "../formats/encoding.ts";
import type { Entry } from "../formats/entry.ts";
import { keyFingerprint, parseJws, verifyJws } from "../formats/jws.ts";
import type { TrustedSubmitter } from "../formats/policy.ts";
import { type Finding, indeterminate, notApplicable, notProvided, passed, say, skipped } from "../report/model.ts";
import { EVENT_TYPES } from "../taxonomy/catalogue.ts";
import { type Inclusions, type Item, caught, eventsOf, nameOf } from "./evidence.ts";

/** A submitter's key: good for fromIndex ≤ index < toIndex; `origin` names who vouches for it. */
interface Key {
  readonly tenant: string;
  readonly kid: Uint8Array;
  readonly spki: Uint8Array;
  readonly fromIndex: number;
  readonly toIndex: number | undefined;
  readonly origin: string;
}

interface Context {
  readonly place: number;
  readonly entry: Entry;
}

/** Check the submitter's signature of every event. */
export function checkSubmitters(
  items: readonly Item[],
  inclusions: Inclusions,
  pinned: readonly TrustedSubmitter[],
): Finding[] {
  const context = items.flatMap((item) => {
    const place = inclusions.index.get(item.number);
    return item.isEvent || item.entry === undefined || place === undefined ? [] : [{ place, entry: item.entry }];
  });
  const keys = [
    ...pinned.map((one) => ({ ...one, kid: keyFingerprint(one.spki), origin: "submitter.pinned" })),
    ...registered(context),
  ].map((key) => ended(key, context));
  return eventsOf(items).map((item) => {
    if (item.entry === undefined) return skipped(nameOf(item), say("no_entry"));
    const { jws } = item.entry.submitter;
    if (jws === undefined) return unsigned(item, item.entry);
    return checkSignature(item, item.entry, jws, keys, inclusions.index.get(item.number));
  });
}

/** Only what the service says of itself needs no submitter's signature; not a platform's event in its name. */
function unsigned(item: Item, entry: Entry): Finding {
  const name = nameOf(item);
  if (entry.submitter.kind === "service" && EVENT_TYPES.get(entry.claim.type)?.reserved === true) {
    return notApplicable("SERVICE", name, say("submitter.service"));
  }
  const how = entry.submitter.kind === "api-key" ? "submitter.by_api_key" : "submitter.by_service";
  return notProvided("NOT_SIGNED", name, say(how));
}

/** Give the keys that the log's own case registered, as far as their leaves are in the tree. */
function registered(context: readonly Context[]): Key[] {
  return context.flatMap(({ place, entry }) => {
    const { type, data } = entry.claim;
    const encoded = textOf(data, "spki");
    if (type !== "key.registered/1" || encoded === undefined) return [];
    let spki: Uint8Array;
    try {
      spki = parseBase64(encoded, "spki");
    } catch (error) {
      if (error instanceof EvidenceError) return []; // C03 has refused the entry by its schema
      throw error;
    }
    const kid = keyFingerprint(spki);
    if (data.get("kid") !== formatBase64url(kid)) return [];
    const tenant = textOf(data, "tenant") ?? "";
    return [{ tenant, kid, spki, fromIndex: place + 1, toIndex: undefined, origin: "submitter.registered" }];
  });
}

/** End a key at its first revocation after it came into force: also one that the policy pins without end. */
function ended(key: Key, context: readonly Context[]): Key {
  const kid = formatBase64url(key.kid);
  const ends = context
    .filter(({ entry }) => ["key.revoked/1", "key.compromised/1"].includes(entry.claim.type))
    .filter(({ entry }) => entry.claim.data.get("kid") === kid)
    .filter(({ entry }) => ["", key.tenant].includes(textOf(entry.claim.data, "tenant") ?? ""))
    .map(({ place }) => place)
    .filter((place) => place >= key.fromIndex);
  if (key.toIndex !== undefined) ends.push(key.toIndex);
  return { ...key, toIndex: ends.length > 0 ? Math.min(...ends) : undefined };
}

function checkSignature(
  item: Item,
  entry: Entry,
  jws: string,
  keys: readonly Key[],
  place: number | undefined,
): Finding {
  const name = nameOf(item);
  let kid: Uint8Array;
  let mine: readonly Key[];
  try {
    kid = parseJws(jws).kid;
    mine = keys.filter((key) => equal(key.kid, kid) && key.tenant === entry.claim.tenant);
    if (mine[0] === undefined) return indeterminate("KEY_UNKNOWN", name, say("submitter.key_unknown"), { kid });
    verifyJws(jws, formatJson(entry.claim.body), mine[0].spki);
  } catch (error) {
    return caught(error, name);
  }
  if (place === undefined) return skipped(name, say("submitter.no_place"));
  const inForce = mine.find((key) => key.fromIndex <= place && (key.toIndex === undefined || place < key.toIndex));
  if (inForce !== undefined) return passed(name, say(inForce.origin), { kid });
  const late = mine.some((key) => key.toIndex !== undefined && place >= key.toIndex);
  const code = late ? "KEY_REVOKED_BEFORE" : "KEY_NOT_YET_REGISTERED";
  return indeterminate(code, name, say("submitter.key_not_in_force"), { kid });
}
