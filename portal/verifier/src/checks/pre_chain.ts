/** C21: what lies there for the question whether data was true before it was deposited; never an answer. */

import { type CheckResult, type Finding, notProvided, say } from "../report/model.ts";
import type { Fact, Facts } from "./case.ts";
import { namesOf } from "./evidence.ts";

const CONTESTING = ["identity", "not_authorized", "not_involved"];

const oneOf =
  (...names: readonly string[]) =>
  (fact: Fact): boolean =>
    names.includes(fact.name);

/** Another than platform and party is said to have taken part in the act itself, and was no simulator. */
function isThirdParty(fact: Fact): boolean {
  if (fact.name === "signature.timestamped") return fact.value("test") === false;
  const names = ["identity.person_verified", "identity.organization_verified", "intent.face_verified"];
  return names.includes(fact.name) && fact.value("simulated") === false && fact.text("method") !== "manual";
}

/** Data of others that agree: a carrier's or authority's record, or public evidence named by what was made. */
function isCorroborating(fact: Fact): boolean {
  const names = ["notification.delivered", "certificate.issued", "intent.otp_verified"];
  return names.includes(fact.name) ? fact.value("simulated") === false : fact.entry.claim.after.length > 0;
}

const SLOTS: readonly (readonly [string, (fact: Fact) => boolean])[] = [
  ["source", oneOf("document.uploaded", "document.attached", "contract.created", "template.created")],
  ["generation", oneOf("document.converted", "document.filled", "document.finalized")],
  ["storage", (fact) => fact.name === "document.archived" || fact.entry.checked.documents.length > 0],
  ["notarization", () => false], // no event of the taxonomy yet: a notary's deed would be one
  ["third_party", isThirdParty],
  ["corroboration", isCorroborating],
];

/** Fill the six slots from the events shown. */
export function checkPreChain(facts: Facts): CheckResult {
  const findings = SLOTS.map(([name, fills]): Finding => {
    const subject = say(`pre_chain.${name}`);
    const filling = facts.all.filter(fills);
    if (filling.length === 0) return notProvided("NOT_PROVIDED", subject, say("pre_chain.nothing"));
    const detail = say("pre_chain.material", { events: namesOf(filling.map((fact) => fact.item)) });
    return { status: "SUPPORTED", code: "", subject, detail, observed: {} };
  });
  const contests = facts
    .named("party.rejected")
    .filter((fact) => CONTESTING.includes(fact.text("reason_code") ?? ""))
    .map((fact): Finding => {
      const detail = say("pre_chain.contested");
      return { status: "CONTESTED", code: "CONTESTED", subject: fact.subject, detail, observed: {} };
    });
  const supported = findings.filter((finding) => finding.status === "SUPPORTED").length;
  const code = `${supported}/${SLOTS.length}`;
  if (contests.length > 0) return { id: "C21", status: "CONTESTED", code, findings: [...contests, ...findings] };
  return supported === 0
    ? { id: "C21", status: "NOT_PROVIDED", code: "NOT_PROVIDED", findings }
    : { id: "C21", status: "SUPPORTED", code, findings };
}
