/** Entries and leaves: what the service adds to a claim, and the little of it that is public (`zheng_verifier.entry`). */

import { MalformedError } from "../errors.ts";
import { ENTRY_LIMITS, Fields, type JsonValue, LEAF_LIMITS, parseCanonical } from "./canonical.ts";
import { type Claim, MAX_DOCUMENTS, readClaim } from "./claim.ts";
import { type Moment, parseBase64url, parseTime, parseUuid } from "./encoding.ts";
import { parseJws } from "./jws.ts";

/** How the claim came: `signed` with the platform's JWS, by `api-key`, or from the `service` itself. */
export interface Submitter {
  readonly kind: string;
  readonly jws: string | undefined;
}

/** A claim with what the service adds to it; `checked` says which documents it hashed and whether it saw sealed values. */
export interface Entry {
  readonly claim: Claim;
  readonly submitter: Submitter;
  readonly receivedAt: Moment;
  readonly checked: { readonly documents: readonly number[]; readonly sealed: boolean };
}

/** The public record: `seq` counts from 1 in its case, `prev` is the leaf hash of the one before. */
export interface Leaf {
  readonly case: string;
  readonly seq: number;
  readonly prev: Uint8Array | undefined;
  readonly entry: Uint8Array;
}

function readSubmitter(value: JsonValue, where: string): Submitter {
  const fields = new Fields(value, where);
  const kind = fields.text("kind", { choices: ["signed", "api-key", "service"] });
  const jws = kind === "signed" ? fields.text("jws") : undefined;
  fields.end();
  if (jws !== undefined) parseJws(jws, undefined, fields.path("jws"));
  return { kind, jws };
}

function readChecked(value: JsonValue, where: string, total: number): Entry["checked"] {
  const fields = new Fields(value, where);
  const seen = fields.array("documents", MAX_DOCUMENTS);
  const sealed = fields.boolean("sealed");
  fields.end();
  const documents = seen.filter((item): item is number => typeof item === "number");
  const rising = documents.every((item, i) => i === 0 || (documents[i - 1] as number) < item);
  if (documents.length !== seen.length || !rising || documents.some((item) => item < 0 || item >= total)) {
    throw new MalformedError("FORMAT_FAILURE", "not rising positions in the claim's documents", where);
  }
  return { documents, sealed };
}

/** Read an entry of at most 65,535 canonical bytes. */
export function parseEntry(data: Uint8Array): Entry {
  const fields = new Fields(parseCanonical(data, ENTRY_LIMITS));
  fields.version("entry/v1");
  const claim = readClaim(fields.object("claim"), fields.path("claim"));
  const entry = {
    claim,
    submitter: readSubmitter(fields.object("submitter"), fields.path("submitter")),
    receivedAt: parseTime(fields.text("received_at"), fields.path("received_at")),
    checked: readChecked(fields.object("checked"), fields.path("checked"), claim.documents.length),
  };
  parseBase64url(fields.text("nonce"), fields.path("nonce"), 16);
  fields.end();
  return entry;
}

/** Read a leaf from its canonical bytes. */
export function parseLeaf(data: Uint8Array): Leaf {
  const fields = new Fields(parseCanonical(data, LEAF_LIMITS));
  fields.version("leaf/v1");
  const leaf = {
    case: parseUuid(fields.text("case"), "/case"),
    seq: fields.integer("seq", 1),
    prev: fields.optional("prev", (name) => parseBase64url(fields.text(name), "/prev", 32)),
    entry: parseBase64url(fields.text("entry"), "/entry", 32),
  };
  fields.end();
  if ((leaf.prev === undefined) !== (leaf.seq === 1)) {
    throw new MalformedError("FORMAT_FAILURE", "'prev' is absent exactly on the first leaf of a case", "/prev");
  }
  return leaf;
}
