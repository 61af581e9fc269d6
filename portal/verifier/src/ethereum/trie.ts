/** Merkle-Patricia proofs (Ethereum Yellow Paper, appendix D): from a root hash to the value under one key. */

import { keccak_256 } from "@noble/hashes/sha3.js";

import { MalformedError, VerificationError } from "../errors.ts";
import { equal } from "../formats/bytes.ts";
import { type RlpItem, asBytes, asList, formatRlp, parseList } from "./rlp.ts";

export const MAX_NODES = 65;
const HASH_SIZE = 32;

function nibbles(data: Uint8Array): number[] {
  return Array.from(data).flatMap((byte) => [byte >> 4, byte & 15]);
}

/** Read a hex-prefix path (appendix C): whether it is a leaf's, and its nibbles. */
function hexPrefix(encoded: Uint8Array): [boolean, number[]] {
  const all = nibbles(encoded);
  const flag = all[0];
  if (flag === undefined || flag > 3) {
    throw new MalformedError("FORMAT_FAILURE", "trie node has a path without a valid hex prefix");
  }
  const isLeaf = (flag & 2) !== 0;
  const odd = (flag & 1) !== 0;
  if (!odd && all[1] !== 0) {
    throw new MalformedError("FORMAT_FAILURE", "trie node has a path with non-zero padding");
  }
  const path = all.slice(odd ? 1 : 2);
  if (!isLeaf && path.length === 0) {
    throw new MalformedError("FORMAT_FAILURE", "trie extension node has an empty path");
  }
  return [isLeaf, path];
}

function absent(): never {
  throw new VerificationError("TRIE_PROOF_FAILURE", "the trie holds nothing under this key");
}

/** Take one step: a reference and the nibbles still to go, or the value and null. */
function descend(node: readonly RlpItem[], rest: number[]): [RlpItem, number[] | null] {
  if (node.length === 17) {
    const next = rest[0];
    return next === undefined ? [node[16] as RlpItem, null] : [node[next] as RlpItem, rest.slice(1)];
  }
  if (node.length !== 2) throw new MalformedError("FORMAT_FAILURE", `trie node of ${node.length} items`);
  const [isLeaf, path] = hexPrefix(asBytes(node[0]));
  const shared = path.every((nibble, position) => rest[position] === nibble);
  if (!shared || (isLeaf && path.length !== rest.length)) absent();
  return [node[1] as RlpItem, isLeaf ? null : rest.slice(path.length)];
}

/** Give the value that the trie holds under `key`, as `proof` shows. */
export function verifyTrieProof(root: Uint8Array, key: Uint8Array, proof: readonly Uint8Array[]): Uint8Array {
  if (proof.length > MAX_NODES) {
    throw new MalformedError("TOO_MANY", `a trie proof of ${proof.length} nodes, the limit is ${MAX_NODES}`);
  }
  let reference: RlpItem = root;
  let rest: number[] | null = nibbles(key);
  let used = 0;
  while (rest !== null) {
    let node: readonly RlpItem[];
    if (reference instanceof Uint8Array) {
      if (reference.length === 0) absent();
      node = nextNode(asBytes(reference, "", HASH_SIZE), proof, used);
      used++;
    } else {
      node = asList(reference);
      if (formatRlp(node).length >= HASH_SIZE) {
        throw new MalformedError("FORMAT_FAILURE", "embedded trie node of 32 bytes or more");
      }
    }
    [reference, rest] = descend(node, rest);
  }
  if (used !== proof.length) {
    throw new MalformedError("FORMAT_FAILURE", `${proof.length - used} trie nodes of the proof are left over`);
  }
  const value = asBytes(reference);
  return value.length > 0 ? value : absent();
}

function nextNode(reference: Uint8Array, proof: readonly Uint8Array[], used: number): readonly RlpItem[] {
  const encoded = proof[used];
  if (encoded === undefined) throw new MalformedError("FORMAT_FAILURE", "the trie proof ends before the value");
  if (!equal(keccak_256(encoded), reference)) {
    throw new VerificationError("TRIE_PROOF_FAILURE", "a trie node is not the one referred to", `node ${used}`);
  }
  if (used > 0 && encoded.length < HASH_SIZE) {
    throw new MalformedError("FORMAT_FAILURE", "a trie node below 32 bytes is not embedded", `node ${used}`);
  }
  return parseList(encoded);
}
