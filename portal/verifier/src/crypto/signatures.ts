/**
 * Signatures by algorithm (`zheng_verifier.timestamp.algorithms`): elliptic curves by @noble/curves, RSA by the browser.
 *
 * RSA is asked of WebCrypto, which exists in pages opened from disk as they are a secure context; where it does not, or
 * for a digest that it does not offer, the answer is UNKNOWN_ALGORITHM and never a result.
 */

import { ed25519 } from "@noble/curves/ed25519.js";
import { p256, p384, p521 } from "@noble/curves/nist.js";

import { type Element, Reader, TAG, parseDer, readInteger, readOid } from "../der.ts";
import { MalformedError, UncheckableError, VerificationError } from "../errors.ts";
import { digest } from "./digests.ts";

export const MIN_RSA_BITS = 2048;
const MAX_RSA_BITS = 8192;

const DIGEST_OIDS: Record<string, string> = {
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
  "1.2.156.10197.1.401": "sm3",
  "1.3.14.3.2.26": "sha1",
  "1.2.840.113549.2.5": "md5",
};
const RSA_PLAIN = "1.2.840.113549.1.1.1";
const RSA_PSS = "1.2.840.113549.1.1.10";
const MGF1 = "1.2.840.113549.1.1.8";
const ED25519 = "1.3.101.112";
const EC_KEY = "1.2.840.10045.2.1";
const RSA: Record<string, string> = {
  "1.2.840.113549.1.1.4": "md5",
  "1.2.840.113549.1.1.5": "sha1",
  "1.2.840.113549.1.1.11": "sha256",
  "1.2.840.113549.1.1.12": "sha384",
  "1.2.840.113549.1.1.13": "sha512",
};
const ECDSA: Record<string, string> = {
  "1.2.840.10045.4.1": "sha1",
  "1.2.840.10045.4.3.2": "sha256",
  "1.2.840.10045.4.3.3": "sha384",
  "1.2.840.10045.4.3.4": "sha512",
};
const CURVES: Record<string, { curve: typeof p256; size: number }> = {
  "1.2.840.10045.3.1.7": { curve: p256, size: 32 },
  "1.3.132.0.34": { curve: p384, size: 48 },
  "1.3.132.0.35": { curve: p521, size: 66 },
};
const WEB_DIGESTS: Record<string, string> = { sha1: "SHA-1", sha256: "SHA-256", sha384: "SHA-384", sha512: "SHA-512" };

/** AlgorithmIdentifier (RFC 5280 §4.1.1.2). */
export interface AlgorithmIdentifier {
  readonly oid: string;
  readonly parameters: Element | undefined;
}

/** How a signature is made; `name` is for reports (`rsa-pss-sha256`), `saltSize` of PSS alone. */
export interface SignatureScheme {
  readonly name: string;
  readonly digest: string;
  readonly saltSize?: number;
}

export function readAlgorithm(item: Element, where: string): AlgorithmIdentifier {
  const read = new Reader(item, where);
  const oid = readOid(read.take(TAG.oid));
  const parameters = read.rest();
  if (parameters.length > 1) throw new MalformedError("FORMAT_FAILURE", "more than one parameter", where);
  return { oid, parameters: parameters[0] };
}

export function sameAlgorithm(one: AlgorithmIdentifier, other: AlgorithmIdentifier): boolean {
  const raw = (item: AlgorithmIdentifier): string => String(item.parameters?.raw ?? "absent");
  return one.oid === other.oid && raw(one) === raw(other);
}

function unknown(oid: string, where: string): never {
  throw new UncheckableError("UNKNOWN_ALGORITHM", `algorithm ${oid} is not known to this verifier`, where);
}

function plain(parameters: Element | undefined): boolean {
  return parameters === undefined || parameters.tag === TAG.null;
}

/** Name a digest algorithm. */
export function digestName(algorithm: AlgorithmIdentifier, where: string): string {
  const name = DIGEST_OIDS[algorithm.oid] ?? unknown(algorithm.oid, where);
  if (!plain(algorithm.parameters)) {
    throw new MalformedError("FORMAT_FAILURE", "a digest algorithm takes no parameters", where);
  }
  return name;
}

/** Read a signature algorithm; `cmsDigest` is SignerInfo.digestAlgorithm, undefined for certificates and CRLs. */
export function signatureScheme(
  algorithm: AlgorithmIdentifier,
  cmsDigest: string | undefined,
  where: string,
): SignatureScheme {
  const [scheme, good] = readScheme(algorithm, cmsDigest, where);
  if (!good) {
    throw new MalformedError("FORMAT_FAILURE", "parameters that the signature algorithm does not take", where);
  }
  if (cmsDigest !== undefined && scheme.digest !== cmsDigest) {
    const detail = `signature by ${scheme.name}, but signed attributes by ${cmsDigest}`;
    throw new VerificationError("SIG_CONSTRAINTS_FAILURE", detail, where);
  }
  return scheme;
}

function readScheme(
  { oid, parameters }: AlgorithmIdentifier,
  cmsDigest: string | undefined,
  where: string,
): [SignatureScheme, boolean] {
  if (oid === RSA_PLAIN && cmsDigest !== undefined) {
    return [{ name: `rsa-${cmsDigest}`, digest: cmsDigest }, plain(parameters)];
  }
  const rsa = RSA[oid];
  if (rsa !== undefined) return [{ name: `rsa-${rsa}`, digest: rsa }, plain(parameters)];
  const ecdsa = ECDSA[oid];
  if (ecdsa !== undefined) return [{ name: `ecdsa-${ecdsa}`, digest: ecdsa }, parameters === undefined];
  // In CMS the attributes are digested with SHA-512 (RFC 8419 §3), which is also Ed25519's own digest.
  if (oid === ED25519) return [{ name: "ed25519", digest: "sha512" }, parameters === undefined];
  if (oid === RSA_PSS && parameters !== undefined) return [pssScheme(parameters, where), true];
  return unknown(oid, where);
}

/** Read RSASSA-PSS-params (RFC 4055 §3.1): one digest for both, MGF1, the one trailer. */
function pssScheme(parameters: Element, where: string): SignatureScheme {
  const read = new Reader(parameters, where);
  const inner = (tag: number): Element | undefined => {
    const wrapper = read.optional(tag);
    if (wrapper === undefined) return undefined;
    const one = new Reader(wrapper, where, tag);
    const item = one.any();
    one.end();
    return item;
  };
  const hash = inner(0xa0);
  const mask = inner(0xa1);
  const salt = inner(0xa2);
  const trailer = inner(0xa3);
  read.end();
  const name = hash === undefined ? "sha1" : digestName(readAlgorithm(hash, where), where);
  let maskName = "sha1";
  let maskOid = MGF1;
  if (mask !== undefined) {
    const algorithm = readAlgorithm(mask, where);
    maskOid = algorithm.oid;
    if (algorithm.parameters === undefined) throw new MalformedError("FORMAT_FAILURE", "no digest of the mask", where);
    maskName = digestName(readAlgorithm(algorithm.parameters, where), where);
  }
  const number = (item: Element | undefined, preset: bigint): bigint => {
    if (item !== undefined && item.tag !== TAG.integer) {
      throw new MalformedError("FORMAT_FAILURE", "RSASSA-PSS parameters do not parse", where);
    }
    return item === undefined ? preset : readInteger(item);
  };
  const saltSize = number(salt, 20n);
  if (maskOid !== MGF1 || maskName !== name || number(trailer, 1n) !== 1n || saltSize < 0n || saltSize > 1024n) {
    throw new UncheckableError("UNKNOWN_ALGORITHM", "an unusual variant of RSASSA-PSS", where);
  }
  return { name: `rsa-pss-${name}`, digest: name, saltSize: Number(saltSize) };
}

type PublicKey =
  | { kind: "rsa"; bits: number }
  | { kind: "ec"; curve: string; point: Uint8Array }
  | { kind: "ed25519"; point: Uint8Array }
  | { kind: "other" };

function loadKey(spki: Uint8Array): PublicKey {
  const read = new Reader(parseDer(spki, "spki"), "spki");
  const { oid, parameters } = readAlgorithm(read.take(TAG.sequence), "spki");
  const bits = read.take(TAG.bitString).contents;
  read.end();
  if (bits[0] !== 0) return { kind: "other" };
  const key = bits.subarray(1);
  if (oid === RSA_PLAIN) {
    const modulus = readInteger(new Reader(parseDer(key, "spki"), "spki").take(TAG.integer));
    return modulus > 0n ? { kind: "rsa", bits: modulus.toString(2).length } : { kind: "other" };
  }
  if (oid === ED25519 && parameters === undefined && key.length === 32) return { kind: "ed25519", point: key };
  if (oid === EC_KEY && parameters?.tag === TAG.oid) return { kind: "ec", curve: readOid(parameters), point: key };
  return { kind: "other" };
}

/** Modulus size of an RSA key in bits, undefined for other kinds. */
export function rsaBits(spki: Uint8Array): number | undefined {
  const key = loadKey(spki);
  return key.kind === "rsa" ? key.bits : undefined;
}

/** Verify a signature over `data` under a SubjectPublicKeyInfo. */
export async function verifySignature(
  scheme: SignatureScheme,
  spki: Uint8Array,
  signature: Uint8Array,
  data: Uint8Array,
  where: string,
): Promise<void> {
  const key = loadKey(spki);
  let good: boolean;
  if (key.kind === "other") {
    throw new UncheckableError("UNKNOWN_ALGORITHM", "a public key of an unknown kind", where);
  } else if (key.kind === "rsa" && scheme.name.startsWith("rsa-")) {
    if (key.bits > MAX_RSA_BITS) throw new UncheckableError("UNKNOWN_ALGORITHM", `RSA key of ${key.bits} bits`, where);
    good = await verifyRsa(scheme, spki, signature, data, where);
  } else if (key.kind === "ec" && scheme.name.startsWith("ecdsa-")) {
    good = verifyEcdsa(scheme, key, signature, data, where);
  } else if (key.kind === "ed25519" && scheme.name === "ed25519") {
    good = attempt(() => ed25519.verify(signature, data, key.point, { zip215: false }));
  } else {
    throw new VerificationError("SIG_CRYPTO_FAILURE", `the key is not for ${scheme.name}`, where);
  }
  if (!good) throw new VerificationError("SIG_CRYPTO_FAILURE", `the ${scheme.name} signature is false`, where);
}

/** An ill-formed signature is a false one. */
function attempt(verify: () => boolean): boolean {
  try {
    return verify();
  } catch {
    return false;
  }
}

function verifyEcdsa(
  scheme: SignatureScheme,
  key: { curve: string; point: Uint8Array },
  signature: Uint8Array,
  data: Uint8Array,
  where: string,
): boolean {
  const known = CURVES[key.curve];
  if (known === undefined) {
    throw new UncheckableError("UNKNOWN_ALGORITHM", `elliptic curve ${key.curve}`, where);
  }
  const hashed = digest(scheme.digest, data);
  const options = { prehash: false, lowS: false, format: "der" } as const;
  return attempt(() => known.curve.verify(signature, hashed, key.point, options));
}

async function verifyRsa(
  scheme: SignatureScheme,
  spki: Uint8Array,
  signature: Uint8Array,
  data: Uint8Array,
  where: string,
): Promise<boolean> {
  const hash = WEB_DIGESTS[scheme.digest];
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined || hash === undefined) {
    throw new UncheckableError("UNKNOWN_ALGORITHM", `${scheme.name} is not known to this browser`, where);
  }
  const pss = scheme.saltSize !== undefined;
  const name = pss ? "RSA-PSS" : "RSASSA-PKCS1-v1_5";
  let key: CryptoKey;
  try {
    key = await subtle.importKey("spki", spki.slice(), { name, hash }, false, ["verify"]);
  } catch {
    throw new UncheckableError("UNKNOWN_ALGORITHM", "an RSA key that this browser does not take", where);
  }
  const algorithm = pss ? { name, saltLength: scheme.saltSize as number } : { name };
  return subtle.verify(algorithm, key, signature.slice(), data.slice());
}
