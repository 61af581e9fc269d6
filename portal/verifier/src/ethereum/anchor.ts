/** The whole Ethereum proof of one anchored tree head, and the two checks over it, C09 and C10 (docs/spec/anchor.md). */

import { keccak_256 } from "@noble/hashes/sha3.js";
import { sha256 } from "@noble/hashes/sha2.js";

import { InsufficientError, MalformedError, UncheckableError, VerificationError } from "../errors.ts";
import { concat, equal, fromBigInt, toBigInt, utf8 } from "../formats/bytes.ts";
import { Fields, type JsonValue } from "../formats/canonical.ts";
import { type Moment, parseBase64url, parseHex } from "../formats/encoding.ts";
import type { TreeHead } from "../formats/merkle.ts";
import { type Header, type Log, type Receipt, isBft, parseHeader, parseReceipt, parseTransaction } from "./block.ts";
import { asBytes, formatInteger, formatRlp, parseList } from "./rlp.ts";
import { MAX_NODES, verifyTrieProof } from "./trie.ts";

const TOPIC = keccak_256(utf8("TreeHeadAnchored(bytes32,uint64,address,bytes32,bytes32,uint64)"));

/** Everything needed to check one anchor without a node. */
export interface AnchorProof {
  readonly chainId: number;
  readonly contract: Uint8Array;
  readonly blockNumber: number;
  readonly txIndex: number;
  readonly logIndex: number;
  readonly header: Uint8Array;
  readonly receiptProof: readonly Uint8Array[];
  readonly transactionProof: readonly Uint8Array[];
  readonly accountProof: readonly Uint8Array[];
}

/** What a trust policy says about one contract on one chain. */
export interface TrustedChain {
  readonly chainId: number;
  readonly kind: string;
  readonly finality: string;
  readonly contract: Uint8Array;
  readonly codeHash: Uint8Array;
  readonly logId: Uint8Array;
  readonly creator: Uint8Array;
  readonly publishers: readonly Uint8Array[];
  readonly trustedBlocks: readonly Uint8Array[];
}

/** The block an anchor stands in; `finality` says what the block itself rests on. */
export interface AnchoredBlock {
  readonly number: bigint;
  readonly hash: Uint8Array;
  readonly time: Moment;
  readonly txHash: Uint8Array;
  readonly finality: "pinned" | "self-asserted" | "unproven";
}

/** A tree head as the contract recorded it. */
export interface AnchorEvent extends TreeHead {
  readonly logId: Uint8Array;
  readonly publisher: Uint8Array;
  readonly note: Uint8Array;
}

/** Compute a log's id in the contract: it commits to chain, contract, creator and genesis verification key. */
export function computeLogId(chainId: number, contract: Uint8Array, creator: Uint8Array, vkey: string): Uint8Array {
  const label = utf8("zheng/log/v1");
  const padding = new Uint8Array(12);
  return sha256(
    concat(
      fromBigInt(160n, 32), // where the string begins: after five words
      fromBigInt(BigInt(chainId), 32),
      concat(padding, contract),
      concat(padding, creator),
      sha256(utf8(vkey)),
      fromBigInt(BigInt(label.length), 32),
      concat(label, new Uint8Array(32 - label.length)),
    ),
  );
}

function rightAligned(word: Uint8Array, size: number, where: string): Uint8Array {
  if (word.subarray(0, word.length - size).some((byte) => byte !== 0)) {
    throw new MalformedError("FORMAT_FAILURE", `an ABI word of ${size} bytes has other bytes before them`, where);
  }
  return word.subarray(word.length - size);
}

/** Read TreeHeadAnchored from a log; who emitted it is the caller's question. */
function parseEvent(log: Log): AnchorEvent {
  const [topic, logId, treeSize, publisher] = log.topics;
  if (topic === undefined || !equal(topic, TOPIC)) {
    throw new VerificationError("ANCHOR_MISMATCH", "the log is not a TreeHeadAnchored event");
  }
  if (logId === undefined || treeSize === undefined || publisher === undefined || log.data.length !== 96) {
    throw new MalformedError("FORMAT_FAILURE", "TreeHeadAnchored has 4 topics and 96 bytes of data");
  }
  const event = {
    logId,
    size: toBigInt(rightAligned(treeSize, 8, "treeSize")),
    publisher: rightAligned(publisher, 20, "publisher"),
    rootHash: log.data.subarray(0, 32),
    note: log.data.subarray(32, 64),
  };
  rightAligned(log.data.subarray(64), 8, "prevTreeSize");
  return event;
}

/** Give the key of a transaction or receipt: its index in the block, as RLP. */
function trieKey(index: number): Uint8Array {
  return formatRlp(formatInteger(BigInt(index)));
}

/** Lead from the header down to the receipt of a transaction that succeeded. */
function openReceipt(proof: AnchorProof, chain: TrustedChain): [Header, Receipt] {
  if (proof.chainId !== chain.chainId) {
    throw new VerificationError("WRONG_CHAIN", `the proof is for chain ${proof.chainId}`, "chain_id");
  }
  if (!equal(proof.contract, chain.contract)) {
    throw new VerificationError("WRONG_CONTRACT", "the proof is for another contract", "contract");
  }
  const header = parseHeader(proof.header);
  if (header.number !== BigInt(proof.blockNumber)) {
    throw new VerificationError("ANCHOR_MISMATCH", `the header is of block ${header.number}`, "block_number");
  }
  const receipt = parseReceipt(verifyTrieProof(header.receiptsRoot, trieKey(proof.txIndex), proof.receiptProof));
  if (!receipt.succeeded) {
    throw new VerificationError("TX_FAILED", "the transaction failed: nothing it did stands", "receipt");
  }
  return [header, receipt];
}

/** Show by the account proof that the contract's code was the policy's when the block ended. */
function checkCode(proof: AnchorProof, stateRoot: Uint8Array, chain: TrustedChain): void {
  if (proof.accountProof.length === 0) {
    throw new InsufficientError("CODE_NOT_SHOWN", "no account proof shows the contract's code", "account_proof");
  }
  const account = parseList(verifyTrieProof(stateRoot, keccak_256(chain.contract), proof.accountProof), "account");
  if (account.length !== 4) {
    throw new MalformedError("FORMAT_FAILURE", `an account has 4 fields, this one ${account.length}`, "account");
  }
  if (!equal(asBytes(account[3], "account code hash", 32), chain.codeHash)) {
    throw new VerificationError("CODE_CHANGED", "the contract has other code than the policy names", "account");
  }
}

/** Check that the policy's contract recorded `head` for the policy's log (check C09). */
export function verifyAnchorBinding(
  proof: AnchorProof,
  head: TreeHead,
  noteDigest: Uint8Array,
  chain: TrustedChain,
): AnchorEvent {
  const [header, receipt] = openReceipt(proof, chain);
  const log = receipt.logs[proof.logIndex];
  if (log === undefined) {
    throw new VerificationError("ANCHOR_MISMATCH", `the receipt has ${receipt.logs.length} logs`, "log_index");
  }
  if (!equal(log.address, chain.contract)) {
    throw new VerificationError("WRONG_CONTRACT", "another contract emitted the event", "log");
  }
  const event = parseEvent(log);
  if (!equal(event.logId, chain.logId)) {
    throw new VerificationError("ANCHOR_MISMATCH", "the event is of another log", "logId");
  }
  if (event.size !== head.size || !equal(event.rootHash, head.rootHash)) {
    throw new VerificationError("ANCHOR_MISMATCH", "the event records another tree head", "treeSize, rootHash");
  }
  if (!equal(event.note, noteDigest)) {
    throw new VerificationError("ANCHOR_MISMATCH", "the event commits to another signed note", "note");
  }
  checkCode(proof, header.stateRoot, chain);
  if (!chain.publishers.some((publisher) => equal(publisher, event.publisher))) {
    throw new InsufficientError("UNTRUSTED_PUBLISHER", "the policy does not name the publisher", "publisher");
  }
  return event;
}

/** Check everything of C10 but the block's own standing, and tell that standing in `finality`. */
export function readAnchoredBlock(proof: AnchorProof, chain: TrustedChain): AnchoredBlock {
  const [header] = openReceipt(proof, chain);
  const transaction = parseTransaction(
    verifyTrieProof(header.transactionsRoot, trieKey(proof.txIndex), proof.transactionProof),
  );
  if (transaction.chainId === undefined) {
    throw new InsufficientError("CHAIN_ID_ABSENT", "the transaction names no chain", "transaction");
  }
  if (transaction.chainId !== BigInt(chain.chainId)) {
    throw new VerificationError("WRONG_CHAIN", `the transaction is for chain ${transaction.chainId}`, "transaction");
  }
  const hash = keccak_256(proof.header);
  return {
    number: header.number,
    hash,
    time: header.time,
    txHash: transaction.hash,
    finality: finalityOf(header, hash, chain),
  };
}

function finalityOf(header: Header, hash: Uint8Array, chain: TrustedChain): AnchoredBlock["finality"] {
  if (chain.kind === "dev") return "self-asserted";
  const pinned = chain.trustedBlocks.some((block) => equal(block, hash)) && !isBft(header);
  return pinned && chain.finality === "pinned" ? "pinned" : "unproven";
}

/** Say why a block that was read does not count; nothing if it does (check C10). */
export function checkFinality(proof: AnchorProof, block: AnchoredBlock, chain: TrustedChain): void {
  if (block.finality === "pinned") return;
  if (block.finality === "self-asserted") {
    throw new InsufficientError("SELF_ASSERTED", "a development chain is its operator's own word", "header");
  }
  if (chain.finality !== "pinned") {
    throw new UncheckableError("UNKNOWN_FINALITY", `the rule '${chain.finality}' cannot be checked`, "header");
  }
  if (isBft(parseHeader(proof.header))) {
    throw new UncheckableError("BFT_HEADER", "the block is sealed by validators, which is not checked", "header");
  }
  throw new InsufficientError("BLOCK_NOT_PINNED", "the policy does not name the block", "header");
}

function readNodes(fields: Fields, name: string): Uint8Array[] {
  return fields.array(name, MAX_NODES).map((item, position) => {
    const where = `${fields.path(name)}/${position}`;
    if (typeof item !== "string") throw new MalformedError("WRONG_TYPE", "a trie node must be a string", where);
    return parseBase64url(item, where);
  });
}

/** Read an anchor proof of a bundle; header and nodes are parsed by the checks, not here. */
export function parseAnchorProof(value: JsonValue, where = ""): AnchorProof {
  const fields = new Fields(value, where);
  const proof = {
    chainId: fields.integer("chain_id", 1),
    contract: parseHex(fields.text("contract"), fields.path("contract"), 20),
    blockNumber: fields.integer("block_number"),
    txIndex: fields.integer("tx_index"),
    logIndex: fields.integer("log_index"),
    header: parseBase64url(fields.text("header"), fields.path("header")),
    receiptProof: readNodes(fields, "receipt_proof"),
    transactionProof: readNodes(fields, "transaction_proof"),
    accountProof: readNodes(fields, "account_proof"),
  };
  fields.end();
  return proof;
}
