/** What the operator of a service says of himself (docs/spec/statement.md): disclosed, and never verified. */

import { MalformedError } from "../errors.ts";
import { Fields, type JsonObject, type JsonValue, type Limits, formatJson, object, parseCanonical } from "./canonical.ts";
import { toHex } from "./bytes.ts";

const LIMITS: Limits = { maxBytes: 1 << 16, maxDepth: 4, maxString: 2_048 };
const COMPONENTS = ["log", "tsa", "chain", "witness", "portal", "ca", "identity", "sms"];
const FILINGS = ["cac_filing_no", "mlps_no", "crypto_assessment_no"] as const;

/** A part of the service, who runs it, and whether he is related to the operator. */
export interface Component {
  readonly component: string;
  readonly name: string;
  readonly operator: string;
  readonly related: boolean;
}

/** The whole statement; `stated` names the optional parts that it has. */
export interface Statement {
  readonly operator: string;
  readonly components: readonly Component[];
  readonly interests: readonly { readonly counterpart: string; readonly relation: string }[] | undefined;
  readonly stated: ReadonlySet<string>;
}

/** What Python's `str.strip` takes away. */
const BLANK = /^[\s\u001c-\u001f\u0085]*$/;

function text(fields: Fields, name: string): string {
  const value = fields.text(name);
  if (BLANK.test(value)) {
    throw new MalformedError("FORMAT_FAILURE", "must not be empty: leave the member out", fields.path(name));
  }
  return value;
}

function list<T>(fields: Fields, name: string, read: (fields: Fields) => T): T[] {
  const values = fields.array(name, 64);
  const items = values.map((value, position) => {
    const inner = new Fields(value, `${fields.path(name)}/${position}`);
    const item = read(inner);
    inner.end();
    return item;
  });
  if (new Set(values.map((value) => toHex(formatJson([value])))).size !== values.length) {
    throw new MalformedError("FORMAT_FAILURE", "one item stands twice", fields.path(name));
  }
  return items;
}

/** Take an optional object; an empty one would be a second spelling of absence. */
function filled(fields: Fields, name: string): JsonObject {
  if (!fields.has(name)) return object({});
  const value = fields.object(name);
  if (value.size === 0) {
    throw new MalformedError("FORMAT_FAILURE", "must not be empty: leave the member out", fields.path(name));
  }
  return value;
}

function optionalTexts(value: JsonValue, where: string, names: readonly string[], stated: Set<string>): void {
  const fields = new Fields(value, where);
  for (const name of names) {
    if (fields.optional(name, (member) => text(fields, member)) !== undefined) stated.add(name);
  }
  fields.end();
}

/** Read a statement of at most 64 KiB in canonical form. */
export function parseStatement(data: Uint8Array): Statement {
  const fields = new Fields(parseCanonical(data, LIMITS));
  fields.version("statement/v1");
  const stated = new Set<string>();
  const operator = new Fields(fields.object("operator"), fields.path("operator"));
  const name = text(operator, "name");
  for (const member of ["uscc", "contact"]) operator.optional(member, (one) => text(operator, one));
  operator.end();
  const components = list(fields, "components", (one) => ({
    component: one.text("component", { choices: COMPONENTS }),
    name: text(one, "name"),
    operator: text(one, "operator"),
    related: one.boolean("related"),
  }));
  const interests = fields.optional("interests", (member) =>
    list(fields, member, (one) => ({ counterpart: text(one, "with"), relation: text(one, "relation") })),
  );
  if (interests !== undefined) stated.add("interests");
  optionalTexts(filled(fields, "filings"), "/filings", FILINGS, stated);
  for (const member of ["paid_by", "time_source", "key_management", "custody"]) {
    if (fields.optional(member, (one) => text(fields, one)) !== undefined) stated.add(member);
  }
  const environment = filled(fields, "environment");
  optionalTexts(environment, "/environment", [...environment.keys()], new Set());
  if (environment.size > 0) stated.add("environment");
  fields.end();
  return { operator: name, components, interests, stated };
}

