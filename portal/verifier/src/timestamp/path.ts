/**
 * From the authority's certificate to a root of the policy, at one moment (RFC 5280 §6, the part of it that is short).
 *
 * Signatures, validity, basic constraints, path length, key usage and critical extensions are judged here. A path on
 * which any certificate below the root carries name constraints, policy constraints, policy mappings or an inhibition
 * of any-policy is not judged: PATH_NOT_SUPPORTED, and the Python verifier can say more.
 */

import { MIN_RSA_BITS, rsaBits, signatureScheme } from "../crypto/signatures.ts";
import { WEAK_DIGESTS } from "../crypto/digests.ts";
import { type EvidenceError, InsufficientError, MalformedError, UncheckableError, VerificationError } from "../errors.ts";
import { equal, toHex } from "../formats/bytes.ts";
import type { Moment } from "../formats/encoding.ts";
import { type Certificate, KEY_CERT_SIGN, checkValidity, describe, verifyIssued } from "./certificate.ts";

const MAX_PATH_LENGTH = 8;
const MAX_SIGNATURE_CHECKS = 100;
const NOT_JUDGED = ["2.5.29.30", "2.5.29.36", "2.5.29.33", "2.5.29.54"];
/** Critical extensions that are looked at, or that say nothing about a path. */
const KNOWN_CRITICAL = [
  "2.5.29.14", "2.5.29.15", "2.5.29.17", "2.5.29.19", "2.5.29.31", "2.5.29.32", "2.5.29.35", "2.5.29.37", "2.5.29.46",
  "1.3.6.1.5.5.7.1.1", "1.3.6.1.5.5.7.48.1.5",
];

/** One search through certificates that are the attacker's, and could branch without end. */
class Search {
  private left = MAX_SIGNATURE_CHECKS;
  private readonly known = new Map<string, boolean>();
  unchecked: UncheckableError | undefined;

  constructor(
    private readonly roots: readonly Certificate[],
    private readonly pool: readonly Certificate[],
  ) {}

  /** Give every path that goes on from `path` and ends at a root, shortest branches first. */
  async *paths(path: readonly Certificate[]): AsyncGenerator<readonly Certificate[]> {
    const last = path.at(-1) as Certificate;
    if (this.roots.some((root) => equal(root.der, last.der))) {
      yield path;
    } else if (path.length < MAX_PATH_LENGTH) {
      for (const root of this.roots) if (await this.issued(last, root)) yield [...path, root];
      for (const issuer of this.pool) {
        const fresh = path.every((certificate) => !equal(certificate.der, issuer.der));
        if (fresh && (await this.issued(last, issuer))) yield* this.paths([...path, issuer]);
      }
    }
  }

  /** Tell whether one signed the other, as far as the search may still look. */
  async issued(certificate: Certificate, issuer: Certificate): Promise<boolean> {
    if (!mayHaveIssued(certificate, issuer)) return false;
    const pair = `${toHex(certificate.der)} ${toHex(issuer.der)}`;
    let answer = this.known.get(pair);
    if (answer === undefined) {
      if (this.left-- <= 0) return false;
      answer = await this.verified(certificate, issuer);
      this.known.set(pair, answer);
    }
    return answer;
  }

  private async verified(certificate: Certificate, issuer: Certificate): Promise<boolean> {
    try {
      await verifyIssued(certificate.signed, issuer);
      return true;
    } catch (error) {
      if (error instanceof UncheckableError) this.unchecked ??= error;
      else if (!(error instanceof VerificationError)) throw error;
      return false;
    }
  }
}

/** Tell whether names and key identifiers allow that one issued the other; signatures come after. */
function mayHaveIssued(certificate: Certificate, issuer: Certificate): boolean {
  if (certificate.issuer.comparable !== issuer.subject.comparable) return false;
  const wanted = certificate.authorityKeyIdentifier;
  const found = issuer.keyIdentifier;
  return wanted === undefined || found === undefined || equal(wanted, found);
}

/** Find a certificate whose key signed this one. */
export async function findIssuer(
  certificate: Certificate,
  pool: readonly Certificate[],
): Promise<Certificate | undefined> {
  const search = new Search([], pool);
  for (const issuer of pool) if (await search.issued(certificate, issuer)) return issuer;
  return undefined;
}

/** Find a path from `certificate` to one of `roots` that holds at `moment`; both ends are in it. */
export async function findPath(
  certificate: Certificate,
  roots: readonly Certificate[],
  pool: readonly Certificate[],
  moment: Moment,
): Promise<readonly Certificate[]> {
  const search = new Search(roots, pool);
  let first: EvidenceError | undefined;
  for await (const path of search.paths([certificate])) {
    try {
      validate(path, moment);
      return path;
    } catch (error) {
      if (error instanceof MalformedError || !isEvidence(error)) throw error;
      first ??= error;
    }
  }
  if (first !== undefined) throw first;
  if (search.unchecked !== undefined) throw search.unchecked;
  const detail = `no path from ${describe(certificate)} to a root of the policy`;
  throw new InsufficientError("UNTRUSTED_TSA", detail, "token.certificates");
}

function isEvidence(error: unknown): error is EvidenceError {
  return error instanceof VerificationError || error instanceof InsufficientError || error instanceof UncheckableError;
}

function validate(path: readonly Certificate[], moment: Moment): void {
  for (const certificate of path) checkValidity(certificate, moment);
  const below = path.slice(0, -1);
  const anchor = path.at(-1) as Certificate;
  const where = `certificate ${describe(path[0] as Certificate)}`;
  const broken = (detail: string): never => {
    throw new VerificationError("CHAIN_CONSTRAINTS_FAILURE", detail, where);
  };
  let room = anchor.maxPathLength;
  for (const certificate of [...below].reverse()) {
    checkAlgorithms(certificate, where);
    for (const [oid, extension] of certificate.extensions) {
      if (NOT_JUDGED.includes(oid)) {
        throw new UncheckableError("PATH_NOT_SUPPORTED", `the path has constraints (${oid}) not judged here`, where);
      }
      if (extension.critical && !KNOWN_CRITICAL.includes(oid)) broken(`critical extension ${oid} is not known`);
    }
    if (certificate === below[0]) continue;
    if (!certificate.isAuthority) broken("an intermediate certificate is none of an authority");
    if (certificate.keyUsage !== undefined && !certificate.keyUsage.has(KEY_CERT_SIGN)) {
      broken("an intermediate certificate may not sign certificates");
    }
    if (certificate.issuer.comparable !== certificate.subject.comparable && room !== undefined) {
      if (room <= 0n) broken("the path is longer than an authority allows");
      room -= 1n;
    }
    const own = certificate.maxPathLength;
    if (own !== undefined && (room === undefined || own < room)) room = own;
  }
}

function checkAlgorithms(certificate: Certificate, where: string): void {
  const scheme = signatureScheme(certificate.signed.algorithm, undefined, where);
  const bits = rsaBits(certificate.spki);
  if (WEAK_DIGESTS.includes(scheme.digest) || (bits !== undefined && bits < MIN_RSA_BITS)) {
    throw new InsufficientError("CRYPTO_CONSTRAINTS_FAILURE", `the path rests on ${scheme.name}`, where);
  }
}
