/** The evidence bundle: all that is needed to check a case again, in one canonical JSON file (docs/spec/bundle.md). */

import { type AnchorProof, parseAnchorProof } from "../ethereum/anchor.ts";
import { MalformedError } from "../errors.ts";
import { toHex, utf8 } from "./bytes.ts";
import { BUNDLE_LIMITS, Fields, type JsonValue, formatJson, parseCanonical } from "./canonical.ts";
import { parseOrigin } from "./claim.ts";
import { parseBase64, parseUuid } from "./encoding.ts";
import { HASH_SIZE } from "./merkle.ts";

const MAX_EVENTS = 10_000;
const MAX_PROOFS = 64;
const MAX_PATH = 63;
const MAX_INCLUSIONS = 100_000;
const MAX_ALL_TOKENS = 256;
const MAX_VALUES = 2_000_000;
const MAX_CONTEXT = 256;
const MAX_DISCLOSURES = 256;
const MAX_TOKENS = 16;
const MAX_TOKEN_BYTES = 65_536;
const MAX_CERTIFICATES = 16;

/** An event: the canonical bytes of its leaf and of its entry (undefined: withheld or erased), opened disclosures. */
export interface BundleEvent {
  readonly leaf: Uint8Array;
  readonly entry: Uint8Array | undefined;
  readonly disclosures: readonly string[];
}

/** A path: item `event` of events followed by context is leaf `index` of the proof's checkpoint. */
export interface Inclusion {
  readonly event: number;
  readonly index: number;
  readonly path: readonly Uint8Array[];
}

export interface BundleProof {
  readonly checkpoint: Uint8Array;
  readonly inclusions: readonly Inclusion[];
  readonly tokens: readonly Uint8Array[];
  readonly anchors: readonly AnchorProof[];
}

export interface ConsistencyStep {
  readonly oldSize: number;
  readonly newSize: number;
  readonly path: readonly Uint8Array[];
}

/** The evidence of one case, or of some events of it; parsed, and nothing in it checked. */
export interface Bundle {
  readonly origin: string;
  readonly case: string;
  readonly events: readonly BundleEvent[];
  readonly proofs: readonly BundleProof[];
  readonly context: readonly BundleEvent[];
  readonly consistency: readonly ConsistencyStep[];
  readonly certificates: readonly Uint8Array[];
}

export function readItems<T>(
  fields: Fields,
  name: string,
  limit: number,
  read: (value: JsonValue, where: string) => T,
): T[] {
  return fields.array(name, limit).map((item, position) => read(item, `${fields.path(name)}/${position}`));
}

export function readText(value: JsonValue, where: string): string {
  if (typeof value !== "string") throw new MalformedError("WRONG_TYPE", "must be a string", where);
  return value;
}

function readBlob(value: JsonValue, where: string): Uint8Array {
  const data = parseBase64(readText(value, where), where);
  if (data.length === 0 || data.length > MAX_TOKEN_BYTES) {
    throw new MalformedError("TOO_LARGE", `not 1 to ${MAX_TOKEN_BYTES} bytes`, where);
  }
  return data;
}

function readHash(value: JsonValue, where: string): Uint8Array {
  return parseBase64(readText(value, where), where, HASH_SIZE);
}

function readEvent(value: JsonValue, where: string): BundleEvent {
  const fields = new Fields(value, where);
  const event = {
    leaf: formatJson(fields.object("leaf")),
    entry: fields.optional("entry", (name) => formatJson(fields.object(name))),
    disclosures: readItems(fields, "disclosures", MAX_DISCLOSURES, readText),
  };
  fields.end();
  return event;
}

function readInclusion(value: JsonValue, where: string): Inclusion {
  const fields = new Fields(value, where);
  const event = fields.integer("event", 0, MAX_EVENTS + MAX_CONTEXT);
  const index = fields.integer("index");
  const path = readItems(fields, "path", MAX_PATH, readHash);
  fields.end();
  return { event, index, path };
}

function readProof(value: JsonValue, where: string): BundleProof {
  const fields = new Fields(value, where);
  const proof = {
    checkpoint: utf8(fields.text("checkpoint", { maxBytes: BUNDLE_LIMITS.maxString })),
    inclusions: readItems(fields, "inclusions", MAX_EVENTS + MAX_CONTEXT, readInclusion),
    tokens: readItems(fields, "tokens", MAX_TOKENS, readBlob),
    anchors: readItems(fields, "anchors", MAX_TOKENS, parseAnchorProof),
  };
  fields.end();
  return proof;
}

function readStep(value: JsonValue, where: string): ConsistencyStep {
  const fields = new Fields(value, where);
  const step = {
    oldSize: fields.integer("old_size", 1),
    newSize: fields.integer("new_size"),
    path: readItems(fields, "path", MAX_PATH, readHash),
  };
  fields.end();
  return step;
}

function distinct<T>(items: readonly T[], key: (item: T) => string): boolean {
  return new Set(items.map(key)).size === items.length;
}

function checkReferences(bundle: Bundle): void {
  const total = bundle.events.length + bundle.context.length;
  for (const { inclusions } of bundle.proofs) {
    const rising = inclusions.every((item, i) => i === 0 || (inclusions[i - 1] as Inclusion).event < item.event);
    if (!rising || inclusions.some((item) => item.event >= total)) {
      throw new MalformedError("FORMAT_FAILURE", "inclusions name events in rising order, once each", "/proofs");
    }
  }
  const count = (size: (proof: BundleProof) => number): number =>
    bundle.proofs.reduce((sum, proof) => sum + size(proof), 0);
  if (bundle.events.length === 0) {
    throw new MalformedError("FORMAT_FAILURE", "a bundle has at least one event", "/events");
  }
  if (count((proof) => proof.inclusions.length) > MAX_INCLUSIONS) {
    throw new MalformedError("TOO_MANY", `more than ${MAX_INCLUSIONS} inclusion paths`, "/proofs");
  }
  if (count((proof) => proof.tokens.length) > MAX_ALL_TOKENS) {
    throw new MalformedError("TOO_MANY", `more than ${MAX_ALL_TOKENS} time-stamp responses`, "/proofs");
  }
  if (!distinct(bundle.proofs, (proof) => toHex(proof.checkpoint))) {
    throw new MalformedError("FORMAT_FAILURE", "one checkpoint stands twice", "/proofs");
  }
  if (bundle.consistency.some((step) => step.oldSize >= step.newSize)) {
    throw new MalformedError("FORMAT_FAILURE", "a consistency path leads to a larger size", "/consistency");
  }
  if (!distinct(bundle.consistency, (step) => `${step.oldSize} ${step.newSize}`)) {
    throw new MalformedError("FORMAT_FAILURE", "two consistency paths join the same sizes", "/consistency");
  }
  if (!distinct(bundle.certificates, toHex)) {
    throw new MalformedError("FORMAT_FAILURE", "one certificate stands twice", "/certificates");
  }
}

/** Count bytes of a kind before anything is built: small values cost many times their text in memory. */
function countBytes(data: Uint8Array, ...wanted: readonly string[]): number {
  const codes = wanted.map((character) => character.charCodeAt(0));
  let count = 0;
  for (const byte of data) if (codes.includes(byte)) count++;
  return count;
}

/** Read a bundle of at most 32 MiB; nothing in it is checked but its form. */
export function parseBundle(data: Uint8Array): Bundle {
  if (countBytes(data, ",") > MAX_VALUES || countBytes(data, "[", "{") > MAX_VALUES / 2) {
    throw new MalformedError("TOO_MANY", "more JSON values than any bundle needs");
  }
  const fields = new Fields(parseCanonical(data, BUNDLE_LIMITS));
  fields.version("bundle/v1");
  const bundle = {
    origin: parseOrigin(fields.text("origin"), "/origin"),
    case: parseUuid(fields.text("case"), "/case"),
    events: readItems(fields, "events", MAX_EVENTS, readEvent),
    proofs: readItems(fields, "proofs", MAX_PROOFS, readProof),
    context: readItems(fields, "context", MAX_CONTEXT, readEvent),
    consistency: readItems(fields, "consistency", MAX_PROOFS, readStep),
    certificates: readItems(fields, "certificates", MAX_CERTIFICATES, readBlob),
  };
  fields.end();
  checkReferences(bundle);
  return bundle;
}
