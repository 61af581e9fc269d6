/** The trust policy: what the verifier's own user trusts (docs/spec/policy.md, `zheng_verifier.policy`). */

import { IMPRINT_ALGORITHMS } from "../crypto/digests.ts";
import { MalformedError } from "../errors.ts";
import type { TrustedChain } from "../ethereum/anchor.ts";
import { type Certificate, loadCertificate } from "../timestamp/certificate.ts";
import type { TrustedTsa } from "../timestamp/verify.ts";
import { cut, toHex } from "./bytes.ts";
import { Fields, type JsonValue, POLICY_LIMITS, parseCanonical } from "./canonical.ts";
import { parseOrigin } from "./claim.ts";
import { type Moment, parseBase64, parseHex, parseTime, parseUuid } from "./encoding.ts";
import { checkPublicKey } from "./jws.ts";
import { COSIGNATURE_ED25519, type VerifierKey, formatVkey, parseVkey } from "./note.ts";

const MAX_ITEMS = 256;
const OID = /^[0-2](?:\.(?:0|[1-9][0-9]{0,38})){1,31}$/;

/** An algorithm accepted for what was made from `start` on and before `until`, each if given. */
export interface AlgorithmRule {
  readonly name: string;
  readonly start: Moment | undefined;
  readonly until: Moment | undefined;
}

/** A log key for the checkpoints of fromSize ≤ size < toSize. */
export interface LogKey {
  readonly key: VerifierKey;
  readonly fromSize: number;
  readonly toSize: number | undefined;
}

export interface CompromisedKey {
  readonly key: VerifierKey;
  readonly noticeTime: Moment;
  readonly claimedSince: Moment;
}

/** A log: its origin, the case of its own life, its keys by size, its witnesses, and what is known against its keys. */
export interface TrustedLog {
  readonly origin: string;
  readonly logCase: string;
  readonly keys: readonly LogKey[];
  readonly witnesses: { readonly k: number; readonly of: readonly VerifierKey[] };
  readonly compromised: readonly CompromisedKey[];
}

/** A platform's key, pinned for the leaves of fromIndex ≤ index < toIndex. */
export interface TrustedSubmitter {
  readonly tenant: string;
  readonly spki: Uint8Array;
  readonly organisation: string;
  readonly fromIndex: number;
  readonly toIndex: number | undefined;
}

export interface TrustedCa {
  readonly name: string;
  readonly roots: readonly Certificate[];
  readonly test: boolean;
}

/** A service whose papers are known: by roots of its seals, by keys of its reports. */
export interface TrustedIssuer {
  readonly name: string;
  readonly roots: readonly Certificate[];
  readonly reportKeys: readonly Uint8Array[];
  readonly test: boolean;
}

export interface TrustPolicy {
  readonly issuedAt: Moment;
  readonly expires: Moment;
  readonly algorithms: readonly AlgorithmRule[];
  readonly logs: readonly TrustedLog[];
  readonly chains: readonly TrustedChain[];
  readonly tsas: readonly TrustedTsa[];
  readonly submitters: readonly TrustedSubmitter[];
  readonly quorum: { readonly tsa: number; readonly chain: number; readonly witness: number };
  readonly cas: readonly TrustedCa[];
  readonly issuers: readonly TrustedIssuer[];
}

type Read<T> = (value: JsonValue, where: string) => T;

function malformed(detail: string, where: string): never {
  throw new MalformedError("FORMAT_FAILURE", detail, where);
}

function list<T>(fields: Fields, name: string, read: Read<T>, minimum = 0): T[] {
  const items = fields.array(name, MAX_ITEMS);
  if (items.length < minimum) {
    throw new MalformedError("FIELD_MISSING", `'${name}' needs at least ${minimum}`, fields.path(name));
  }
  return items.map((item, position) => read(item, `${fields.path(name)}/${position}`));
}

const text: Read<string> = (value, where) => {
  if (typeof value !== "string" || value === "") {
    throw new MalformedError("WRONG_TYPE", "must be a string that is not empty", where);
  }
  return value;
};
const hex =
  (size: number): Read<Uint8Array> =>
  (value, where) =>
    parseHex(text(value, where), where, size);
const der: Read<Uint8Array> = (value, where) => parseBase64(text(value, where), where);
// Read now: a root that does not parse is the policy's fault, and must not be held against a token.
const certificate: Read<Certificate> = (value, where) => loadCertificate(der(value, where), where);
const publicKey: Read<Uint8Array> = (value, where) => {
  const spki = der(value, where);
  checkPublicKey(spki);
  return spki;
};
const witness: Read<VerifierKey> = (value, where) => parseVkey(text(value, where), COSIGNATURE_ED25519);
const oid: Read<string> = (value, where) =>
  OID.test(text(value, where)) ? (value as string) : malformed("not an object identifier in dotted form", where);
const imprintAlgorithm: Read<string> = (value, where) => {
  const name = text(value, where);
  if (!(IMPRINT_ALGORITHMS as readonly string[]).includes(name)) {
    malformed(`'${cut(name, 40)}' is not one of ${IMPRINT_ALGORITHMS.join(", ")}`, where);
  }
  return name;
};

function time(fields: Fields, name: string): Moment {
  return parseTime(fields.text(name), fields.path(name));
}

function optionalTime(fields: Fields, name: string): Moment | undefined {
  return fields.optional(name, (member) => time(fields, member));
}

function checkPeriod(start: Moment | undefined, until: Moment | undefined, where: string): void {
  if (start !== undefined && until !== undefined && until < start) {
    malformed("the authority is trusted for no time at all", where);
  }
}

const readAlgorithm: Read<AlgorithmRule> = (value, where) => {
  const fields = new Fields(value, where);
  const rule = {
    name: fields.text("name", { maxBytes: 64 }),
    start: optionalTime(fields, "from"),
    until: optionalTime(fields, "until"),
  };
  fields.end();
  if (rule.start !== undefined && rule.until !== undefined && rule.until <= rule.start) {
    malformed("the algorithm is accepted for no time at all", where);
  }
  return rule;
};

const readKey: Read<LogKey> = (value, where) => {
  const fields = new Fields(value, where);
  const key = {
    key: parseVkey(fields.text("vkey")),
    fromSize: fields.integer("from_size"),
    toSize: fields.optional("to_size", (name) => fields.integer(name)),
  };
  fields.end();
  if (key.toSize !== undefined && key.toSize <= key.fromSize) malformed("the interval of sizes is empty", where);
  return key;
};

const readCompromised: Read<CompromisedKey> = (value, where) => {
  const fields = new Fields(value, where);
  const compromised = {
    key: parseVkey(fields.text("vkey")),
    noticeTime: time(fields, "notice_time"),
    claimedSince: time(fields, "claimed_since"),
  };
  fields.end();
  return compromised;
};

function readWitnesses(value: JsonValue, where: string): TrustedLog["witnesses"] {
  const fields = new Fields(value, where);
  const k = fields.integer("k", 0, MAX_ITEMS);
  const of = list(fields, "of", witness);
  fields.end();
  if (!distinct(of.map(formatVkey))) malformed("one witness is listed twice", fields.path("of"));
  if (k > of.length) malformed(`${k} of ${of.length} witnesses can never be met`, where);
  return { k, of };
}

const readLog: Read<TrustedLog> = (value, where) => {
  const fields = new Fields(value, where);
  const log = {
    origin: parseOrigin(fields.text("origin"), fields.path("origin")),
    logCase: parseUuid(fields.text("log_case"), fields.path("log_case")),
    keys: list(fields, "keys", readKey, 1),
    witnesses: readWitnesses(fields.object("witnesses"), fields.path("witnesses")),
    recoveryKey: fields.optional("recovery_key", (name) => parseVkey(fields.text(name))),
    compromised: list(fields, "compromised", readCompromised),
    successor: fields.optional("successor", (name) => parseOrigin(fields.text(name))),
  };
  fields.end();
  const ordered = [...log.keys].sort((one, other) => one.fromSize - other.fromSize);
  ordered.forEach((later, i) => {
    const earlier = ordered[i - 1];
    if (earlier !== undefined && (earlier.toSize === undefined || earlier.toSize > later.fromSize)) {
      malformed("two keys of a log claim one size", fields.path("keys"));
    }
  });
  return log;
};

const readChain: Read<TrustedChain> = (value, where) => {
  const fields = new Fields(value, where);
  const take = (name: string, size: number): Uint8Array => parseHex(fields.text(name), fields.path(name), size);
  const chain = {
    chainId: fields.integer("chain_id", 1),
    genesisHash: take("genesis_hash", 32),
    kind: fields.text("kind", { choices: ["dev", "consortium", "public"] }),
    finality: fields.text("finality", { maxBytes: 64 }),
    contract: take("contract", 20),
    codeHash: take("code_hash", 32),
    logId: take("log_id", 32),
    creator: take("creator", 20),
    publishers: list(fields, "publishers", hex(20), 1),
    trustedBlocks: list(fields, "trusted_blocks", hex(32)),
  };
  fields.end();
  return chain;
};

const readTsa: Read<TrustedTsa> = (value, where) => {
  const fields = new Fields(value, where);
  const tsa = {
    name: text(fields.text("name", { maxBytes: 256 }), fields.path("name")),
    roots: list(fields, "roots", certificate),
    pins: list(fields, "pins", hex(32)),
    policyOids: list(fields, "policy_oids", oid, 1),
    imprintAlgs: list(fields, "imprint_algs", imprintAlgorithm, 1),
    test: fields.boolean("test"),
    validFrom: optionalTime(fields, "valid_from"),
    validUntil: optionalTime(fields, "valid_until"),
  };
  fields.end();
  if (tsa.roots.length + tsa.pins.length === 0) {
    throw new MalformedError("FIELD_MISSING", "a TSA is trusted by roots or by pins", where);
  }
  checkPeriod(tsa.validFrom, tsa.validUntil, where);
  return tsa;
};

const readSubmitter: Read<TrustedSubmitter> = (value, where) => {
  const fields = new Fields(value, where);
  const submitter = {
    tenant: parseUuid(fields.text("tenant"), fields.path("tenant")),
    spki: publicKey(fields.text("key"), fields.path("key")),
    organisation: fields.text("organisation", { maxBytes: 512 }),
    fromIndex: fields.integer("from_index"),
    toIndex: fields.optional("to_index", (name) => fields.integer(name)),
  };
  fields.end();
  if (submitter.toIndex !== undefined && submitter.toIndex <= submitter.fromIndex) {
    malformed("the interval of leaves is empty", where);
  }
  return submitter;
};

const readCa: Read<TrustedCa> = (value, where) => {
  const fields = new Fields(value, where);
  const ca = {
    name: text(fields.text("name", { maxBytes: 256 }), fields.path("name")),
    roots: list(fields, "roots", certificate, 1),
    policyOids: list(fields, "policy_oids", oid),
    licence: fields.optional("licence", (name) => text(fields.text(name, { maxBytes: 256 }), where)),
    country: fields.text("country"),
    test: fields.boolean("test"),
    validFrom: optionalTime(fields, "valid_from"),
    validUntil: optionalTime(fields, "valid_until"),
  };
  fields.end();
  if (!/^[A-Z]{2}$/.test(ca.country)) malformed("not two capital letters", fields.path("country"));
  checkPeriod(ca.validFrom, ca.validUntil, where);
  return ca;
};

const readIssuer: Read<TrustedIssuer> = (value, where) => {
  const fields = new Fields(value, where);
  const issuer = {
    name: text(fields.text("name", { maxBytes: 256 }), fields.path("name")),
    roots: list(fields, "roots", certificate),
    reportKeys: list(fields, "report_keys", publicKey),
    test: fields.boolean("test"),
  };
  fields.end();
  if (issuer.roots.length + issuer.reportKeys.length === 0) {
    throw new MalformedError("FIELD_MISSING", "an issuer is known by roots or by report keys", where);
  }
  return issuer;
};

function readQuorum(value: JsonValue, where: string): TrustPolicy["quorum"] {
  const fields = new Fields(value, where);
  const quorum = {
    tsa: fields.integer("tsa", 1, 16),
    chain: fields.integer("chain", 1, 16),
    witness: fields.integer("witness", 0, MAX_ITEMS),
  };
  fields.end();
  return quorum;
}

function distinct(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}

const derOf = (item: Certificate): string => toHex(item.der);

/** Refuse what stands twice: a quorum counts authorities and chains, and one under two names would be two. */
function checkDistinct(policy: TrustPolicy): void {
  if (!distinct(policy.logs.map((log) => log.origin))) malformed("one origin is listed twice", "/logs");
  const chains = policy.chains.map((c) => `${c.chainId} ${toHex(c.contract)} ${toHex(c.logId)}`);
  if (!distinct(chains)) malformed("one log of a contract is listed twice", "/chains");
  if (!distinct(policy.tsas.map((tsa) => tsa.name))) malformed("two authorities have one name", "/tsas");
  policy.tsas.forEach((one, i) => {
    for (const other of policy.tsas.slice(i + 1)) {
      const share = <T>(left: readonly T[], right: readonly T[], key: (item: T) => string): boolean =>
        left.some((item) => right.map(key).includes(key(item)));
      const roots = share(one.roots, other.roots, derOf);
      const pins = share(one.pins, other.pins, toHex);
      const toldApart = one.pins.length > 0 && other.pins.length > 0 && !pins;
      if ((roots || pins) && !toldApart) {
        malformed(`'${cut(one.name, 64)}' and '${cut(other.name, 64)}' are not told apart by pins of their own`, "/tsas");
      }
    }
  });
  checkCertifying(policy);
}

/** Refuse a root or report key under two names: whether it is a test would hang on the order. */
function checkCertifying({ cas, issuers }: TrustPolicy): void {
  const values: [string, string[]][] = [
    ["/cas", cas.map((ca) => ca.name)],
    ["/issuers", issuers.map((issuer) => issuer.name)],
    ["/cas", cas.flatMap((ca) => ca.roots.map(derOf))],
    ["/issuers", issuers.flatMap((issuer) => issuer.roots.map(derOf))],
    ["/issuers", issuers.flatMap((issuer) => issuer.reportKeys.map(toHex))],
  ];
  for (const [where, names] of values) {
    if (!distinct(names)) malformed("one name, root or key stands in two entries", where);
  }
}

/** Read a trust policy of at most 1 MiB in canonical form. */
export function parsePolicy(data: Uint8Array): TrustPolicy {
  const fields = new Fields(parseCanonical(data, POLICY_LIMITS));
  fields.version("policy/v1");
  const policy = {
    issuedAt: time(fields, "issued_at"),
    expires: time(fields, "expires"),
    algorithms: list(fields, "algorithms", readAlgorithm),
    logs: list(fields, "logs", readLog, 1),
    chains: list(fields, "chains", readChain),
    tsas: list(fields, "tsas", readTsa),
    submitters: list(fields, "submitters", readSubmitter),
    quorum: readQuorum(fields.object("quorum"), fields.path("quorum")),
    cas: list(fields, "cas", readCa),
    issuers: list(fields, "issuers", readIssuer),
  };
  fields.end();
  checkDistinct(policy);
  if (policy.expires <= policy.issuedAt) malformed("the policy expires before it is issued", "/expires");
  return policy;
}
