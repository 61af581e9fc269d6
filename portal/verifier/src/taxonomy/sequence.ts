/** The order a contract's events ought to have: what is out of order is warned of, never refused. */

import type { Fact } from "../checks/case.ts";
import { type JsonObject, isObject } from "../formats/canonical.ts";
import { textOf } from "../formats/claim.ts";
import { SECOND } from "../formats/encoding.ts";
import { EVENT_TYPES } from "./catalogue.ts";

const SKEW = 300n * SECOND;
export const MAX_EVENTS = 2_000;
const IDENTIFIED = ["identity.person_verified", "identity.organization_verified", "identity.bound"];
const FINAL = ["contract.completed", "contract.withdrawn", "contract.voided", "contract.rejected", "contract.expired"];
const FACTORS: Record<string, string> = {
  otp_sms: "intent.otp_verified",
  otp_email: "intent.otp_verified",
  face: "intent.face_verified",
  password: "intent.password_verified",
};

/** A rule gives one complaint for each way in which an event does not keep it; how it is worded is the catalogue's. */
interface Rule {
  readonly code: string;
  readonly complaints: (event: Fact, earlier: readonly Fact[]) => number;
}

function named(events: readonly Fact[], ...names: readonly string[]): Fact[] {
  return events.filter((event) => names.includes(event.name));
}

/** Tell whether two values are both known and not the same. */
function differ(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}

const count = (...broken: readonly boolean[]): number => broken.filter(Boolean).length;

function sentParty(document: JsonObject, finalized: ReadonlyMap<string | undefined, Fact>): boolean {
  const known = finalized.get(textOf(document, "document"));
  return known === undefined || differ(textOf(document, "document_sha256"), known.text("document_sha256"));
}

function intentComplaints(event: Fact, earlier: readonly Fact[]): number {
  if (event.name !== "intent.confirmed") return 0;
  const ofChallenge = (fact: Fact): boolean => fact.text("challenge_id") === event.text("challenge_id");
  const asked = named(earlier, "intent.challenge_sent").filter(ofChallenge);
  const different = asked.flatMap((sent) =>
    ["party", "challenge", "document_sha256"].filter((field) => differ(sent.text(field), event.text(field))),
  );
  const methods = event.value("methods");
  const unshown = (Array.isArray(methods) ? methods : []).filter((method) => {
    const factor = FACTORS[String(method)];
    return factor !== undefined && !named(earlier, factor).some(ofChallenge);
  });
  return (asked.length === 0 ? 1 : 0) + different.length + unshown.length;
}

function signatureComplaints(event: Fact, earlier: readonly Fact[]): number {
  if (event.name !== "party.signed") return 0;
  const intents = named(earlier, "intent.confirmed").filter((intent) => intent.id === event.text("intent_event"));
  if (intents.length === 0) return 1;
  return intents.reduce(
    (sum, intent) =>
      sum +
      count(
        differ(intent.text("party"), event.text("party")),
        differ(intent.text("document_sha256"), event.text("before_sha256")),
        differ(intent.text("challenge"), event.text("challenge")),
      ),
    0,
  );
}

/**
 * Give the digest that a document last had by being finalised, signed or sealed, where it is known. The seal over the
 * bytes `signing` is left out: it is used in the act by which they are signed.
 */
function present(document: string | undefined, earlier: readonly Fact[], signing?: string): string | undefined {
  const sealing = (found: Fact): boolean =>
    signing !== undefined && found.name === "seal.used" && found.text("before_sha256") === signing;
  const last = named(earlier, "document.finalized", "party.signed", "seal.used")
    .filter((found) => found.text("document") === document && !sealing(found))
    .at(-1);
  return last?.text(last.name === "document.finalized" ? "document_sha256" : "after_sha256");
}

function revisionComplaints(event: Fact, earlier: readonly Fact[]): number {
  const before = event.text("before_sha256");
  // Before the document is final, whoever drafts it fills it in as often as he likes.
  if (event.name === "document.filled") return count(differ(before, present(event.text("document"), earlier)));
  if (!["party.signed", "seal.used"].includes(event.name) || before === undefined) return 0;
  const known = [
    ...named(earlier, "document.finalized").map((found) => found.text("document_sha256")),
    ...named(earlier, "party.signed", "seal.used").map((found) => found.text("after_sha256")),
  ];
  const filled = named(earlier, "document.filled");
  if ([...known, ...filled.map((found) => found.text("after_sha256"))].includes(undefined)) return 0;
  const own = filled.some(
    (found) =>
      found.text("after_sha256") === before &&
      ["party", "document"].every((field) => found.text(field) === event.text(field)) &&
      !differ(found.text("before_sha256"), present(event.text("document"), earlier, before)),
  );
  return count(!known.includes(before) && !own);
}

function unsignedParties(event: Fact, earlier: readonly Fact[]): number {
  if (event.name !== "contract.completed") return 0;
  const signed = new Set(named(earlier, "party.signed").map((found) => found.text("party")));
  // Read backwards, a chain of delegations ends at whoever signed.
  for (const delegated of named(earlier, "party.delegated").reverse()) {
    if (signed.has(delegated.text("to_party"))) signed.add(delegated.text("from_party"));
  }
  return named(earlier, "contract.created")
    .flatMap((created) => created.objects("parties"))
    .filter((party) => party.get("required") === true && !signed.has(textOf(party, "party"))).length;
}

const RULES: readonly Rule[] = [
  {
    code: "PERSON_BEFORE_ORGANIZATION",
    complaints: (event, earlier) => {
      if (event.name !== "identity.organization_verified" || event.value("agent_identity") !== undefined) return 0;
      const wanted = event.text("agent_event");
      const persons = named(earlier, "identity.person_verified", "identity.bound").filter(
        (person) => person.text("subject_kind") !== "organization" && (wanted === undefined || wanted === person.id),
      );
      return count(persons.length === 0);
    },
  },
  {
    code: "IDENTITY_BEFORE_CERTIFICATE",
    complaints: (event, earlier) =>
      count(
        event.name === "certificate.issued" &&
          !named(earlier, ...IDENTIFIED).some((known) => !differ(event.text("party"), known.text("party"))),
      ),
  },
  {
    code: "SENT_AFTER_FINALIZED",
    complaints: (event, earlier) => {
      if (event.name !== "contract.sent") return 0;
      const finalized = new Map(named(earlier, "document.finalized").map((found) => [found.text("document"), found]));
      return event.objects("documents").filter((sent) => isObject(sent) && sentParty(sent, finalized)).length;
    },
  },
  {
    code: "VIEW_BEFORE_SIGN",
    complaints: (event, earlier) =>
      count(
        event.name === "party.signed" &&
          !named(earlier, "document.viewed").some((view) =>
            ["party", "document"].every((field) => view.text(field) === event.text(field)),
          ),
      ),
  },
  { code: "CHALLENGE_BEFORE_INTENT", complaints: intentComplaints },
  { code: "INTENT_BINDS_SIGNATURE", complaints: signatureComplaints },
  { code: "REVISIONS_UNBROKEN", complaints: revisionComplaints },
  { code: "COMPLETED_AFTER_ALL_SIGNED", complaints: unsignedParties },
  {
    code: "NOTHING_AFTER_FINAL_STATE",
    complaints: (event, earlier) => {
      const custody = EVENT_TYPES.get(event.type)?.custody ?? true;
      return count(!custody && event.name !== "case.closed" && named(earlier, ...FINAL).length > 0);
    },
  },
  {
    code: "TIMES_IN_ORDER",
    complaints: (event, earlier) => {
      const { occurredAt } = event;
      if (occurredAt === undefined) return 0;
      return count(earlier.some((found) => found.occurredAt !== undefined && occurredAt < found.occurredAt - SKEW));
    },
  },
];

/** Rule `code` is not kept by the event `seq`. */
export interface SequenceWarning {
  readonly code: string;
  readonly seq: number;
}

/** Hold the events of one case, in its order, against every rule. */
export function sequenceWarnings(events: readonly Fact[]): SequenceWarning[] {
  return events.flatMap((event, position) =>
    RULES.flatMap(({ code, complaints }) =>
      Array.from({ length: complaints(event, events.slice(0, position)) }, () => ({ code, seq: event.seq })),
    ),
  );
}

