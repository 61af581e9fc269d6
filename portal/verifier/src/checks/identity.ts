/** C18: what was checked of each person, by whom, and whether the records about one party agree with one another. */

import { formatTime } from "../formats/encoding.ts";
import {
  type Finding,
  failed,
  indeterminate,
  notApplicable,
  notProvided,
  passed,
  say,
} from "../report/model.ts";
import { type Fact, type Facts, type Match, compare } from "./case.ts";

const RECORDS = ["identity.person_verified", "identity.organization_verified", "identity.bound"];

/** Judge every record of an identity, and the links of every party that signed. */
export function checkIdentities(facts: Facts): Finding[] {
  const findings = [
    ...facts.named(...RECORDS).map(judgeRecord),
    ...facts.signers.flatMap((party) => judgeParty(facts, party)),
    ...judgeAuthority(facts),
  ];
  if (findings.length > 0) return findings;
  if (facts.kind === "subject" || facts.kind === "log") {
    return [notApplicable("NO_SIGNER", say("the_case"), say("identity.no_signer"))];
  }
  return [notProvided("IDENTITY_NOT_PROVIDED", say("the_case"), say("identity.none"))];
}

function judgeRecord(record: Fact): Finding {
  const observed: Record<string, string> = {};
  for (const name of ["party", "method", "provider", "level", "result", "verified_at"]) {
    const text = record.text(name);
    if (text !== undefined) observed[name] = text;
  }
  observed["received_at"] = formatTime(record.entry.receivedAt);
  if (record.simulated) {
    return indeterminate("SIMULATED_IDENTITY", record.subject, say("identity.simulated"), observed);
  }
  if (record.name === "identity.bound") {
    return indeterminate("IDENTITY_ELSEWHERE", record.subject, say("identity.elsewhere"), observed);
  }
  return passed(record.subject, say("identity.record"), observed);
}

interface Link {
  readonly one: Fact;
  readonly other: Fact;
  readonly field: string;
  readonly match: Match;
}

function judgeParty(facts: Facts, party: string): Finding[] {
  const subject = say("identity.party", { party });
  const mine = facts.named(...RECORDS).filter((record) => record.text("party") === party);
  const signed = facts.named("party.signed").filter((fact) => fact.text("party") === party);
  const found: Finding[] = [];
  const [first, act] = [mine[0], signed[0] as Fact];
  if (first === undefined) {
    found.push(notProvided("IDENTITY_NOT_PROVIDED", subject, say("identity.none_of_party")));
  } else if (first.seq > act.seq) {
    const events = say("identity.two", { one: first.subject, other: act.subject });
    found.push(indeterminate("IDENTITY_AFTER_SIGNING", subject, say("identity.after_signing", { events })));
  }
  const links = [
    ...names(facts, mine, party),
    ...phones(facts, mine, party),
    ...accounts(facts, mine, party),
    ...signed.flatMap((fact) => certificates(facts, fact)),
  ];
  return [...found, ...links.map(judgeLink)];
}

/** Judge one comparison: what is sealed cannot be compared, and is neither a pass nor a failure. */
function judgeLink({ one, other, field, match }: Link): Finding {
  const subject = say("identity.two", { one: one.subject, other: other.subject });
  const detail = say(`identity.link_${field}`);
  if (match === "same") return passed(subject, detail);
  if (match === "other") {
    return failed(field === "name" ? "NAME_MISMATCH" : "LINK_BROKEN", subject, say(`identity.broken_${field}`));
  }
  return indeterminate("CANNOT_COMPARE", subject, say("identity.sealed", { link: detail }));
}

/** The name in the contract is a name that was verified of the party: an organisation's, or its agent's. */
function names(facts: Facts, mine: readonly Fact[], party: string): Link[] {
  const known = (record: Fact): string =>
    record.name === "identity.organization_verified" ? "organization_name" : "name";
  return facts.named("contract.created").flatMap((created) =>
    created
      .objects("parties")
      .filter((listed) => listed.get("party") === party && listed.has("name"))
      .flatMap((listed) =>
        best(created, "name", mine.map((record) => [record, compare(listed.get("name"), record.value(known(record)))])),
      ),
  );
}

/** The one-time password went to the phone that was verified. */
function phones(facts: Facts, mine: readonly Fact[], party: string): Link[] {
  return facts
    .named("intent.challenge_sent")
    .filter((sent) => sent.text("party") === party && sent.text("method") === "otp_sms")
    .flatMap((sent) =>
      best(sent, "phone", mine.map((record) => [record, compare(sent.value("target"), record.value("phone"))])),
    );
}

/** The account that began or was bound to the check is one that was registered in this case. */
function accounts(facts: Facts, mine: readonly Fact[], party: string): Link[] {
  const registered = facts.named("account.registered");
  const begun = facts.named("identity.started").filter((fact) => fact.text("party") === party);
  return [...begun, ...mine.filter((record) => record.name === "identity.bound")].flatMap((fact) =>
    best(fact, "account", registered.map((one) => [one, compare(fact.value("account"), one.value("account"))])),
  );
}

/** Of several records one that agrees is enough; it is broken only if all are known and none agrees. */
function best(one: Fact, field: string, pairs: readonly [Fact, Match][]): Link[] {
  for (const wanted of ["same", "unknown", "other"] as const) {
    const found = pairs.find(([, match]) => match === wanted);
    if (found !== undefined) return [{ one, other: found[0], field, match: wanted }];
  }
  return [];
}

/** The certificate that signed was issued in this case for that key, to that party, under the verified name. */
function certificates(facts: Facts, signed: Fact): Link[] {
  const key = signed.text("key");
  return facts
    .before(signed)
    .named("certificate.issued")
    .filter((issued) => key !== undefined && issued.text("key") === key)
    .flatMap((issued) => {
      const match = compare(issued.value("certificate"), signed.value("certificate"));
      const link: Link = { one: signed, other: issued, field: "certificate", match };
      const otherParty = compare(issued.value("party"), signed.value("party")) === "other";
      return otherParty ? [{ ...link, field: "party", match: "other" as const }, link] : [link];
    });
}

/** Who acts for an organisation, or takes over a signing, does so by an authority: named, or not provided. */
function judgeAuthority(facts: Facts): Finding[] {
  const found: Finding[] = [];
  for (const record of facts.named("identity.organization_verified")) {
    const agent = record.text("agent_event");
    const person = agent === undefined ? undefined : facts.byId(agent);
    const known = person !== undefined && ["identity.person_verified", "identity.bound"].includes(person.name);
    if (agent !== undefined && !known) {
      const state = facts.completeBefore(record) ? failed : indeterminate;
      found.push(state("LINK_BROKEN", record.subject, say("identity.agent_unknown")));
    }
    if (record.text("method") !== "legal_rep_face") found.push(authority(record)); // else he himself acted
  }
  return [...found, ...facts.named("party.delegated").map(authority)];
}

function authority(fact: Fact): Finding {
  return fact.value("authorization") === undefined
    ? notProvided("AUTHORITY_NOT_PROVIDED", fact.subject, say("identity.no_authority"))
    : passed(fact.subject, say("identity.authority"));
}
