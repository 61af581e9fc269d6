/** What a block commits to: header, receipt, signed transaction (EIP-2718 and later), as far as evidence needs them. */

import { keccak_256 } from "@noble/hashes/sha3.js";

import { MalformedError, UncheckableError } from "../errors.ts";
import { equal, fromHex } from "../formats/bytes.ts";
import { LAST_MOMENT, type Moment, SECOND } from "../formats/encoding.ts";
import { type RlpItem, asBytes, asInteger, asList, parseList } from "./rlp.ts";

const MAX_EXTRA_DATA = 8_192;
/** Marks QBFT and IBFT headers, whose block hash is not Keccak-256 of the header. */
export const BFT_MIX_HASH = fromHex("63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365");
const FIELD_COUNTS = [15, 16, 17, 20, 21];
/** Sizes of the header's fields in their order: fixed, or at most so many bytes of a number; extra data apart. */
const HEADER: readonly (readonly ["fixed" | "number" | "extra", number])[] = [
  ["fixed", 32], ["fixed", 32], ["fixed", 20], ["fixed", 32], ["fixed", 32], ["fixed", 32], ["fixed", 256],
  ["number", 32], ["number", 8], ["number", 8], ["number", 8], ["number", 8], ["extra", MAX_EXTRA_DATA],
  ["fixed", 32], ["fixed", 8], ["number", 32], ["fixed", 32], ["number", 8], ["number", 8], ["fixed", 32],
  ["fixed", 32],
];

export interface Header {
  readonly stateRoot: Uint8Array;
  readonly transactionsRoot: Uint8Array;
  readonly receiptsRoot: Uint8Array;
  readonly number: bigint;
  /** The time the block's proposer put into it. */
  readonly time: Moment;
  readonly mixHash: Uint8Array;
}

function checkField(item: RlpItem | undefined, position: number): void {
  const where = `header field ${position}`;
  const [kind, size] = HEADER[position] as readonly ["fixed" | "number" | "extra", number];
  if (kind === "number") asInteger(item, size, where);
  else if (kind === "fixed") asBytes(item, where, size);
  else if (asBytes(item, where).length > size) throw new MalformedError("TOO_LARGE", "extra data", where);
}

/** Read a block header from its RLP. */
export function parseHeader(data: Uint8Array): Header {
  const items = parseList(data, "header");
  if (items.length > 21) {
    throw new UncheckableError("UNKNOWN_HEADER", `a block header of ${items.length} fields is of a later fork`);
  }
  if (!FIELD_COUNTS.includes(items.length)) {
    throw new MalformedError("FORMAT_FAILURE", `no fork has block headers of ${items.length} fields`);
  }
  items.forEach(checkField);
  const time = asInteger(items[11], 8) * SECOND;
  if (time > LAST_MOMENT) {
    throw new MalformedError("FORMAT_FAILURE", "the block time is beyond the year 9999", "header field 11");
  }
  return {
    stateRoot: asBytes(items[3]),
    transactionsRoot: asBytes(items[4]),
    receiptsRoot: asBytes(items[5]),
    number: asInteger(items[8], 8),
    time,
    mixHash: asBytes(items[13]),
  };
}

export function isBft(header: Header): boolean {
  return equal(header.mixHash, BFT_MIX_HASH);
}

/** One event: the contract that emitted it, up to four topics, data. */
export interface Log {
  readonly address: Uint8Array;
  readonly topics: readonly Uint8Array[];
  readonly data: Uint8Array;
}

export interface Receipt {
  readonly succeeded: boolean;
  readonly logs: readonly Log[];
}

/** Split into type (0 for legacy) and RLP list. */
function splitType(data: Uint8Array, what: string): [number, Uint8Array] {
  const first = data[0];
  if (first === undefined || (first >= 0x80 && first < 0xc0)) {
    throw new MalformedError("FORMAT_FAILURE", `${what} begins with neither a type nor a list`, what);
  }
  if (first >= 0xc0) return [0, data];
  if (first < 1 || first > 4) throw new UncheckableError("UNKNOWN_TYPE", `${what} of the unknown type ${first}`, what);
  return [first, data.subarray(1)];
}

function readLog(item: RlpItem, where: string): Log {
  const fields = asList(item, where);
  if (fields.length !== 3) {
    throw new MalformedError("FORMAT_FAILURE", `a log has 3 fields, this one ${fields.length}`, where);
  }
  const topics = asList(fields[1] as RlpItem, where);
  if (topics.length > 4) throw new MalformedError("FORMAT_FAILURE", "a log has at most 4 topics", where);
  return {
    address: asBytes(fields[0], where, 20),
    topics: topics.map((topic) => asBytes(topic, where, 32)),
    data: asBytes(fields[2], where),
  };
}

function readStatus(item: RlpItem | undefined): boolean {
  const status = asBytes(item, "receipt status");
  if (status.length === 32) {
    throw new UncheckableError("NO_STATUS", "a receipt from before Byzantium does not tell success", "receipt");
  }
  if (status.length > 1 || (status.length === 1 && status[0] !== 1)) {
    throw new MalformedError("FORMAT_FAILURE", "a receipt's status is 0 or 1", "receipt status");
  }
  return status.length === 1;
}

/** Read a receipt as the receipts trie holds it. */
export function parseReceipt(data: Uint8Array): Receipt {
  const [, encoded] = splitType(data, "receipt");
  const fields = parseList(encoded, "receipt");
  if (fields.length !== 4) {
    throw new MalformedError("FORMAT_FAILURE", `a receipt has 4 fields, this one ${fields.length}`, "receipt");
  }
  const logs = asList(fields[3] as RlpItem, "receipt logs");
  const succeeded = readStatus(fields[0]);
  asInteger(fields[1], 8, "receipt gas");
  asBytes(fields[2], "receipt bloom", 256);
  return { succeeded, logs: logs.map((log, position) => readLog(log, `log ${position}`)) };
}

/** By transaction type; EIP-155, 2930, 1559, 4844, 7702. */
const TRANSACTION_FIELDS = [9, 11, 12, 14, 13];

/** A signed transaction: its hash, and the chain it is valid on, undefined if on any (before EIP-155). */
export interface Transaction {
  readonly hash: Uint8Array;
  readonly chainId: bigint | undefined;
}

/** Give the chain id within `v` (EIP-155: v = 2·id + 35 or 36). */
function legacyChainId(v: bigint): bigint | undefined {
  if (v === 27n || v === 28n) return undefined;
  if (v < 37n) {
    throw new MalformedError("FORMAT_FAILURE", "no transaction has this signature parity", "transaction v");
  }
  return (v - 35n) / 2n;
}

/** Read a signed transaction as the transactions trie holds it. */
export function parseTransaction(data: Uint8Array): Transaction {
  const [kind, encoded] = splitType(data, "transaction");
  const fields = parseList(encoded, "transaction");
  if (fields.length !== TRANSACTION_FIELDS[kind]) {
    const detail = `a type ${kind} transaction does not have ${fields.length} fields`;
    throw new MalformedError("FORMAT_FAILURE", detail, "transaction");
  }
  const chainId =
    kind === 0
      ? legacyChainId(asInteger(fields[6], 32, "transaction v"))
      : asInteger(fields[0], 32, "transaction chain id");
  return { hash: keccak_256(data), chainId };
}
