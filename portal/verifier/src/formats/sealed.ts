/** Sealed values: a personal value closed by a salted digest and opened one by one (RFC 9901, narrowed). */

import { sha256 } from "@noble/hashes/sha2.js";

import { MalformedError, VerificationError } from "../errors.ts";
import { toHex, utf8 } from "./bytes.ts";
import { Fields, type JsonObject, type JsonValue, type Limits, isObject, parseCanonical } from "./canonical.ts";
import { formatBase64url, parseBase64url } from "./encoding.ts";

const SALT_SIZE = 16;
export const MAX_SEALED = 256;
const LIMITS: Limits = { maxBytes: 12_288, maxDepth: 6, maxString: 8_192 };

/** An opened value with its salt of at least 16 bytes. */
export interface Disclosure {
  readonly salt: Uint8Array;
  readonly value: JsonValue;
}

export interface SealedDigest {
  readonly path: string;
  readonly digest: string;
}

/** Read a disclosure: base64url of the canonical JSON `[salt, "v", value]`. */
export function parseDisclosure(text: string): Disclosure {
  const items = parseCanonical(parseBase64url(text, "disclosure"), LIMITS);
  if (!Array.isArray(items) || items.length !== 3 || typeof items[0] !== "string" || items[1] !== "v") {
    throw new MalformedError("FORMAT_FAILURE", 'a disclosure is [salt, "v", value]', "disclosure");
  }
  const salt = parseBase64url(items[0], "disclosure/salt");
  if (salt.length < SALT_SIZE) {
    throw new MalformedError("FORMAT_FAILURE", `a salt has at least ${SALT_SIZE} bytes`, "disclosure/salt");
  }
  const value = items[2] as JsonValue;
  if (reservedNames(value).size > 0) {
    throw new MalformedError("FORMAT_FAILURE", "a sealed value does not hold another", "disclosure/value");
  }
  return { salt, value };
}

/** Collect the names of RFC 9901 that stand anywhere in a value. */
export function reservedNames(value: JsonValue): Set<string> {
  const found = new Set<string>();
  const visit = (item: JsonValue): void => {
    if (Array.isArray(item)) item.forEach(visit);
    else if (isObject(item)) {
      for (const [name, child] of item) {
        if (name === "_sd" || name === "_sd_alg") found.add(name);
        visit(child);
      }
    }
  };
  visit(value);
  return found;
}

/** Compute the digest that stands in the claim: SHA-256 over the disclosure's ASCII. */
export function disclosureDigest(text: string): string {
  if (!/^[\u0000-\u007f]*$/.test(text)) {
    throw new MalformedError("FORMAT_FAILURE", "a disclosure is base64url", "disclosure");
  }
  return formatBase64url(sha256(utf8(text)));
}

export function isSealed(value: JsonValue): value is JsonObject {
  return isObject(value) && value.has("_sd");
}

/** Read a sealed value and give its digest. */
export function parseSealed(value: JsonValue, where = ""): string {
  const fields = new Fields(value, where);
  const digests = fields.array("_sd", 1);
  fields.end();
  if (digests.length !== 1 || typeof digests[0] !== "string") {
    throw new MalformedError("FORMAT_FAILURE", "a sealed value has exactly one digest", where);
  }
  parseBase64url(digests[0], where, 32);
  return digests[0];
}

/** List every sealed value below `value`, in the order of the canonical form. */
export function sealedDigests(value: JsonValue, where = ""): SealedDigest[] {
  const found: SealedDigest[] = [];
  const visit = (item: JsonValue, path: string): void => {
    if (isSealed(item)) found.push({ path, digest: parseSealed(item, path) });
    else if (Array.isArray(item)) item.forEach((child, position) => visit(child, `${path}/${position}`));
    else if (isObject(item)) {
      for (const name of [...item.keys()].sort()) visit(item.get(name) as JsonValue, `${path}/${name}`);
    }
  };
  visit(value, where);
  if (found.length > MAX_SEALED) {
    throw new MalformedError("TOO_MANY", `more than ${MAX_SEALED} sealed values`, where);
  }
  if (new Set(found.map((item) => item.digest)).size !== found.length) {
    throw new MalformedError("DUPLICATE_DIGEST", "one digest stands for two sealed values", where);
  }
  return found;
}

/** Open the sealed values of one entry: what was opened, by path. A value without a disclosure stays closed. */
export function openSealed(sealed: readonly SealedDigest[], disclosures: readonly string[]): Map<string, Disclosure> {
  const closed = new Map(sealed.map((item) => [item.digest, item.path]));
  const opened = new Map<string, Disclosure>();
  const salts = new Set<string>();
  for (const text of disclosures) {
    const disclosure = parseDisclosure(text);
    const digest = disclosureDigest(text);
    const path = closed.get(digest);
    closed.delete(digest);
    if (path === undefined) {
      throw new VerificationError("COMMITMENT_MISMATCH", "a disclosure opens nothing, or for a second time");
    }
    if (salts.has(toHex(disclosure.salt))) {
      throw new VerificationError("COMMITMENT_MISMATCH", "two disclosures share a salt", path);
    }
    salts.add(toHex(disclosure.salt));
    opened.set(path, disclosure);
  }
  return opened;
}
