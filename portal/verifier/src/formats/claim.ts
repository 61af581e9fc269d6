/** Claims: the submitter's own words about one event (`zheng_verifier.claim`). */

import { MalformedError } from "../errors.ts";
import { cut } from "./bytes.ts";
import { Fields, type JsonObject, type JsonValue, isObject } from "./canonical.ts";
import { type Moment, parseBase64url, parseHex, parseTime, parseUuid } from "./encoding.ts";
import { type SealedDigest, isSealed, parseSealed, reservedNames, sealedDigests } from "./sealed.ts";

export const MAX_DOCUMENTS = 64;
const MAX_AFTER = 4;
const MAX_DIGESTS = 8;
const ACTOR_KINDS = ["person", "organization", "agent", "admin", "system", "api_client"];
const TYPE = /^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+\/[1-9][0-9]{0,2}$/;
const ROLE = /^[a-z][a-z0-9_]{0,31}$/;
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,62}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,62}$/;
const ORIGIN = /^[!-*,-~]{1,255}$/;

/** A document by its size in bytes and its digests, or by one sealed digest where it could be guessed. */
export interface DocumentRef {
  readonly role: string;
  readonly size: number;
  readonly digests: ReadonlyMap<string, Uint8Array> | undefined;
  readonly sealed: string | undefined;
}

export type After =
  | { readonly kind: "tst"; readonly sha256: Uint8Array }
  | { readonly kind: "block"; readonly chain: number; readonly number: number; readonly hash: Uint8Array }
  | { readonly kind: "leaf"; readonly hash: Uint8Array };

/** The submitter's statement; `body` is the whole of it, which he signed in canonical form. */
export interface Claim {
  readonly body: JsonObject;
  readonly log: string;
  readonly tenant: string;
  readonly case: string;
  readonly id: string;
  readonly type: string;
  readonly data: JsonObject;
  readonly occurredAt: Moment | undefined;
  readonly documents: readonly DocumentRef[];
  readonly after: readonly After[];
  readonly sealed: readonly SealedDigest[];
}

export function parseType(text: string, where = "type"): string {
  if (text.length > 96 || !TYPE.test(text)) {
    throw new MalformedError("FORMAT_FAILURE", "an event type looks like 'party.signed/1'", where);
  }
  return text;
}

export function parseOrigin(text: string, where = "log"): string {
  if (!ORIGIN.test(text) || text === "cosignature/v1") {
    throw new MalformedError("FORMAT_FAILURE", "not the origin of a log", where);
  }
  return text;
}

function matching(fields: Fields, name: string, pattern: RegExp): string {
  const value = fields.text(name);
  if (!pattern.test(value)) {
    throw new MalformedError("FORMAT_FAILURE", `'${cut(value, 80)}' is not a ${name}`, fields.path(name));
  }
  return value;
}

function checkActor(value: JsonValue, where: string): true {
  const fields = new Fields(value, where);
  fields.text("kind", { choices: ACTOR_KINDS });
  parseUuid(fields.text("ref"), fields.path("ref"));
  fields.end();
  return true;
}

/** Read a document's digests, by algorithm; SHA-256 is among them. */
export function parseDigests(value: JsonObject, where: string): Map<string, Uint8Array> {
  if (value.size > MAX_DIGESTS) throw new MalformedError("TOO_MANY", `more than ${MAX_DIGESTS} digests`, where);
  const digests = new Map<string, Uint8Array>();
  for (const [name, text] of value) {
    if (typeof text !== "string" || text.length < 64 || text.length > 128) {
      throw new MalformedError("FORMAT_FAILURE", "a digest is 64 to 128 hexadecimal digits", `${where}/${name}`);
    }
    digests.set(name, parseHex(text, `${where}/${name}`));
  }
  if (!digests.has("sha256")) throw new MalformedError("FIELD_MISSING", "'sha256' is required", `${where}/sha256`);
  for (const name of ["sha256", "sm3"]) {
    if ((digests.get(name)?.length ?? 32) !== 32) {
      throw new MalformedError("FORMAT_FAILURE", "this digest has 64 hexadecimal digits", `${where}/${name}`);
    }
  }
  return digests;
}

function readDocument(value: JsonValue, where: string): DocumentRef {
  const fields = new Fields(value, where);
  const role = matching(fields, "role", ROLE);
  matching(fields, "media_type", MEDIA_TYPE);
  const size = fields.integer("size");
  const digests = fields.object("digests");
  fields.end();
  if (isSealed(digests)) {
    return { role, size, digests: undefined, sealed: parseSealed(digests, fields.path("digests")) };
  }
  return { role, size, digests: parseDigests(digests, fields.path("digests")), sealed: undefined };
}

function readAfter(value: JsonValue, where: string): After {
  const fields = new Fields(value, where);
  const kind = fields.text("kind", { choices: ["tst", "block", "leaf"] });
  let after: After;
  if (kind === "tst") {
    after = { kind, sha256: parseHex(fields.text("sha256"), fields.path("sha256"), 32) };
  } else if (kind === "block") {
    const chain = fields.integer("chain", 1);
    const number = fields.integer("number");
    after = { kind, chain, number, hash: parseHex(fields.text("hash"), fields.path("hash"), 32) };
  } else {
    after = { kind: "leaf", hash: parseBase64url(fields.text("hash"), fields.path("hash"), 32) };
  }
  fields.end();
  return after;
}

function readAfters(fields: Fields, name: string): After[] {
  const items = fields.array(name, MAX_AFTER);
  if (items.length === 0) {
    throw new MalformedError("FORMAT_FAILURE", "an empty 'after' is left out", fields.path(name));
  }
  return items.map((item, position) => readAfter(item, `${fields.path(name)}/${position}`));
}

/** Read a claim from its JSON value. */
export function readClaim(body: JsonObject, where = ""): Claim {
  const fields = new Fields(body, where);
  fields.version("claim/v1");
  const claim = {
    body,
    log: parseOrigin(fields.text("log"), fields.path("log")),
    tenant: parseUuid(fields.text("tenant"), fields.path("tenant")),
    case: parseUuid(fields.text("case"), fields.path("case")),
    id: parseUuid(fields.text("id"), fields.path("id")),
    type: parseType(fields.text("type"), fields.path("type")),
    data: fields.object("data"),
    occurredAt: fields.optional("occurred_at", (name) => parseTime(fields.text(name), fields.path(name))),
    actor: fields.optional("actor", (name) => checkActor(fields.object(name), fields.path(name))),
    documents: fields
      .array("documents", MAX_DOCUMENTS)
      .map((item, position) => readDocument(item, `${fields.path("documents")}/${position}`)),
    after: fields.optional("after", (name) => readAfters(fields, name)) ?? [],
  };
  const algorithm = fields.optional("_sd_alg", (name) => fields.text(name, { choices: ["sha-256"] }));
  fields.end();
  if (isSealed(claim.data) || reservedNames(claim.data).has("_sd_alg")) {
    throw new MalformedError("FORMAT_FAILURE", "sealed are the values within 'data', and nothing else", where);
  }
  const sealed = sealedDigests(body);
  if ((algorithm !== undefined) !== sealed.length > 0) {
    throw new MalformedError("FORMAT_FAILURE", "'_sd_alg' stands exactly where something is sealed", where);
  }
  return { ...claim, sealed };
}

/** Give a member of an event's data if it is a text. */
export function textOf(data: JsonObject, name: string): string | undefined {
  const value = data.get(name);
  return typeof value === "string" ? value : undefined;
}

/** Give the objects in a list of an event's data. */
export function objectsOf(data: JsonObject, name: string): JsonObject[] {
  const value = data.get(name);
  return Array.isArray(value) ? value.filter(isObject) : [];
}
