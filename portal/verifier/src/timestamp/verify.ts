/** Is this token a statement of a trusted authority about this message? The steps of docs/spec/timestamp.md §4. */

import { sha256 } from "@noble/hashes/sha2.js";

import { IMPRINT_ALGORITHMS, WEAK_DIGESTS, digest, digestSize } from "../crypto/digests.ts";
import { type SignatureScheme, digestName, signatureScheme, verifySignature } from "../crypto/signatures.ts";
import { InsufficientError, UncheckableError, VerificationError } from "../errors.ts";
import { equal } from "../formats/bytes.ts";
import type { Moment } from "../formats/encoding.ts";
import { checkTsaCertificate, findSigner, matchesId } from "./authority.ts";
import { type Certificate, checkValidity, describe, loadCertificate } from "./certificate.ts";
import { findIssuer, findPath } from "./path.ts";
import { type Crl, checkRevocation, loadCrl } from "./revocation.ts";
import { type Signer, TST_INFO, type TimestampToken, type TstInfo, parseResponse } from "./token.ts";

/** One time-stamping authority of the trust policy (docs/spec/timestamp.md §3). */
export interface TrustedTsa {
  readonly name: string;
  readonly roots: readonly Certificate[];
  readonly pins: readonly Uint8Array[];
  readonly policyOids: readonly string[];
  readonly imprintAlgs: readonly string[];
  readonly test: boolean;
  readonly validFrom: Moment | undefined;
  readonly validUntil: Moment | undefined;
}

/** What a token proves: the message existed not after genTime (plus accuracy), says the authority. */
export interface TimestampResult {
  readonly genTime: Moment;
  readonly accuracy: bigint;
  readonly serialNumber: bigint;
  readonly policyOid: string;
  readonly tsaSubject: string;
  readonly imprintAlgorithm: string;
  readonly signatureAlgorithm: string;
  readonly test: boolean;
  readonly remarks: readonly string[];
}

/** Verify a TimeStampResp or bare TimeStampToken over `message`, at its own genTime. */
export async function verifyTimestamp(
  raw: Uint8Array,
  message: Uint8Array,
  tsa: TrustedTsa,
  extra: readonly Uint8Array[],
): Promise<TimestampResult> {
  const { status, token } = parseResponse(raw);
  const certificates = [
    ...token.certificates.map((der, i) => loadCertificate(der, `token.certificates[${i}]`)),
    ...extra.map((der, i) => loadCertificate(der, `certificates[${i}]`)),
  ];
  const crls = token.crls.map((der, i) => loadCrl(der, `token.crls[${i}]`));
  const imprintAlgorithm = checkImprint(token.info, message);
  if (token.info.criticalExtensions[0] !== undefined) {
    const detail = `critical extension ${token.info.criticalExtensions[0]} is not known to this verifier`;
    throw new UncheckableError("UNKNOWN_EXTENSION", detail, "tstInfo.extensions");
  }
  const [certificate, scheme] = await checkSignature(token, certificates);
  checkTsaCertificate(certificate, token.info.tsa);
  const moment = token.info.genTime;
  checkValidity(certificate, moment);
  const path = await checkTrust(certificate, certificates, token.signer, tsa, moment);
  const unrevoked = await checkPathRevocation(path, certificates, crls, moment);
  checkPolicy(token.info, imprintAlgorithm, scheme, tsa);
  return {
    genTime: token.info.genTime,
    accuracy: token.info.accuracy ?? 0n,
    serialNumber: token.info.serialNumber,
    policyOid: token.info.policyOid,
    tsaSubject: describe(certificate),
    imprintAlgorithm,
    signatureAlgorithm: scheme.name,
    test: tsa.test,
    remarks: remarksOf(status, token.signer, unrevoked),
  };
}

function checkImprint(info: TstInfo, message: Uint8Array): string {
  const where = "tstInfo.messageImprint";
  const name = digestName(info.imprintAlgorithm, where);
  if (info.imprint.length !== digestSize(name)) {
    throw new VerificationError("HASH_FAILURE", `${info.imprint.length} bytes cannot be a ${name} digest`, where);
  }
  if (!equal(info.imprint, digest(name, message))) {
    throw new VerificationError("HASH_FAILURE", `the token is about other bytes: its ${name} imprint differs`, where);
  }
  return name;
}

async function checkSignature(
  token: TimestampToken,
  certificates: readonly Certificate[],
): Promise<[Certificate, SignatureScheme]> {
  const { signer } = token;
  const name = digestName(signer.digestAlgorithm, "signerInfo.digestAlgorithm");
  if (!equal(signer.messageDigest, digest(name, token.content))) {
    const detail = "the signed messageDigest is not the digest of the TSTInfo";
    throw new VerificationError("HASH_FAILURE", detail, "signerInfo.messageDigest");
  }
  if (signer.contentType !== TST_INFO) {
    const detail = "the signed contentType is not id-ct-TSTInfo";
    throw new VerificationError("SIG_CONSTRAINTS_FAILURE", detail, "signerInfo.contentType");
  }
  const certificate = findSigner(signer, certificates);
  const scheme = signatureScheme(signer.signatureAlgorithm, name, "signerInfo.signatureAlgorithm");
  await verifySignature(scheme, certificate.spki, signer.signature, signer.signedAttributes, "signerInfo.signature");
  return [certificate, scheme];
}

/** Satisfy pins and roots of the policy; give the path, of one certificate where only pins are given. */
async function checkTrust(
  certificate: Certificate,
  certificates: readonly Certificate[],
  signer: Signer,
  tsa: TrustedTsa,
  moment: Moment,
): Promise<readonly Certificate[]> {
  if (tsa.pins.length > 0 && !tsa.pins.some((pin) => equal(pin, sha256(certificate.der)))) {
    const detail = `${describe(certificate)} is not a certificate the policy pins`;
    throw new InsufficientError("UNTRUSTED_TSA", detail, "token.certificates");
  }
  if (tsa.roots.length === 0 && tsa.pins.length > 0) return [certificate];
  const path = await findPath(certificate, tsa.roots, certificates, moment);
  // RFC 5035 §3: certificates named beyond the first limit the path to those named.
  for (const { ids } of signer.certificateIds) {
    if (ids.length > 1 && !path.slice(0, -1).every((one) => ids.some((id) => matchesId(id, one)))) {
      const detail = "the path uses a certificate the signer's certificate list leaves out";
      throw new VerificationError("SIG_CONSTRAINTS_FAILURE", detail, "signerInfo.signingCertificate");
    }
  }
  return path;
}

/** Check each certificate below the anchor; tell whether every one of them is known as not revoked. */
async function checkPathRevocation(
  path: readonly Certificate[],
  certificates: readonly Certificate[],
  crls: readonly Crl[],
  moment: Moment,
): Promise<boolean> {
  let issuers = path.slice(1);
  if (issuers.length === 0) {
    // pinned alone: its issuer, if at hand, can still have revoked it
    const issuer = await findIssuer(path[0] as Certificate, certificates);
    issuers = issuer === undefined ? [] : [issuer];
  }
  const answers: boolean[] = [];
  for (const [i, issuer] of issuers.entries()) {
    answers.push(await checkRevocation(path[i] as Certificate, issuer, crls, moment));
  }
  return answers.length > 0 && answers.every(Boolean);
}

function checkPolicy(info: TstInfo, imprint: string, scheme: SignatureScheme, tsa: TrustedTsa): void {
  const early = tsa.validFrom !== undefined && info.genTime < tsa.validFrom;
  if (early || (tsa.validUntil !== undefined && info.genTime > tsa.validUntil)) {
    const detail = `genTime is outside the time for which the policy trusts ${tsa.name}`;
    throw new InsufficientError("OUT_OF_TRUST_PERIOD", detail, "tstInfo.genTime");
  }
  if (!tsa.policyOids.includes(info.policyOid)) {
    const detail = `TSA policy ${info.policyOid} is not among those the trust policy names for ${tsa.name}`;
    throw new InsufficientError("POLICY_NOT_ALLOWED", detail, "tstInfo.policy");
  }
  if (!(IMPRINT_ALGORITHMS as readonly string[]).includes(imprint) || !tsa.imprintAlgs.includes(imprint)) {
    const detail = `imprint by ${imprint}, which the trust policy does not accept`;
    throw new InsufficientError("CRYPTO_CONSTRAINTS_FAILURE", detail, "tstInfo.messageImprint");
  }
  if (WEAK_DIGESTS.includes(scheme.digest)) {
    const detail = `signed by ${scheme.name}, which is too weak`;
    throw new InsufficientError("CRYPTO_CONSTRAINTS_FAILURE", detail, "signerInfo.signatureAlgorithm");
  }
}

function remarksOf(status: bigint | undefined, signer: Signer, unrevoked: boolean): string[] {
  const remarks: string[] = [];
  if (status === 1n) remarks.push("GRANTED_WITH_MODS");
  if (signer.certificateIds.every(({ version }) => version === 1)) remarks.push("ESS_CERT_ID_V1");
  if (!unrevoked) remarks.push("REVOCATION_NOT_CHECKED");
  return remarks;
}
