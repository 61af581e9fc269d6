/**
 * Event schemas as small rules, checked in a direct walk: the port of `zheng_verifier.taxonomy` (rules, schema, refusals).
 *
 * The JSON Schemas themselves are put into the page when it is built. A keyword outside the subset does not load.
 */

import { MalformedError } from "../errors.ts";
import { characters, fromUtf8 } from "../formats/bytes.ts";
import { type JsonObject, type JsonValue, formatJson, isObject } from "../formats/canonical.ts";
import { parseTime } from "../formats/encoding.ts";
import { isSealed, parseSealed } from "../formats/sealed.ts";

/** One node of a schema file, as JSON.parse gives it: these files are our own and not the evidence's. */
export interface SchemaNode {
  readonly [keyword: string]: unknown;
}

const SEALED_REFERENCE = "#/$defs/sealed";
const ANNOTATIONS = ["description", "x-label-zh", "x-label-en", "x-pii", "x-sealed"];
const HEADER = ["$schema", "$id", "$defs", "title", "x-kinds", "x-reserved", "x-custody"];
/** Class P3: never accepted, not even sealed. */
const P3_NAMES = new Set([
  "otp", "otp_code", "otp_value", "one_time_password", "verification_code", "sms_code",
  "password", "passwd", "passphrase", "pin", "signing_password",
  "private_key", "secret_key", "key_pair",
  "card_number", "bank_card", "bank_card_number", "pan", "cvv", "cvc", "cvv2",
  "biometric", "biometric_template", "face_template", "face_feature", "fingerprint_template", "voiceprint",
]);
/** Names under which clients are likely to send personal values (P1) that a type has no field for. */
const PERSONAL_NAMES = new Set([
  "name", "real_name", "full_name", "phone", "mobile", "telephone", "email", "mail", "address",
  "id_number", "id_card", "id_no", "cert_no", "passport", "uscc", "organization_name", "legal_representative",
  "ip", "ip_address", "user_agent", "device", "imei", "imsi", "mac", "geo", "latitude", "longitude", "location",
  "bank_card_last4", "account", "session", "provider_txn", "certificate", "serial_number", "seal", "image",
  "subject", "target", "recipient", "title", "file_name", "signature_image",
]);
const FREE_TEXT_NAMES = new Set([
  "note", "notes", "remark", "remarks", "comment", "comments", "memo", "message", "text", "content",
  "description", "detail", "details", "reason", "reason_text", "extra", "custom", "metadata", "labels", "tags",
]);
const HASH_OF = /^(.+?)_(?:hash|digest|sha1|sha256|sha512|sm3|md5|hmac|fingerprint)$/;

function violation(detail: string, where: string, code = "SCHEMA_VIOLATION"): never {
  throw new MalformedError(code, detail, where);
}

/** Name a place for a reader: its last step, with the list's name where it is a position. */
function named(where: string): string {
  const steps = where.split("/");
  const last = steps.at(-1) as string;
  return /^[0-9]+$/.test(last) ? `item ${last} of '${steps.at(-2)}'` : `'${last}'`;
}

function wrongType(value: JsonValue, wanted: string, where: string): never {
  if (isSealed(value)) {
    violation(`${named(where)} is not a personal field: send the value itself, not a sealed value`, where);
  }
  return violation(`${named(where)} must be ${wanted}`, where);
}

/** A rule for one kind of value; `check` throws, and never repeats a value. */
export interface Rule {
  check(value: JsonValue, where: string): void;
}

class TextRule implements Rule {
  private readonly choices: readonly string[];
  private readonly pattern: RegExp | undefined;
  private readonly shortest: number;
  private readonly longest: number | undefined;
  private readonly isTime: boolean;

  constructor(node: SchemaNode) {
    only(node, "type", "enum", "pattern", "minLength", "maxLength", "format");
    this.choices = (node["enum"] as string[] | undefined) ?? [];
    const pattern = node["pattern"] as string | undefined;
    this.pattern = pattern === undefined ? undefined : new RegExp(pattern);
    this.shortest = (node["minLength"] as number | undefined) ?? 0;
    this.longest = node["maxLength"] as number | undefined;
    this.isTime = "format" in node;
  }

  check(value: JsonValue, where: string): void {
    if (typeof value !== "string") return wrongType(value, "a string", where);
    if (this.choices.length > 0 && !this.choices.includes(value)) {
      violation(`${named(where)} must be one of ${this.choices.join(", ")}`, where);
    }
    if (this.pattern !== undefined && !this.pattern.test(value)) {
      violation(`${named(where)} must match ${this.pattern.source}`, where);
    }
    const length = characters(value);
    if (length < this.shortest || (this.longest !== undefined && length > this.longest)) {
      violation(`${named(where)} must have ${this.shortest} to ${this.longest} characters`, where);
    }
    if (this.isTime) parseTime(value, where);
  }
}

class IntegerRule implements Rule {
  constructor(private readonly node: SchemaNode) {
    only(node, "type", "minimum", "maximum");
  }

  check(value: JsonValue, where: string): void {
    if (typeof value !== "number") return wrongType(value, "an integer", where);
    const [minimum, maximum] = [this.node["minimum"] as number, this.node["maximum"] as number];
    if (value < minimum || value > maximum) violation(`${named(where)} must be within ${minimum}…${maximum}`, where);
  }
}

class BooleanRule implements Rule {
  check(value: JsonValue, where: string): void {
    if (typeof value !== "boolean") wrongType(value, "true or false", where);
  }
}

export class ArrayRule implements Rule {
  readonly items: Rule;

  constructor(
    private readonly node: SchemaNode,
    owner: string,
  ) {
    only(node, "type", "items", "minItems", "maxItems", "uniqueItems");
    this.items = readRule(node["items"] as SchemaNode, owner);
  }

  check(value: JsonValue, where: string): void {
    if (!Array.isArray(value)) return wrongType(value, "a list", where);
    const [fewest, most] = [this.node["minItems"] as number, this.node["maxItems"] as number];
    if (value.length < fewest || value.length > most) {
      violation(`${named(where)} must have ${fewest} to ${most} items`, where);
    }
    value.forEach((item, position) => this.items.check(item, `${where}/${position}`));
    const written = value.map((item) => fromUtf8(formatJson([item])));
    if (this.node["uniqueItems"] === true && new Set(written).size !== value.length) {
      violation(`${named(where)} must not repeat an item`, where);
    }
  }
}

/** A personal value (P1): here only its digest stands; the value must follow `opened` once it is shown. */
export class SealedRule implements Rule {
  constructor(readonly opened: Rule) {}

  check(value: JsonValue, where: string): void {
    if (!isSealed(value)) violation(`${named(where)} is personal data: send it sealed`, where, "PERSONAL_DATA");
    parseSealed(value, where);
  }
}

/** A public value that may be sealed all the same: the digest of a document that can be guessed. */
export class EitherRule implements Rule {
  constructor(readonly opened: Rule) {}

  check(value: JsonValue, where: string): void {
    if (isSealed(value)) parseSealed(value, where);
    else this.opened.check(value, where);
  }
}

/** A closed object. */
export class ObjectRule implements Rule {
  readonly members: ReadonlyMap<string, Rule>;
  private readonly required: readonly string[];

  constructor(
    node: SchemaNode,
    private readonly owner: string,
  ) {
    only(node, "type", "properties", "required", "additionalProperties");
    if (node["additionalProperties"] !== false) throw new Error("an object that is not closed");
    const properties = Object.entries(node["properties"] as Record<string, SchemaNode>);
    this.members = new Map(properties.map(([name, child]) => [name, readRule(child, owner)]));
    this.required = node["required"] as string[];
  }

  check(value: JsonValue, where: string): void {
    if (!isObject(value)) return wrongType(value, "an object", where);
    for (const [name, item] of value) {
      (this.members.get(name) ?? this.refuse(name, where)).check(item, `${where}/${name}`);
    }
    for (const name of this.required) {
      if (!value.has(name)) violation(`'${name}' is required in ${this.owner}`, `${where}/${name}`);
    }
  }

  /** Refuse a member that the object does not have. */
  private refuse(name: string, where: string): never {
    const sealed = [...this.members].filter(([, rule]) => rule instanceof SealedRule).map(([known]) => known);
    const place = `${where}/${name}`;
    if (name === "_sd") {
      violation(`${named(where)} is not a personal field: send the value itself, not a sealed value`, where);
    }
    const stem = HASH_OF.exec(name)?.[1];
    if (stem !== undefined && (PERSONAL_NAMES.has(stem) || sealed.includes(stem))) {
      violation(`'${name}': a hash of a personal value is found by trying all values`, place, "PERSONAL_DATA");
    }
    if (FREE_TEXT_NAMES.has(name)) violation(`'${name}': free text has no place in ${this.owner}`, place, "FREE_TEXT");
    if (PERSONAL_NAMES.has(name)) {
      violation(`'${name}' is personal data and no field of ${this.owner}`, place, "PERSONAL_DATA");
    }
    return violation(`'${name}' is no field of ${this.owner}`, place);
  }
}

function only(node: SchemaNode, ...keywords: readonly string[]): void {
  const unknown = Object.keys(node).filter((name) => !ANNOTATIONS.includes(name) && !keywords.includes(name));
  if (unknown.length > 0) throw new Error(`keywords outside the subset: ${unknown.join(", ")}`);
}

function readRule(node: SchemaNode, owner: string): Rule {
  if ("$ref" in node) {
    only(node, "$ref");
    if (node["$ref"] !== SEALED_REFERENCE) throw new Error("the only reference is that to the sealed value");
    return new SealedRule(readRule(node["x-sealed"] as SchemaNode, owner));
  }
  if ("oneOf" in node) {
    only(node, "oneOf");
    return new EitherRule(readRule(node["x-sealed"] as SchemaNode, owner));
  }
  switch (node["type"]) {
    case "string":
      return new TextRule(node);
    case "integer":
      return new IntegerRule(node);
    case "boolean":
      only(node, "type");
      return new BooleanRule();
    case "array":
      return new ArrayRule(node, owner);
    case "object":
      return new ObjectRule(node, owner);
    default:
      throw new Error(`type ${String(node["type"])}`);
  }
}

/** Read a whole schema file: its header is set aside, the rest is the rule of `data`. */
export function readDocument(document: SchemaNode): ObjectRule {
  const body = Object.entries(document).filter(([keyword]) => !HEADER.includes(keyword));
  return new ObjectRule(Object.fromEntries(body), String(document["title"]));
}

/** Refuse secrets and biometric templates by name, wherever they stand. */
export function refuseP3(value: JsonObject, where: string): void {
  const visit = (item: JsonValue, path: string): void => {
    if (Array.isArray(item)) item.forEach((child, position) => visit(child, `${path}/${position}`));
    else if (isObject(item)) {
      for (const [name, child] of item) {
        if (P3_NAMES.has(name)) violation(`'${name}' is never accepted, not even sealed`, `${path}/${name}`, "P3_REFUSED");
        visit(child, `${path}/${name}`);
      }
    }
  };
  visit(value, where);
}
