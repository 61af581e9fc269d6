/** The submitter's signature over his claim: a detached JWS (RFC 7515) by Ed25519 or P-256 (`zheng_verifier.jws`). */

import { ed25519 } from "@noble/curves/ed25519.js";
import { p256 } from "@noble/curves/nist.js";
import { sha256 } from "@noble/hashes/sha2.js";

import { Reader, TAG, parseDer, readOid } from "../der.ts";
import { MalformedError, UncheckableError, VerificationError } from "../errors.ts";
import { concat, equal, fromHex, utf8 } from "./bytes.ts";
import { Fields, type Limits, parseCanonical } from "./canonical.ts";
import { formatBase64url, parseBase64url } from "./encoding.ts";

export const CLAIM_TYPE = "zheng-claim+sd-jwt";
const HEADER_LIMITS: Limits = { maxBytes: 512, maxDepth: 1, maxString: 128 };
const MAX_JWS = 1_024;
// The one DER form of a SubjectPublicKeyInfo of each kind, up to the key itself.
const ED25519_SPKI = fromHex("302a300506032b6570032100");
const P256_SPKI = fromHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004");

/** A JWS without its payload. */
export interface DetachedJws {
  readonly protected: string;
  readonly algorithm: string;
  readonly kid: Uint8Array;
  readonly signature: Uint8Array;
}

/** Compute a key's `kid`: SHA-256 over its DER SubjectPublicKeyInfo. */
export function keyFingerprint(spki: Uint8Array): Uint8Array {
  return sha256(spki);
}

/** Read a detached JWS of the type `typ`; the signature is not checked. */
export function parseJws(text: string, typ = CLAIM_TYPE, where = "jws"): DetachedJws {
  const parts = text.split(".") as [string, string, string];
  if (Array.from(text).length > MAX_JWS || parts.length !== 3 || parts[1] !== "") {
    throw new MalformedError("FORMAT_FAILURE", "not <protected>..<signature>", where);
  }
  const fields = new Fields(parseCanonical(parseBase64url(parts[0], where), HEADER_LIMITS), where);
  const algorithm = fields.text("alg", { maxBytes: 16 });
  const kid = parseBase64url(fields.text("kid"), fields.path("kid"), 32);
  fields.text("typ", { choices: [typ] });
  fields.end();
  if (algorithm !== "EdDSA" && algorithm !== "ES256") {
    throw new UncheckableError("UNKNOWN_ALGORITHM", `signatures by '${algorithm}' are not supported`, fields.path("alg"));
  }
  return { protected: parts[0], algorithm, kid, signature: parseBase64url(parts[2], where, 64) };
}

/** Give the algorithm of a public key, the only one it may sign with. */
export function checkPublicKey(spki: Uint8Array): "EdDSA" | "ES256" {
  if (spki.length === 44 && equal(spki.subarray(0, 12), ED25519_SPKI)) return "EdDSA";
  if (spki.length === 91 && equal(spki.subarray(0, 27), P256_SPKI)) {
    if (p256.utils.isValidPublicKey(spki.slice(26), false)) return "ES256";
    throw new MalformedError("FORMAT_FAILURE", "not a SubjectPublicKeyInfo", "spki");
  }
  // Of another kind, or one of these two in another form than its only one.
  const read = new Reader(parseDer(spki, "spki"), "spki");
  const algorithm = new Reader(read.take(TAG.sequence), "spki");
  const kinds = [readOid(algorithm.take(TAG.oid)), ...algorithm.rest().map((one) => (one.tag === TAG.oid ? readOid(one) : ""))];
  read.take(TAG.bitString);
  read.end();
  if (kinds[0] === "1.3.101.112" || kinds[1] === "1.2.840.10045.3.1.7") {
    throw new MalformedError("FORMAT_FAILURE", "the public key is not in its canonical DER form", "spki");
  }
  throw new UncheckableError("UNKNOWN_ALGORITHM", "submitters' keys are Ed25519 or P-256", "spki");
}

/** Check a detached JWS over `payload` by the key `spki`. */
export function verifyJws(text: string, payload: Uint8Array, spki: Uint8Array, typ = CLAIM_TYPE): void {
  const jws = parseJws(text, typ);
  const algorithm = checkPublicKey(spki);
  if (!equal(jws.kid, keyFingerprint(spki)) || jws.algorithm !== algorithm) {
    throw new VerificationError("SIG_CRYPTO_FAILURE", "the signature names another key or algorithm", "jws/kid");
  }
  if (!holds(algorithm, jws.signature, utf8(`${jws.protected}.${formatBase64url(payload)}`), spki)) {
    throw new VerificationError("SIG_CRYPTO_FAILURE", "the submitter's signature does not hold", "jws");
  }
}

function holds(algorithm: "EdDSA" | "ES256", signature: Uint8Array, message: Uint8Array, spki: Uint8Array): boolean {
  try {
    if (algorithm === "EdDSA") return ed25519.verify(signature, message, spki.slice(12), { zip215: false });
    const options = { prehash: false, lowS: false, format: "compact" } as const;
    return p256.verify(signature, sha256(message), concat(Uint8Array.of(4), spki.slice(27)), options);
  } catch {
    return false; // r or s out of range, a point off the curve
  }
}
