/** TimeStampResp, TimeStampToken and TSTInfo, strictly read (RFC 3161 §2.4.2, RFC 5652 §5). */

import { type AlgorithmIdentifier, readAlgorithm, sameAlgorithm } from "../crypto/signatures.ts";
import { type Element, Reader, TAG, children, parseDer, readBits, readBoolean, readInteger, readOid } from "../der.ts";
import { MalformedError, VerificationError } from "../errors.ts";
import { compare, concat, fromUtf8 } from "../formats/bytes.ts";
import { type Moment, existsMoment, moment } from "../formats/encoding.ts";
import { readGeneralName, readWrapped } from "./certificate.ts";

const MAX_RESPONSE_SIZE = 65_536;
const MAX_INTEGER_BYTES = 64;
const MAX_ACCURACY_SECONDS = 2n ** 31n;
const SIGNED_DATA = "1.2.840.113549.1.7.2";
export const TST_INFO = "1.2.840.113549.1.9.16.1.4";
const CONTENT_TYPE = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
const SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";
const SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
const SHA1: AlgorithmIdentifier = { oid: "1.3.14.3.2.26", parameters: undefined };
const SHA256: AlgorithmIdentifier = { oid: "2.16.840.1.101.3.4.2.1", parameters: undefined };

/** A certificate named by its issuer (the DER of the Name, compared byte for byte) and serial number. */
export interface IssuerSerial {
  readonly issuer: Uint8Array;
  readonly serialNumber: bigint;
}

/** ESSCertID (RFC 2634 §5.4.1, always SHA-1) or ESSCertIDv2 (RFC 5035 §4). */
export interface CertificateId {
  readonly algorithm: AlgorithmIdentifier;
  readonly digest: Uint8Array;
  readonly issuerSerial: IssuerSerial | undefined;
}

/** The one SignerInfo; an identifier of bytes is a subject key identifier. */
export interface Signer {
  readonly identifier: IssuerSerial | Uint8Array;
  readonly digestAlgorithm: AlgorithmIdentifier;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signedAttributes: Uint8Array;
  readonly contentType: string;
  readonly messageDigest: Uint8Array;
  readonly certificateIds: readonly { readonly version: number; readonly ids: readonly CertificateId[] }[];
  readonly signature: Uint8Array;
}

/** The signed statement: who holds `imprint` by `imprintAlgorithm` is not younger than `genTime`. */
export interface TstInfo {
  readonly policyOid: string;
  readonly imprintAlgorithm: AlgorithmIdentifier;
  readonly imprint: Uint8Array;
  readonly serialNumber: bigint;
  readonly genTime: Moment;
  /** Microseconds by which genTime may be off, either way. */
  readonly accuracy: bigint | undefined;
  readonly tsa: string | undefined;
  readonly criticalExtensions: readonly string[];
}

export interface TimestampToken {
  readonly der: Uint8Array;
  readonly content: Uint8Array;
  readonly info: TstInfo;
  readonly signer: Signer;
  readonly certificates: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
}

/** A response that granted a token; `status` is undefined for a bare token, which has no status. */
export interface Granted {
  readonly status: bigint | undefined;
  readonly token: TimestampToken;
}

function malformed(detail: string, where: string): never {
  throw new MalformedError("FORMAT_FAILURE", detail, where);
}

/** Read a TimeStampResp or a bare TimeStampToken, to the last byte, and demand that it was granted. */
export function parseResponse(raw: Uint8Array): Granted {
  if (raw.length > MAX_RESPONSE_SIZE) malformed(`${raw.length} bytes, the limit is ${MAX_RESPONSE_SIZE}`, "response");
  const whole = parseDer(raw, "response");
  if (whole.tag === TAG.sequence && children(whole)[0]?.tag === TAG.oid) {
    return { status: undefined, token: readToken(whole) };
  }
  const read = new Reader(whole, "response");
  const info = new Reader(read.take(TAG.sequence), "response.status");
  const status = readInteger(info.take(TAG.integer));
  const words = info.optional(TAG.sequence);
  const failures = info.optional(TAG.bitString);
  info.end();
  const present = read.optional(TAG.sequence);
  read.end();
  const said = (words === undefined ? [] : children(words)).map((item) => {
    if (item.tag !== TAG.utf8) malformed("the status text does not parse", "response.status");
    return fromUtf8(item.contents) ?? malformed("the status text is not UTF-8", "response.status");
  });
  if ((present !== undefined) !== (status === 0n || status === 1n)) {
    malformed(`PKIStatus ${status} and ${present === undefined ? "no" : "a"} token`, "response.status");
  }
  if (present === undefined) {
    const bits = failures === undefined ? [] : [...readBits(failures)].map((bit) => `failure ${bit}`);
    const words = [...said, ...bits].join("; ") || "no reason given";
    throw new VerificationError(
      "STATUS_NOT_GRANTED",
      `the authority refused with PKIStatus ${status}: ${words}`,
      "response.status",
    );
  }
  return { status, token: readToken(present) };
}

/** Take the inside of an explicitly tagged field. */
function explicit(read: Reader, tag: number, inner: number, where: string): Element {
  const item = readWrapped(read.optional(tag), inner, where);
  return item ?? malformed("a field is missing", where);
}

function readToken(whole: Element): TimestampToken {
  const info = new Reader(whole, "token");
  if (readOid(info.take(TAG.oid)) !== SIGNED_DATA) malformed("the token is not CMS SignedData", "token");
  const read = new Reader(explicit(info, 0xa0, TAG.sequence, "token"), "token");
  info.end();
  const version = readInteger(read.take(TAG.integer));
  const digests = children(read.take(TAG.set)).map((item) => readAlgorithm(item, "token.digestAlgorithms"));
  const encapsulated = new Reader(read.take(TAG.sequence), "token.encapContentInfo");
  const contentType = readOid(encapsulated.take(TAG.oid));
  if (contentType !== TST_INFO) malformed("the token does not hold a TSTInfo", "token.encapContentInfo");
  const content = explicit(encapsulated, 0xa0, TAG.octetString, "token.encapContentInfo").contents;
  encapsulated.end();
  if (version !== 3n) malformed("SignedData version is not 3", "token.version");
  const certificates = readPlain(read.optional(0xa0), "token.certificates");
  const crls = readPlain(read.optional(0xa1), "token.crls");
  const signers = children(read.take(TAG.set));
  read.end();
  if (signers[0] === undefined || signers.length !== 1) {
    malformed("a token has exactly one signer (RFC 3161 §2.4.2)", "token.signerInfos");
  }
  const signer = readSigner(signers[0]);
  if (!digests.some((algorithm) => sameAlgorithm(algorithm, signer.digestAlgorithm))) {
    malformed("the signer's digest algorithm is not among digestAlgorithms", "token.digestAlgorithms");
  }
  return { der: whole.raw, content, info: readTstInfo(content), signer, certificates, crls };
}

/** Take certificates or CRLs out of a set of CHOICEs, in any order (many servers do not sort). */
function readPlain(field: Element | undefined, where: string): Uint8Array[] {
  const values = field === undefined ? [] : children(field);
  if (values.some((value) => value.tag !== TAG.sequence)) malformed("something other than plain X.509", where);
  return values.map((value) => value.raw);
}

function readSigner(whole: Element): Signer {
  const read = new Reader(whole, "signerInfo");
  const version = readInteger(read.take(TAG.integer));
  const byKey = read.optional(0x80);
  if (version !== (byKey === undefined ? 1n : 3n)) {
    malformed("SignerInfo version does not go with its identifier", "signerInfo.version");
  }
  const identifier = byKey?.contents ?? readIssuerSerial(read.take(TAG.sequence), "signerInfo.sid");
  const digestAlgorithm = readAlgorithm(read.take(TAG.sequence), "signerInfo.digestAlgorithm");
  const field = read.optional(0xa0) ?? malformed("no signed attributes", "signerInfo.signedAttrs");
  const signatureAlgorithm = readAlgorithm(read.take(TAG.sequence), "signerInfo.signatureAlgorithm");
  const signature = read.take(TAG.octetString).contents;
  const unsigned = read.optional(0xa1);
  if (unsigned !== undefined) children(unsigned).forEach((attribute) => readAttribute(attribute));
  read.end();
  const attributes = readAttributes(children(field));
  const required = (oid: string, tag: number, name: string): Element => {
    const value = attributes.get(oid) ?? malformed(`no signed attribute ${name}`, "signerInfo.signedAttrs");
    return value.tag === tag ? value : malformed(`the attribute ${name} does not parse`, "signerInfo.signedAttrs");
  };
  const certificateIds = [
    { version: 1, oid: SIGNING_CERTIFICATE },
    { version: 2, oid: SIGNING_CERTIFICATE_V2 },
  ].flatMap(({ version: number, oid }) => {
    const value = attributes.get(oid);
    return value === undefined ? [] : [{ version: number, ids: readCertificateIds(value, number) }];
  });
  return {
    identifier,
    digestAlgorithm,
    signatureAlgorithm,
    // Signed is the universal SET, not the [0] that stands in its place (RFC 5652 §5.4).
    signedAttributes: concat(Uint8Array.of(TAG.set), field.raw.subarray(1)),
    contentType: readOid(required(CONTENT_TYPE, TAG.oid, "contentType")),
    messageDigest: required(MESSAGE_DIGEST, TAG.octetString, "messageDigest").contents,
    certificateIds,
    signature,
  };
}

function readAttribute(item: Element): [string, Element[]] {
  const read = new Reader(item, "signerInfo.signedAttrs");
  const oid = readOid(read.take(TAG.oid));
  const values = children(read.take(TAG.set));
  read.end();
  return [oid, values];
}

/** Map the attributes by type: in DER order, each type once, each with one value. */
function readAttributes(items: readonly Element[]): Map<string, Element> {
  const sorted = items.every((item, i) => i === 0 || compare((items[i - 1] as Element).raw, item.raw) <= 0);
  if (!sorted) malformed("the SET OF signed attributes is not in DER order", "signerInfo.signedAttrs");
  const attributes = new Map<string, Element>();
  for (const item of items) {
    const [oid, values] = readAttribute(item);
    if (attributes.has(oid)) malformed(`signed attribute ${oid} twice`, "signerInfo.signedAttrs");
    if (values[0] === undefined || values.length !== 1) {
      malformed(`signed attribute ${oid} has not one value`, "signerInfo.signedAttrs");
    }
    attributes.set(oid, values[0]);
  }
  return attributes;
}

function readIssuerSerial(item: Element, where: string): IssuerSerial {
  const read = new Reader(item, where);
  const issuer = read.take(TAG.sequence).raw;
  const serialNumber = readInteger(read.take(TAG.integer));
  read.end();
  return { issuer, serialNumber };
}

function readCertificateIds(value: Element, version: number): CertificateId[] {
  const where = "signerInfo.signedAttrs";
  const read = new Reader(value, where);
  const certs = read.take(TAG.sequence);
  read.optional(TAG.sequence); // policies
  read.end();
  return children(certs).map((item) => {
    const one = new Reader(item, where);
    const algorithm = version === 2 ? one.optional(TAG.sequence) : undefined;
    const digest = one.take(TAG.octetString).contents;
    const named = one.optional(TAG.sequence);
    one.end();
    const preset = version === 2 ? SHA256 : SHA1;
    return {
      algorithm: algorithm === undefined ? preset : readAlgorithm(algorithm, where),
      digest,
      issuerSerial: named && readEssIssuer(named, where),
    };
  });
}

/** Read an issuer of one directory name with its serial number (RFC 5035 §4). */
function readEssIssuer(item: Element, where: string): IssuerSerial {
  const read = new Reader(item, where);
  const names = children(read.take(TAG.sequence));
  const serialNumber = readInteger(read.take(TAG.integer));
  read.end();
  if (names[0]?.tag !== 0xa4 || names.length !== 1) malformed("an ESS issuer that is not one directory name", where);
  const issuer = children(names[0])[0] ?? malformed("an ESS issuer without a name", where);
  return { issuer: issuer.raw, serialNumber };
}

const WHERE = "tstInfo";

/** Read the DER of a TSTInfo, the eContent of a token. */
function readTstInfo(data: Uint8Array): TstInfo {
  const read = new Reader(parseDer(data, WHERE), WHERE);
  if (readInteger(read.take(TAG.integer)) !== 1n) malformed("TSTInfo version is not 1", WHERE);
  const policyOid = readOid(read.take(TAG.oid));
  const imprint = new Reader(read.take(TAG.sequence), WHERE);
  const imprintAlgorithm = readAlgorithm(imprint.take(TAG.sequence), WHERE);
  const hashed = imprint.take(TAG.octetString).contents;
  imprint.end();
  const serialNumber = bounded(read.take(TAG.integer), "serialNumber");
  const genTime = readGenTime(read.take(TAG.generalizedTime).contents);
  const accuracy = read.optional(TAG.sequence);
  read.optional(TAG.boolean); // ordering
  const nonce = read.optional(TAG.integer);
  if (nonce !== undefined) bounded(nonce, "nonce");
  const name = read.optional(0xa0);
  const extensions = read.optional(0xa1);
  read.end();
  const named = name === undefined ? [] : children(name);
  if (named.length > 1) malformed("TSTInfo does not parse", WHERE);
  return {
    policyOid,
    imprintAlgorithm,
    imprint: hashed,
    serialNumber,
    genTime,
    accuracy: accuracy && readAccuracy(accuracy),
    tsa: named[0] && readGeneralName(named[0], WHERE),
    criticalExtensions: (extensions === undefined ? [] : children(extensions)).flatMap((item) => {
      const one = new Reader(item, WHERE);
      const oid = readOid(one.take(TAG.oid));
      const critical = one.optional(TAG.boolean);
      one.take(TAG.octetString);
      one.end();
      return critical !== undefined && readBoolean(critical) ? [oid] : [];
    }),
  };
}

function bounded(item: Element, name: string): bigint {
  if (item.contents.length > MAX_INTEGER_BYTES) malformed(`${name} is longer than ${MAX_INTEGER_BYTES} bytes`, WHERE);
  return readInteger(item);
}

/** Read a GeneralizedTime in DER; a fraction finer than microseconds is rounded up, never down. */
function readGenTime(contents: Uint8Array): Moment {
  const text = String.fromCharCode(...contents);
  const match = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?:\.(\d*[1-9]))?Z$/.exec(text);
  if (match === null) malformed("genTime is not a GeneralizedTime in DER", `${WHERE}.genTime`);
  const fields = (match as RegExpExecArray).slice(1, 7).map(Number) as [number, number, number, number, number, number];
  if (!existsMoment(fields)) malformed("TSTInfo does not parse: no such moment", WHERE);
  const fraction = (match as RegExpExecArray)[7] ?? "0";
  const scale = 10n ** BigInt(fraction.length);
  return moment(...fields) + (BigInt(fraction) * 1_000_000n + scale - 1n) / scale;
}

function readAccuracy(item: Element): bigint {
  const read = new Reader(item, WHERE);
  const seconds = read.optional(TAG.integer);
  const millis = read.optional(0x80);
  const micros = read.optional(0x81);
  read.end();
  const value = (part: Element | undefined, name: string): bigint | undefined => {
    // An implicitly tagged number is no universal INTEGER to the walk: its shortest form is demanded by the range below.
    if (part !== undefined && part.contents.length === 0) malformed("an empty number", WHERE);
    return part && bounded(part, name);
  };
  const [s, ms, us] = [value(seconds, "accuracy.seconds") ?? 0n, value(millis, "accuracy.millis"), value(micros, "accuracy.micros")];
  if (s < 0n || s >= MAX_ACCURACY_SECONDS || [ms, us].some((part) => part !== undefined && (part < 1n || part > 999n))) {
    malformed("accuracy is out of range", `${WHERE}.accuracy`);
  }
  return s * 1_000_000n + (ms ?? 0n) * 1_000n + (us ?? 0n);
}
