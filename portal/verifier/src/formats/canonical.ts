/**
 * The JSON profile of docs/spec/json.md, with a lexer of its own: `JSON.parse` takes numbers and doubled names that the
 * profile refuses, and cannot tell them afterwards. Objects are Maps, so that no name has a meaning to the language.
 */

import { MalformedError, UncheckableError } from "../errors.ts";
import { cut, equal, fromUtf8, utf8 } from "./bytes.ts";

export type JsonValue = string | number | boolean | JsonValue[] | JsonObject;
export type JsonObject = Map<string, JsonValue>;
/** What the lexer may hand to the check: a null is read, so that it can be refused by name. */
type Raw = string | number | boolean | null | Raw[] | Map<string, Raw>;

/** Bounds checked before any work: bytes of input, depth of nesting, UTF-8 bytes of a string. */
export interface Limits {
  readonly maxBytes: number;
  readonly maxDepth: number;
  readonly maxString: number;
}

export const MAX_INTEGER = Number.MAX_SAFE_INTEGER;
export const CLAIM_LIMITS: Limits = { maxBytes: 64_000, maxDepth: 7, maxString: 8_192 };
export const ENTRY_LIMITS: Limits = { maxBytes: 65_535, maxDepth: 8, maxString: 8_192 };
export const LEAF_LIMITS: Limits = { maxBytes: 512, maxDepth: 1, maxString: 128 };
export const POLICY_LIMITS: Limits = { maxBytes: 1 << 20, maxDepth: 8, maxString: 16_384 };
export const BUNDLE_LIMITS: Limits = { maxBytes: 32 << 20, maxDepth: 14, maxString: 262_144 };

const NAME = /^[a-z_][a-z0-9_]{0,63}$/;
const VERSION = /^[a-z]{1,16}\/v[1-9][0-9]{0,2}(?:-[a-z0-9]{1,16})?$/;
const NUMBER = /(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const FORBIDDEN =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff\u{1fffe}\u{1ffff}\u{2fffe}\u{2ffff}\u{3fffe}\u{3ffff}\u{4fffe}\u{4ffff}\u{5fffe}\u{5ffff}\u{6fffe}\u{6ffff}\u{7fffe}\u{7ffff}\u{8fffe}\u{8ffff}\u{9fffe}\u{9ffff}\u{afffe}\u{affff}\u{bfffe}\u{bffff}\u{cfffe}\u{cffff}\u{dfffe}\u{dffff}\u{efffe}\u{effff}\u{ffffe}\u{fffff}\u{10fffe}\u{10ffff}]/u;
const SAFE_DEPTH = 200;
const ESCAPES: Record<string, string> = {
  '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t",
};

function malformed(detail: string, where = ""): never {
  throw new MalformedError("FORMAT_FAILURE", detail, where);
}

/** Reads one JSON text (RFC 8259) from left to right. */
class Lexer {
  private position = 0;

  constructor(private readonly text: string) {}

  whole(): Raw {
    const value = this.value();
    this.space();
    if (this.position !== this.text.length) malformed("not JSON");
    return value;
  }

  private space(): void {
    while (" \t\n\r".includes(this.text[this.position] ?? "x")) this.position++;
  }

  private take(expected: string): boolean {
    if (!this.text.startsWith(expected, this.position)) return false;
    this.position += expected.length;
    return true;
  }

  private value(): Raw {
    this.space();
    if (this.take("{")) return this.object();
    if (this.take("[")) return this.array();
    if (this.take('"')) return this.string();
    if (this.take("true")) return true;
    if (this.take("false")) return false;
    if (this.take("null")) return null;
    for (const constant of ["NaN", "Infinity", "-Infinity"]) {
      if (this.take(constant)) throw new MalformedError("NOT_A_NUMBER", `'${constant}' is not JSON`);
    }
    return this.number();
  }

  private object(): Map<string, Raw> {
    const members = new Map<string, Raw>();
    let duplicate: string | null = null;
    this.space();
    if (this.take("}")) return members;
    for (;;) {
      this.space();
      if (!this.take('"')) malformed("not JSON");
      const name = this.string();
      this.space();
      if (!this.take(":")) malformed("not JSON");
      const value = this.value();
      if (members.has(name)) duplicate ??= name;
      members.set(name, value);
      this.space();
      if (this.take("}")) break;
      if (!this.take(",")) malformed("not JSON");
    }
    if (duplicate !== null) {
      throw new MalformedError("DUPLICATE_NAME", "an object names a member twice", cut(duplicate, 80));
    }
    return members;
  }

  private array(): Raw[] {
    const items: Raw[] = [];
    this.space();
    if (this.take("]")) return items;
    for (;;) {
      items.push(this.value());
      this.space();
      if (this.take("]")) return items;
      if (!this.take(",")) malformed("not JSON");
    }
  }

  private string(): string {
    let text = "";
    for (;;) {
      PLAIN.lastIndex = this.position;
      const plain = (PLAIN.exec(this.text) as RegExpExecArray)[0];
      text += plain;
      this.position += plain.length;
      if (this.take('"')) return text;
      if (!this.take("\\")) malformed("not JSON");
      const letter = this.text[this.position++] ?? "";
      if (letter === "u") {
        const digits = this.text.slice(this.position, this.position + 4);
        if (!/^[0-9a-fA-F]{4}$/.test(digits)) malformed("not JSON");
        this.position += 4;
        text += String.fromCharCode(parseInt(digits, 16));
      } else {
        text += ESCAPES[letter] ?? malformed("not JSON");
      }
    }
  }

  private number(): number {
    NUMBER.lastIndex = this.position;
    const match = NUMBER.exec(this.text);
    if (match === null) malformed("not JSON");
    const [whole, integer, fraction, exponent] = match as unknown as [string, string, string?, string?];
    this.position += whole.length;
    if (fraction !== undefined || exponent !== undefined) {
      throw new MalformedError("FLOAT", `numbers are integers here: ${whole.slice(0, 20)}`);
    }
    if (integer === "-0") malformed("integer not in its shortest form: -0");
    if (integer.length > 17 || !Number.isSafeInteger(Number(integer))) {
      throw new MalformedError("INTEGER_RANGE", `integer outside ±(2^53−1): ${integer.slice(0, 20)}`);
    }
    return Number(integer);
  }
}

/** Bound the nesting before the lexer recurses. */
function checkNesting(text: string, limits: Limits): void {
  const deepest = Math.max(limits.maxDepth, SAFE_DEPTH);
  let depth = 0;
  for (const [piece] of text.matchAll(/"[^"\\]*(?:\\[^][^"\\]*)*(?:"|\\?$)|[[\]{}]/g)) {
    if (piece === "[" || piece === "{") {
      if (++depth > deepest) throw new MalformedError("TOO_DEEP", `nested deeper than ${limits.maxDepth}`);
    } else if (piece === "]" || piece === "}") {
      depth--;
    }
  }
}

function checkString(text: string, limits: Limits, where: string): void {
  const found = FORBIDDEN.exec(text);
  if (found !== null) {
    const point = found[0].codePointAt(0) as number;
    const code = point >= 0xd800 && point <= 0xdfff ? "LONE_SURROGATE" : "FORBIDDEN_CHARACTER";
    throw new MalformedError(code, `forbidden character U+${point.toString(16).toUpperCase().padStart(4, "0")}`, where);
  }
  if (text.length > limits.maxString || (text.length * 3 > limits.maxString && utf8(text).length > limits.maxString)) {
    throw new MalformedError("STRING_TOO_LONG", `string longer than ${limits.maxString} bytes`, where);
  }
}

/** Hold a decoded value against the profile. */
function check(value: Raw, limits: Limits, depth: number, where: string): void {
  if (typeof value === "string") return checkString(value, limits, where);
  if (typeof value === "number" || typeof value === "boolean") return;
  if (value === null) throw new MalformedError("NULL", "null has no place here: leave the member out", where);
  if (depth >= limits.maxDepth) throw new MalformedError("TOO_DEEP", `nested deeper than ${limits.maxDepth}`, where);
  if (Array.isArray(value)) {
    value.forEach((item, position) => check(item, limits, depth + 1, `${where}/${position}`));
    return;
  }
  for (const [name, item] of value) {
    if (!NAME.test(name)) throw new MalformedError("MEMBER_NAME", `not a property name: ${cut(name, 80)}`, where);
    check(item, limits, depth + 1, `${where}/${name}`);
  }
}

/** Read one JSON value of the profile, in any layout. */
export function parseJson(data: Uint8Array, limits: Limits): JsonValue {
  if (data.length > limits.maxBytes) {
    throw new MalformedError("TOO_LARGE", `${data.length} bytes, the limit is ${limits.maxBytes}`);
  }
  const text = fromUtf8(data);
  if (text === null) throw new MalformedError("INVALID_UTF8", "not UTF-8");
  checkNesting(text, limits);
  const value = new Lexer(text).whole();
  check(value, limits, 0, "");
  return value as JsonValue;
}

function write(value: JsonValue): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
  const members = [...value].sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, item]) => `${JSON.stringify(name)}:${write(item)}`).join(",")}}`;
}

/** Write a value of the profile in the form of RFC 8785. */
export function formatJson(value: JsonValue): Uint8Array {
  return utf8(write(value));
}

/** Read a value that must stand in canonical form: parse, write again, demand the same bytes. */
export function parseCanonical(data: Uint8Array, limits: Limits): JsonValue {
  const value = parseJson(data, limits);
  if (!equal(formatJson(value), data)) {
    throw new MalformedError("CANONICALIZATION_MISMATCH", "not in canonical form (RFC 8785)");
  }
  return value;
}

/** Make an object of the profile; members that are undefined are left out. */
export function object(members: Record<string, JsonValue | undefined>): JsonObject {
  return new Map(Object.entries(members).filter((member): member is [string, JsonValue] => member[1] !== undefined));
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return value instanceof Map;
}

/** Reads a closed object: each member is taken once, by name and type, and none may be left over. */
export class Fields {
  private readonly members: JsonObject;

  constructor(
    value: JsonValue,
    private readonly where = "",
  ) {
    if (!isObject(value)) malformed("expected an object", where);
    this.members = new Map(value as JsonObject);
  }

  /** Give the place of a member, for messages. */
  path(name: string): string {
    return `${this.where}/${name}`;
  }

  has(name: string): boolean {
    return this.members.has(name);
  }

  private take(name: string): JsonValue {
    const value = this.members.get(name);
    if (value === undefined) throw new MalformedError("FIELD_MISSING", `'${name}' is required`, this.path(name));
    this.members.delete(name);
    return value;
  }

  private wrong(name: string, kind: string): never {
    throw new MalformedError("WRONG_TYPE", `'${name}' must be ${kind}`, this.path(name));
  }

  text(name: string, options: { choices?: readonly string[]; maxBytes?: number } = {}): string {
    const value = this.take(name);
    if (typeof value !== "string") this.wrong(name, "a string");
    if (options.choices !== undefined && !options.choices.includes(value)) {
      malformed(`'${cut(value, 80)}' is not one of ${options.choices.join(", ")}`, this.path(name));
    }
    if (options.maxBytes !== undefined && utf8(value).length > options.maxBytes) {
      throw new MalformedError("STRING_TOO_LONG", `longer than ${options.maxBytes} bytes`, this.path(name));
    }
    return value;
  }

  /** Take the member `zheng`: the kind and version of the object, such as `claim/v1`. */
  version(known: string): void {
    const value = this.text("zheng");
    if (value === known) return;
    if (VERSION.test(value) && value.startsWith(known.slice(0, known.indexOf("/") + 1))) {
      throw new UncheckableError("UNKNOWN_VERSION", `'${value}' is not read here, only ${known}`, this.path("zheng"));
    }
    malformed(`'${cut(value, 80)}' is not ${known}`, this.path("zheng"));
  }

  integer(name: string, minimum = 0, maximum = MAX_INTEGER): number {
    const value = this.take(name);
    if (typeof value !== "number") this.wrong(name, "an integer");
    if (value < minimum || value > maximum) {
      malformed(`${value} is not within ${minimum}…${maximum}`, this.path(name));
    }
    return value;
  }

  boolean(name: string): boolean {
    const value = this.take(name);
    return typeof value === "boolean" ? value : this.wrong(name, "true or false");
  }

  array(name: string, maxItems: number): JsonValue[] {
    const value = this.take(name);
    if (!Array.isArray(value)) this.wrong(name, "an array");
    if (value.length > maxItems) throw new MalformedError("TOO_MANY", `more than ${maxItems} items`, this.path(name));
    return value;
  }

  object(name: string): JsonObject {
    const value = this.take(name);
    return isObject(value) ? value : this.wrong(name, "an object");
  }

  /** Take a member by `read` if it is there. */
  optional<T>(name: string, read: (name: string) => T): T | undefined {
    return this.members.has(name) ? read(name) : undefined;
  }

  /** Refuse members that nobody took. */
  end(): void {
    if (this.members.size > 0) {
      const name = [...this.members.keys()].sort()[0] as string;
      throw new MalformedError("UNKNOWN_FIELD", `unknown member '${name}'`, this.path(name));
    }
  }
}
