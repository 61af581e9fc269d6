/** Merkle tree proofs of RFC 9162 §2.1: what was proved is returned by not throwing. */

import { sha256 } from "@noble/hashes/sha2.js";

import { MalformedError, VerificationError } from "../errors.ts";
import { concat, equal } from "./bytes.ts";

export const HASH_SIZE = 32;
export const MAX_SIZE = 2n ** 63n - 1n;

/** The unsigned head of a tree: its size in leaves and its 32-byte root hash. */
export interface TreeHead {
  readonly size: bigint;
  readonly rootHash: Uint8Array;
}

export function leafHash(entry: Uint8Array): Uint8Array {
  return sha256(concat(Uint8Array.of(0), entry));
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concat(Uint8Array.of(1), left, right));
}

function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}

function bitCount(value: bigint): number {
  return value.toString(2).replaceAll("0", "").length;
}

function checkHashes(proof: readonly Uint8Array[], expected: number): void {
  if (proof.length !== expected) {
    throw new MalformedError("PROOF_LENGTH", `a proof of ${expected} hashes is needed, this one has ${proof.length}`);
  }
  if (proof.some((item) => item.length !== HASH_SIZE)) {
    throw new MalformedError("FORMAT_FAILURE", `a hash in the proof is not of ${HASH_SIZE} bytes`);
  }
}

/** Fold `levels` hashes over `seed`, left or right of it as the bits of `index` say. */
function foldRightEdge(seed: Uint8Array, proof: readonly Uint8Array[], index: bigint, levels: number): Uint8Array {
  for (let level = 0; level < levels; level++) {
    const sibling = proof[level] as Uint8Array;
    seed = (index >> BigInt(level)) & 1n ? nodeHash(sibling, seed) : nodeHash(seed, sibling);
  }
  return seed;
}

/** Fold left siblings over `seed`, as on the right border of a tree. */
function foldLeft(seed: Uint8Array, proof: readonly Uint8Array[]): Uint8Array {
  return proof.reduce((hash, sibling) => nodeHash(sibling, hash), seed);
}

/** Split the path of `index` in a tree of `size`: levels with a sibling either side, then left siblings. */
function innerAndBorder(index: bigint, size: bigint): [number, number] {
  const inner = bitLength(index ^ (size - 1n));
  return [inner, bitCount(index >> BigInt(inner))];
}

/** Check that the leaf is number `index` of the tree (RFC 9162 §2.1.3.2). */
export function verifyInclusion(hash: Uint8Array, index: bigint, head: TreeHead, proof: readonly Uint8Array[]): void {
  if (index < 0n || index >= head.size) {
    throw new MalformedError("FORMAT_FAILURE", `index ${index} is not within a tree of ${head.size}`);
  }
  if (hash.length !== HASH_SIZE || head.rootHash.length !== HASH_SIZE) {
    throw new MalformedError("FORMAT_FAILURE", `leaf hash or root hash not of ${HASH_SIZE} bytes`);
  }
  const [inner, border] = innerAndBorder(index, head.size);
  checkHashes(proof, inner + border);
  const computed = foldLeft(foldRightEdge(hash, proof, index, inner), proof.slice(inner));
  if (!equal(computed, head.rootHash)) {
    throw new VerificationError("INCLUSION_FAILURE", "the inclusion proof leads to another root hash");
  }
}

/** Check that the new tree only appended to the old one (RFC 9162 §2.1.4.2). */
export function verifyConsistency(old: TreeHead, next: TreeHead, proof: readonly Uint8Array[]): void {
  if (old.size <= 0n || old.size > next.size) {
    throw new MalformedError("FORMAT_FAILURE", `no consistency proof leads from size ${old.size} to ${next.size}`);
  }
  if (old.size === next.size) {
    checkHashes(proof, 0);
    if (!equal(old.rootHash, next.rootHash)) {
      throw new VerificationError("CONSISTENCY_FAILURE", "one size, two root hashes");
    }
    return;
  }
  const [whole, border] = innerAndBorder(old.size - 1n, next.size);
  const shift = bitLength(old.size & -old.size) - 1; // the complete subtree at the old right edge has 2^shift leaves
  const inner = whole - shift;
  const seeded = old.size === 1n << BigInt(shift); // then the old root is the seed and is not sent
  checkHashes(proof, inner + border + (seeded ? 0 : 1));
  const seed = seeded ? old.rootHash : (proof[0] as Uint8Array);
  const path = seeded ? proof : proof.slice(1);
  const mask = (old.size - 1n) >> BigInt(shift);
  const withinOld = path.slice(0, inner).filter((_, level) => (mask >> BigInt(level)) & 1n);
  const oldRoot = foldLeft(foldLeft(seed, withinOld), path.slice(inner));
  const newRoot = foldLeft(foldRightEdge(seed, path, mask, inner), path.slice(inner));
  if (!equal(oldRoot, old.rootHash) || !equal(newRoot, next.rootHash)) {
    throw new VerificationError("CONSISTENCY_FAILURE", "the consistency proof does not lead to both root hashes");
  }
}
