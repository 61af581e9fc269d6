/** Revocation out of stored CRLs, as RFC 3161 §4 reads it for tokens of the past. */

import { type Element, Reader, TAG, children, parseDer, readInteger, readTime } from "../der.ts";
import { MalformedError, VerificationError } from "../errors.ts";
import { equal } from "../formats/bytes.ts";
import { type Moment, formatTime } from "../formats/encoding.ts";
import {
  CRL_SIGN,
  type Certificate,
  type SignedObject,
  describe,
  readAuthorityKey,
  readExtensions,
  readSigned,
  readWrapped,
  verifyIssued,
} from "./certificate.ts";
import { readName } from "./names.ts";

const REASON = "2.5.29.21";
const AUTHORITY_KEY = "2.5.29.35";
const DISTRIBUTION_POINT = "2.5.29.28";
const REMOVE_FROM_CRL = 8;
// unspecified, affiliationChanged, superseded, cessationOfOperation: what was signed before stays good.
const HARMLESS_LATER = [0, 3, 4, 5];

interface Revoked {
  readonly serialNumber: bigint;
  readonly at: Moment;
  readonly reason: number | undefined;
}

/** A CRL read whole; `complete`: no critical extension narrows it. */
export interface Crl {
  readonly issuer: string;
  readonly complete: boolean;
  readonly indirect: boolean;
  readonly authorityKeyIdentifier: Uint8Array | undefined;
  readonly thisUpdate: Moment;
  readonly nextUpdate: Moment | undefined;
  readonly revoked: readonly Revoked[];
  readonly signed: SignedObject;
}

const isTime = (item: Element): boolean => item.tag === TAG.utcTime || item.tag === TAG.generalizedTime;

/** Read one DER CRL. */
export function loadCrl(der: Uint8Array, where: string): Crl {
  const { signed, body } = readSigned(parseDer(der, where), where);
  const read = new Reader(body, where);
  read.optional(TAG.integer); // version
  read.take(TAG.sequence);
  const issuer = readName(read.take(TAG.sequence), where).comparable;
  const thisUpdate = readTime(read.any(), where);
  const rest = read.rest();
  const nextUpdate = rest[0] !== undefined && isTime(rest[0]) ? readTime(rest.shift() as Element, where) : undefined;
  const entries = rest[0]?.tag === TAG.sequence ? children(rest.shift() as Element) : [];
  const wrapper = rest[0]?.tag === 0xa0 ? rest.shift() : undefined;
  if (rest.length > 0) throw new MalformedError("FORMAT_FAILURE", "the CRL does not parse", where);
  const extensions = readExtensions(readWrapped(wrapper, TAG.sequence, where), where);
  const authority = extensions.get(AUTHORITY_KEY);
  const point = extensions.get(DISTRIBUTION_POINT);
  return {
    issuer,
    complete: ![...extensions.values()].some((extension) => extension.critical),
    indirect: point !== undefined && children(parseDer(point.value, where)).some((part) => part.tag === 0x84 && part.contents[0] === 0xff),
    authorityKeyIdentifier: authority && readAuthorityKey(parseDer(authority.value, where), where),
    thisUpdate,
    nextUpdate,
    revoked: entries.map((entry) => readRevoked(entry, where)),
    signed,
  };
}

function readRevoked(entry: Element, where: string): Revoked {
  const read = new Reader(entry, where);
  const serialNumber = readInteger(read.take(TAG.integer));
  const at = readTime(read.any(), where);
  const reason = readExtensions(read.optional(TAG.sequence), where).get(REASON);
  read.end();
  const value = reason && parseDer(reason.value, where);
  if (value !== undefined && value.tag !== TAG.enumerated) {
    throw new MalformedError("FORMAT_FAILURE", "a reason that does not parse", where);
  }
  return { serialNumber, at, reason: value && Number(readInteger(value)) };
}

/** Check one certificate against the CRLs of its issuer: true if one that reaches the moment shows it as not revoked. */
export async function checkRevocation(
  certificate: Certificate,
  issuer: Certificate,
  crls: readonly Crl[],
  moment: Moment,
): Promise<boolean> {
  let covered = false;
  for (const crl of crls) {
    if (crl.issuer !== certificate.issuer.comparable || !mayHaveSigned(issuer, crl)) continue;
    await verifyIssued(crl.signed, issuer);
    for (const entry of crl.revoked) {
      if (entry.serialNumber === certificate.serialNumber) checkEntry(entry, certificate, moment);
    }
    const reaches = crl.thisUpdate >= moment || (crl.nextUpdate ?? crl.thisUpdate) >= moment;
    covered ||= crl.complete && reaches;
  }
  return covered;
}

/** Leave out a CRL of the same name but another key, one of a key not for CRLs, and indirect CRLs. */
function mayHaveSigned(issuer: Certificate, crl: Crl): boolean {
  const wanted = crl.authorityKeyIdentifier;
  const found = issuer.keyIdentifier;
  const sameKey = wanted === undefined || found === undefined || equal(wanted, found);
  return sameKey && (issuer.keyUsage === undefined || issuer.keyUsage.has(CRL_SIGN)) && !crl.indirect;
}

function checkEntry(entry: Revoked, certificate: Certificate, moment: Moment): void {
  if (entry.reason === REMOVE_FROM_CRL) return;
  if (entry.at > moment && entry.reason !== undefined && HARMLESS_LATER.includes(entry.reason)) return;
  const detail = `revoked at ${formatTime(entry.at)}, reason ${entry.reason ?? "not given"}`;
  throw new VerificationError("REVOKED", detail, `certificate ${describe(certificate)}`);
}
