/** Digests by name: of whole byte strings, and of files that are read piece by piece. */

import { md5, sha1 } from "@noble/hashes/legacy.js";
import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";

import { Sm3, sm3 } from "./sm3.ts";

/** Digests a trust policy may allow for message imprints, and documents may be named by. */
export const IMPRINT_ALGORITHMS = ["sha256", "sha384", "sha512", "sm3"] as const;
export const WEAK_DIGESTS: readonly string[] = ["md5", "sha1"];

type Digest = (data: Uint8Array) => Uint8Array;
const DIGESTS: Record<string, Digest> = { sha256, sha384, sha512, sm3, sha1, md5 };
const SIZES: Record<string, number> = { sha256: 32, sha384: 48, sha512: 64, sm3: 32, sha1: 20, md5: 16 };

export function digest(name: string, data: Uint8Array): Uint8Array {
  return (DIGESTS[name] as Digest)(data);
}

export function digestSize(name: string): number {
  return SIZES[name] as number;
}

/** A digest in the making. */
export interface Hasher {
  update(data: Uint8Array): unknown;
  digest(): Uint8Array;
}

export function hasher(name: string): Hasher {
  switch (name) {
    case "sha256":
      return sha256.create();
    case "sha384":
      return sha384.create();
    case "sha512":
      return sha512.create();
    default:
      return new Sm3();
  }
}
