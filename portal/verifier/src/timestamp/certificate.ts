/** Certificates of time-stamping authorities and those above them: reading, and who issued them when. */

import { type AlgorithmIdentifier, readAlgorithm, signatureScheme, verifySignature } from "../crypto/signatures.ts";
import {
  type Element,
  Reader,
  TAG,
  children,
  parseDer,
  readBits,
  readBoolean,
  readInteger,
  readOctetBits,
  readOid,
  readTime,
} from "../der.ts";
import { MalformedError, VerificationError } from "../errors.ts";
import { equal, toHex } from "../formats/bytes.ts";
import { type Moment, formatTime } from "../formats/encoding.ts";
import { type Name, readName } from "./names.ts";

const OID = {
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  subjectKeyIdentifier: "2.5.29.14",
  authorityKeyIdentifier: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37",
} as const;
/** CRL distribution points, certificate policies, freshest CRL, authority information access: lists of sequences. */
const LISTS = ["2.5.29.31", "2.5.29.32", "2.5.29.46", "1.3.6.1.5.5.7.1.1"];
export const KEY_CERT_SIGN = 5;
export const CRL_SIGN = 6;

export interface Extension {
  readonly critical: boolean;
  readonly value: Uint8Array;
}

/** What a CA signed: a certificate or a CRL, and how. */
export interface SignedObject {
  readonly data: Uint8Array;
  readonly algorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  readonly where: string;
}

/** A certificate read whole, so that nothing later can fail to parse. */
export interface Certificate {
  readonly der: Uint8Array;
  readonly serialNumber: bigint;
  readonly issuer: Name;
  readonly subject: Name;
  readonly spki: Uint8Array;
  readonly notBefore: Moment;
  readonly notAfter: Moment;
  readonly extensions: ReadonlyMap<string, Extension>;
  readonly keyUsage: ReadonlySet<number> | undefined;
  readonly extendedKeyUsage: readonly string[] | undefined;
  readonly keyIdentifier: Uint8Array | undefined;
  readonly authorityKeyIdentifier: Uint8Array | undefined;
  readonly isAuthority: boolean;
  readonly maxPathLength: bigint | undefined;
  readonly alternativeNames: readonly string[];
  readonly signed: SignedObject;
}

/** Take a certificate or CRL apart into what was signed, and how. */
export function readSigned(whole: Element, where: string): { signed: SignedObject; body: Element } {
  const read = new Reader(whole, where);
  const body = read.take(TAG.sequence);
  const outer = read.take(TAG.sequence);
  const bits = read.take(TAG.bitString);
  read.end();
  const algorithm = readAlgorithm(outer, where);
  // After version and serial number at most stands the algorithm that is signed (RFC 5280 §4.1.1.2).
  if (!children(body).slice(0, 3).some((part) => equal(part.raw, outer.raw))) {
    throw new MalformedError("FORMAT_FAILURE", "two different signature algorithms are named", where);
  }
  return { signed: { data: body.raw, algorithm, signature: readOctetBits(bits, where), where }, body };
}

/** Read an explicitly tagged field that holds one element. */
export function readWrapped(wrapper: Element | undefined, tag: number, where: string): Element | undefined {
  if (wrapper === undefined) return undefined;
  const inner = new Reader(wrapper, where, wrapper.tag);
  const item = inner.take(tag);
  inner.end();
  return item;
}

/** Read extensions, each type once. */
export function readExtensions(list: Element | undefined, where: string): Map<string, Extension> {
  const found = new Map<string, Extension>();
  for (const item of list === undefined ? [] : children(list)) {
    const read = new Reader(item, where);
    const oid = readOid(read.take(TAG.oid));
    const critical = read.optional(TAG.boolean);
    const value = read.take(TAG.octetString).contents;
    read.end();
    if (found.has(oid)) throw new MalformedError("FORMAT_FAILURE", `extension ${oid} stands twice`, where);
    found.set(oid, { critical: critical !== undefined && readBoolean(critical), value });
  }
  return found;
}

/** Read one DER certificate with the extensions that are used here. */
export function loadCertificate(der: Uint8Array, where: string): Certificate {
  const { signed, body } = readSigned(parseDer(der, where), where);
  const read = new Reader(body, where);
  readWrapped(read.optional(0xa0), TAG.integer, where); // version
  const serialNumber = readInteger(read.take(TAG.integer));
  read.take(TAG.sequence); // the algorithm, compared above
  const issuer = readName(read.take(TAG.sequence), where);
  const validity = new Reader(read.take(TAG.sequence), where);
  const notBefore = readTime(validity.any(), where);
  const notAfter = readTime(validity.any(), where);
  validity.end();
  const subject = readName(read.take(TAG.sequence), where);
  const spki = read.take(TAG.sequence);
  checkSpki(spki, where);
  read.optional(0x81);
  read.optional(0x82);
  const extensions = readExtensions(readWrapped(read.optional(0xa3), TAG.sequence, where), where);
  read.end();
  const extension = (oid: string): Element | undefined => {
    const found = extensions.get(oid);
    return found === undefined ? undefined : parseDer(found.value, where);
  };
  for (const oid of LISTS) {
    const list = extension(oid);
    if (list !== undefined) children(demand(list, TAG.sequence, where)).forEach((item) => demand(item, TAG.sequence, where));
  }
  return {
    der,
    serialNumber,
    issuer,
    subject,
    spki: spki.raw,
    notBefore,
    notAfter,
    extensions,
    ...readUsage(extension(OID.keyUsage), extension(OID.extendedKeyUsage), where),
    ...readKeyIdentifiers(extension(OID.subjectKeyIdentifier), extension(OID.authorityKeyIdentifier), where),
    ...readConstraints(extension(OID.basicConstraints), where),
    alternativeNames: readGeneralNames(extension(OID.subjectAltName), where),
    signed,
  };
}

function checkSpki(spki: Element, where: string): void {
  const read = new Reader(spki, where);
  readAlgorithm(read.take(TAG.sequence), where);
  readOctetBits(read.take(TAG.bitString), where);
  read.end();
}

function demand(item: Element, tag: number, where: string): Element {
  if (item.tag !== tag) throw new MalformedError("FORMAT_FAILURE", "an extension does not parse", where);
  return item;
}

function readUsage(
  keyUsage: Element | undefined,
  extended: Element | undefined,
  where: string,
): Pick<Certificate, "keyUsage" | "extendedKeyUsage"> {
  return {
    keyUsage: keyUsage && readBits(demand(keyUsage, TAG.bitString, where)),
    extendedKeyUsage:
      extended && children(demand(extended, TAG.sequence, where)).map((item) => readOid(demand(item, TAG.oid, where))),
  };
}

function readKeyIdentifiers(
  own: Element | undefined,
  authority: Element | undefined,
  where: string,
): Pick<Certificate, "keyIdentifier" | "authorityKeyIdentifier"> {
  return {
    keyIdentifier: own && demand(own, TAG.octetString, where).contents,
    authorityKeyIdentifier: authority && readAuthorityKey(authority, where),
  };
}

/** Give the key identifier of an AuthorityKeyIdentifier, where it has one. */
export function readAuthorityKey(value: Element, where: string): Uint8Array | undefined {
  return children(demand(value, TAG.sequence, where)).find((part) => part.tag === 0x80)?.contents;
}

function readConstraints(
  value: Element | undefined,
  where: string,
): Pick<Certificate, "isAuthority" | "maxPathLength"> {
  if (value === undefined) return { isAuthority: false, maxPathLength: undefined };
  const read = new Reader(value, where);
  const authority = read.optional(TAG.boolean);
  const length = read.optional(TAG.integer);
  read.end();
  return {
    isAuthority: authority !== undefined && readBoolean(authority),
    maxPathLength: length && readInteger(length),
  };
}

/** Write a GeneralName in comparable form: a directory name by its kind, any other by its bytes. */
export function readGeneralName(item: Element, where: string): string {
  if (item.tag !== 0xa4) return toHex(item.raw);
  const inner = new Reader(item, where, 0xa4);
  const name = readName(inner.take(TAG.sequence), where);
  inner.end();
  return `directory ${name.comparable}`;
}

function readGeneralNames(value: Element | undefined, where: string): string[] {
  return value === undefined ? [] : children(demand(value, TAG.sequence, where)).map((item) => readGeneralName(item, where));
}

/** Verify that `issuer`'s key signed the object. */
export async function verifyIssued(signed: SignedObject, issuer: Certificate): Promise<void> {
  const scheme = signatureScheme(signed.algorithm, undefined, signed.where);
  await verifySignature(scheme, issuer.spki, signed.signature, signed.data, signed.where);
}

export function describe(certificate: Certificate): string {
  return certificate.subject.shown;
}

/** Check that `moment` lies in the certificate's validity, both ends included (RFC 5280 §4.1.2.5). */
export function checkValidity(certificate: Certificate, moment: Moment): void {
  const where = `certificate ${describe(certificate)}`;
  if (moment < certificate.notBefore) {
    throw new VerificationError("NOT_YET_VALID", `valid only from ${formatTime(certificate.notBefore)}`, where);
  }
  if (moment > certificate.notAfter) {
    throw new VerificationError("EXPIRED", `valid only until ${formatTime(certificate.notAfter)}`, where);
  }
}

