/** The event types this page knows, each from its own schema file, which the build puts into the page. */

import { MalformedError, UncheckableError } from "../errors.ts";
import type { JsonObject, JsonValue } from "../formats/canonical.ts";
import { parseType } from "../formats/claim.ts";
import { sealedDigests } from "../formats/sealed.ts";
import { SCHEMAS } from "../generated/schemas.ts";
import { ArrayRule, EitherRule, ObjectRule, type Rule, SealedRule, readDocument, refuseP3 } from "./rules.ts";

/** One version of one event type; `reserved`: only the service deposits it; `custody`: it may follow case.closed. */
export interface EventType {
  readonly type: string;
  readonly labelZh: string;
  readonly labelEn: string;
  readonly reserved: boolean;
  readonly custody: boolean;
  readonly rule: ObjectRule;
}

export const EVENT_TYPES: ReadonlyMap<string, EventType> = new Map(
  SCHEMAS.map((document) => {
    const type = parseType(String(document["title"]));
    return [
      type,
      {
        type,
        labelZh: String(document["x-label-zh"]),
        labelEn: String(document["x-label-en"]),
        reserved: document["x-reserved"] === true,
        custody: document["x-custody"] === true,
        rule: readDocument(document),
      },
    ];
  }),
);

function eventType(name: string): EventType {
  const event = EVENT_TYPES.get(parseType(name, "/type"));
  if (event !== undefined) return event;
  throw new UncheckableError("SCHEMA_UNKNOWN", `event type '${name}' is not known to this version`, "/type");
}

/** Hold the `data` of an event against its type's schema. */
export function checkData(typeName: string, data: JsonObject): void {
  const { rule } = eventType(typeName);
  try {
    rule.check(data, "/data");
  } catch (error) {
    // No schema has a P3 member, so only refused data can hold one, and then this is what to tell.
    if (error instanceof MalformedError) refuseP3(data, "/data");
    throw error;
  }
  sealedDigests(data);
}

/** Hold an opened value against what its field must hold; `path` is that of the sealed value in `data`. */
export function checkOpened(typeName: string, path: string, value: JsonValue): void {
  let rule: Rule | undefined = eventType(typeName).rule;
  for (const step of path.replace(/^\//, "").split("/")) {
    if (rule instanceof ObjectRule) rule = rule.members.get(step);
    else if (rule instanceof ArrayRule && /^[0-9]+$/.test(step)) rule = rule.items;
    else rule = undefined;
  }
  if (!(rule instanceof SealedRule || rule instanceof EitherRule)) {
    throw new MalformedError("SCHEMA_VIOLATION", `${typeName} has no sealed value at ${path}`, `/data${path}`);
  }
  rule.opened.check(value, `/data${path}`);
}
