/** The authority's own certificate: which one made the token (RFC 3161 §2.4.2, RFC 5816), and what it must be allowed to do. */

import { digest } from "../crypto/digests.ts";
import { MIN_RSA_BITS, digestName, rsaBits } from "../crypto/signatures.ts";
import { InsufficientError, UncheckableError, VerificationError } from "../errors.ts";
import { equal } from "../formats/bytes.ts";
import { type Certificate, describe } from "./certificate.ts";
import type { CertificateId, IssuerSerial, Signer } from "./token.ts";

const EXTENDED_KEY_USAGE = "2.5.29.37";
const TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
const DIGITAL_SIGNATURE = 0;
const NON_REPUDIATION = 1;

/** Find the certificate that signer identifier and ESSCertID both name (RFC 3161 §2.4.2, RFC 5816). */
export function findSigner(signer: Signer, certificates: readonly Certificate[]): Certificate {
  const where = "signerInfo.signingCertificate";
  if (signer.certificateIds.length === 0) {
    throw new VerificationError("SIG_CONSTRAINTS_FAILURE", "no signing-certificate attribute", where);
  }
  const named = certificates.filter((certificate) => isIdentified(signer.identifier, certificate));
  if (named.length === 0) {
    const detail = "the authority's certificate is neither in the token nor among those given";
    throw new UncheckableError("NO_SIGNING_CERTIFICATE_FOUND", detail, "signerInfo.sid");
  }
  for (const certificate of named) {
    const first = signer.certificateIds.map(({ ids }) => ids[0]).filter((id) => id !== undefined);
    if (first.every((id) => matchesId(id, certificate))) return certificate;
  }
  throw new VerificationError("SIG_CONSTRAINTS_FAILURE", "the ESSCertID is of another certificate", where);
}

function isIdentified(identifier: IssuerSerial | Uint8Array, certificate: Certificate): boolean {
  if (identifier instanceof Uint8Array) {
    return certificate.keyIdentifier !== undefined && equal(certificate.keyIdentifier, identifier);
  }
  return equal(identifier.issuer, certificate.issuer.der) && identifier.serialNumber === certificate.serialNumber;
}

/** Tell whether an ESSCertID names this certificate. */
export function matchesId(id: CertificateId, certificate: Certificate): boolean {
  const name = digestName(id.algorithm, "signerInfo.signingCertificate");
  const named = id.issuerSerial;
  return equal(digest(name, certificate.der), id.digest) && (named === undefined || isIdentified(named, certificate));
}

/** Check that the certificate is one of a time-stamping authority, and of the one that `name` says. */
export function checkTsaCertificate(certificate: Certificate, name: string | undefined): void {
  const where = `certificate ${describe(certificate)}`;
  const usage = certificate.extendedKeyUsage;
  if (usage === undefined || usage.length !== 1 || usage[0] !== TIME_STAMPING) {
    throw new VerificationError("CHAIN_CONSTRAINTS_FAILURE", "extended key usage is not timeStamping alone", where);
  }
  if (certificate.extensions.get(EXTENDED_KEY_USAGE)?.critical !== true) {
    throw new VerificationError("CHAIN_CONSTRAINTS_FAILURE", "extended key usage is not critical", where);
  }
  const bits = certificate.keyUsage;
  if (bits !== undefined && (bits.size === 0 || [...bits].some((bit) => bit !== DIGITAL_SIGNATURE && bit !== NON_REPUDIATION))) {
    const detail = "key usage is not digitalSignature or nonRepudiation alone";
    throw new VerificationError("CHAIN_CONSTRAINTS_FAILURE", detail, where);
  }
  const names = [`directory ${certificate.subject.comparable}`, ...certificate.alternativeNames];
  if (name !== undefined && !names.includes(name)) {
    const detail = "the token names another authority than its certificate";
    throw new VerificationError("SIG_CONSTRAINTS_FAILURE", detail, "tstInfo.tsa");
  }
  const size = rsaBits(certificate.spki);
  if (size !== undefined && size < MIN_RSA_BITS) {
    throw new InsufficientError("CRYPTO_CONSTRAINTS_FAILURE", `the authority's RSA key has ${size} bits`, where);
  }
}
