/** The core against the repository's own vectors (tests/vectors), which hold the Python verifier too, and the standards'. */

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { sm3, Sm3 } from "../src/crypto/sm3.ts";
import {
  EvidenceError,
  InsufficientError,
  MalformedError,
  UncheckableError,
  VerificationError,
} from "../src/errors.ts";
import { parseBundle } from "../src/formats/bundle.ts";
import { equal, fromHex, toHex, utf8 } from "../src/formats/bytes.ts";
import { CLAIM_LIMITS, ENTRY_LIMITS, formatJson, parseCanonical } from "../src/formats/canonical.ts";
import { openCheckpoint } from "../src/formats/checkpoint.ts";
import { readClaim } from "../src/formats/claim.ts";
import { formatTime, parseTime } from "../src/formats/encoding.ts";
import { parseEntry, parseLeaf } from "../src/formats/entry.ts";
import { verifyJws } from "../src/formats/jws.ts";
import { leafHash, verifyConsistency, verifyInclusion } from "../src/formats/merkle.ts";
import { openNote, parseVkey } from "../src/formats/note.ts";
import { parsePolicy } from "../src/formats/policy.ts";
import { CATALOGUES } from "../src/generated/catalogue.ts";
import { crc32, formatArchive, readArchive } from "../src/package/archive.ts";
import { OWN } from "../src/report/words.ts";
import { UI } from "../src/ui/words.ts";
import { formatRlp, parseRlp, type RlpItem } from "../src/ethereum/rlp.ts";
import { EVENT_TYPES } from "../src/taxonomy/catalogue.ts";

const ROOT = join(fileURLToPath(import.meta.url), "..", "..", "..", "..");
const THIRD_PARTY = process.env["ZHENG_VECTORS"] ?? join(ROOT, "..", "shared", "vectors");

/** A case of a vector file: what was changed, what a reader must find, and the members of the format. */
interface Case {
  readonly name: string;
  readonly expect: string;
  readonly code?: string;
  readonly [member: string]: unknown;
}

const FAMILIES: Record<string, new (...parameters: never[]) => EvidenceError> = {
  malformed: MalformedError as never,
  false: VerificationError as never,
  insufficient: InsufficientError as never,
  uncheckable: UncheckableError as never,
};

const text = (item: Case, name: string): string => item[name] as string;
const number = (item: Case, name: string): bigint => BigInt(item[name] as number);
const hashes = (item: Case): Uint8Array[] => (item["proof"] as string[]).map(fromHex);
const input = (item: Case): Uint8Array =>
  typeof item["input_hex"] === "string" ? fromHex(text(item, "input_hex")) : utf8(text(item, "input"));

/** Run every case of a vector file: accepted, or refused in the family and by the code that stand there. */
function vectors(format: string, read: (item: Case) => void): void {
  const file = JSON.parse(readFileSync(join(ROOT, "tests", "vectors", `${format}.json`), "utf8")) as { cases: Case[] };
  for (const item of file.cases) {
    test(`${format}: ${item.name}`, () => {
      if (item.expect === "ok") return read(item);
      assert.throws(
        () => read(item),
        (error: unknown) => {
          assert.ok(error instanceof (FAMILIES[item.expect] as new () => EvidenceError), String(error));
          assert.equal((error as EvidenceError).code, item.code, String(error));
          return true;
        },
      );
    });
  }
}

vectors("json", (item) => {
  const data = input(item);
  assert.deepEqual(formatJson(parseCanonical(data, ENTRY_LIMITS)), data);
});
vectors("claim", (item) => {
  readClaim(parseCanonical(input(item), CLAIM_LIMITS) as never);
});
vectors("entry", (item) => {
  parseEntry(input(item));
});
vectors("leaf", (item) => {
  parseLeaf(input(item));
  assert.equal(toHex(leafHash(input(item))), text(item, "leaf_hash"));
});
vectors("jws", (item) => verifyJws(text(item, "jws"), input(item), fromHex(text(item, "spki_hex"))));
vectors("inclusion", (item) => {
  const head = { size: number(item, "size"), rootHash: fromHex(text(item, "root_hash")) };
  verifyInclusion(fromHex(text(item, "leaf_hash")), number(item, "index"), head, hashes(item));
});
vectors("consistency", (item) => {
  const old = { size: number(item, "old_size"), rootHash: fromHex(text(item, "old_root")) };
  const next = { size: number(item, "new_size"), rootHash: fromHex(text(item, "new_root")) };
  verifyConsistency(old, next, hashes(item));
});
vectors("vkey", (item) => {
  assert.equal(toHex(parseVkey(text(item, "input")).keyId), text(item, "key_id"));
});
vectors("note", (item) => {
  const keys = (item["vkeys"] as string[]).map((key) => parseVkey(key));
  assert.equal(openNote(input(item), keys).verified.length, item["verified"]);
});
vectors("checkpoint", (item) => {
  const signed = openCheckpoint(input(item), parseVkey(text(item, "vkey")), text(item, "origin"));
  assert.equal(signed.checkpoint.size, number(item, "size"));
  assert.equal(toHex(signed.noteDigest), text(item, "note_digest"));
});
vectors("bundle", (item) => {
  assert.equal(parseBundle(input(item)).events.length, item["events"]);
});
vectors("policy", (item) => {
  parsePolicy(input(item));
});

test("SM3 gives the digests of GB/T 32905-2016, annex A", () => {
  const abc = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";
  assert.equal(toHex(sm3(utf8("abc"))), abc);
  const long = "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732";
  assert.equal(toHex(sm3(utf8("abcd".repeat(16)))), long);
});

test("SM3 gives the same in pieces of any size", () => {
  const data = Uint8Array.from({ length: 1_000 }, (_, i) => i & 0xff);
  for (const size of [1, 7, 63, 64, 65, 200]) {
    const hasher = new Sm3();
    for (let start = 0; start < data.length; start += size) hasher.update(data.subarray(start, start + size));
    assert.deepEqual(hasher.digest(), sm3(data));
  }
});

const sm3Cases = join(THIRD_PARTY, "sm2-sm3", "sm3.json");
test("SM3 agrees with third-party vectors", { skip: !existsSync(sm3Cases) }, () => {
  const { cases } = JSON.parse(readFileSync(sm3Cases, "utf8")) as { cases: { msg_hex?: string; sm3: string }[] };
  for (const item of cases) {
    if (item.msg_hex !== undefined) assert.equal(toHex(sm3(fromHex(item.msg_hex))), item.sm3);
  }
});

test("RLP is read in one form and written again as it was", () => {
  const nested: RlpItem = [Uint8Array.of(), [Uint8Array.of(0x7f), Uint8Array.of(0x80)], new Uint8Array(60)];
  const written = formatRlp(nested);
  assert.deepEqual(formatRlp(parseRlp(written)), written);
  assert.equal(toHex(written.subarray(0, 2)), "f843");
});

for (const [name, hex] of Object.entries({
  "a byte below 80 with a prefix": "8100",
  "a length that fits the short form": "b80100",
  "a length with a leading zero": "b90038" + "00".repeat(56),
  "an end within the item": "83aabb",
  "bytes after the item": "c000",
})) {
  test(`RLP refuses ${name}`, () => assert.throws(() => parseRlp(fromHex(hex)), MalformedError));
}

test("a container is read again as it was written, and any other spelling is a departure or refused", async () => {
  const files = [
    { name: "zheng/manifest.json", data: utf8("{}") },
    { name: "documents/0011223344556677.txt", data: utf8("text") },
  ];
  const data = formatArchive(files);
  const archive = await readArchive(data, ["zheng/manifest.json"]);
  assert.deepEqual(archive.departures, []);
  assert.deepEqual(archive.files.map((file) => file.name), files.map((file) => file.name));
  await assert.rejects(readArchive(data.subarray(1), []), MalformedError);
  await assert.rejects(readArchive(new Uint8Array([...data, 0]), []), MalformedError);
  assert.equal(crc32(utf8("123456789")), 0xcbf43926);
});

test("moments are read and written at both ends of the calendar", () => {
  for (const moment of ["0001-01-01T00:00:00.000Z", "1969-12-31T23:59:59.999Z", "2024-02-29T12:00:00.001Z", "9999-12-31T23:59:59.999Z"]) {
    assert.equal(formatTime(parseTime(moment)), moment);
  }
  for (const none of ["0000-01-01T00:00:00.000Z", "2023-02-29T00:00:00.000Z", "2024-01-01T23:59:60.000Z"]) {
    assert.throws(() => parseTime(none), MalformedError);
  }
});

test("every event schema loads, and names of members have no meaning to the language", () => {
  assert.ok(EVENT_TYPES.size >= 72);
  const value = parseCanonical(utf8('{"__proto__":1,"constructor":2}'), CLAIM_LIMITS);
  assert.ok(value instanceof Map && value.get("__proto__") === 1);
  assert.ok(!equal(Uint8Array.of(1), Uint8Array.of(2)));
});

test("both languages say everything", () => {
  assert.deepEqual(Object.keys(UI["zh-CN"]).sort(), Object.keys(UI.en).sort());
  for (const part of ["codes", "sentences"] as const) {
    assert.deepEqual(Object.keys(OWN["zh-CN"][part]).sort(), Object.keys(OWN.en[part]).sort());
    assert.deepEqual(Object.keys(CATALOGUES["zh-CN"][part]).sort(), Object.keys(CATALOGUES.en[part]).sort());
  }
});
