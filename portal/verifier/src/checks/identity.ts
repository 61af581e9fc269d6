/** C18: what was checked of each person, by whom, and whether the records about one party agree with one another. */

import type { JsonValue } from "../formats/canonical.ts";
import { formatTime } from "../formats/encoding.ts";
import { isSealed } from "../formats/sealed.ts";
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
import { compareSubject } from "./certificate_subject.ts";

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
    ...persons(mine),
    ...names(facts, mine, party),
    ...phones(facts, mine, party),
    ...accounts(facts, mine, party),
    ...signed.flatMap((fact) => certificates(facts, fact)),
  ];
  const certified = new Map(signed.flatMap((fact) => issuedFor(facts, fact)).map((one) => [one.seq, one]));
  return [...found, ...links.map(judgeLink), ...[...certified.values()].flatMap((one) => judgeSubject(one, mine))];
}

/** Judge one comparison: what is sealed cannot be compared, and is neither a pass nor a failure. */
function judgeLink({ one, other, field, match }: Link): Finding {
  const subject = say("identity.two", { one: one.subject, other: other.subject });
  const detail = say(`identity.link_${field}`);
  if (match === "same") return passed(subject, detail);
  if (match === "other" && (field === "person" || field === "number")) {
    return indeterminate("SEVERAL_PERSONS", subject, say("identity.several"));
  }
  if (match === "other") {
    return failed(field === "name" ? "NAME_MISMATCH" : "LINK_BROKEN", subject, say(`identity.broken_${field}`));
  }
  return indeterminate("CANNOT_COMPARE", subject, say("identity.sealed", { link: detail }));
}

function knownName(record: Fact): JsonValue | undefined {
  return record.value(record.name === "identity.organization_verified" ? "organization_name" : "name");
}

function isOrganization(record: Fact): boolean {
  return record.name === "identity.organization_verified" || record.text("subject_kind") === "organization";
}

type Value = readonly [Fact, JsonValue | undefined];

/** All records of a party name one person, and one organisation if he acts for one: by name and by number. */
function persons(mine: readonly Fact[]): Link[] {
  const links = [false, true].flatMap((kind) =>
    alike(mine.filter((record) => isOrganization(record) === kind).map((record) => [record, knownName(record)]), "person"),
  );
  const numbers = new Map<string, Value[]>();
  for (const record of mine) {
    const organization = record.name === "identity.organization_verified";
    const kind = organization ? "uscc" : (record.text("id_type") ?? "");
    const value: Value = [record, record.value(organization ? "uscc" : "id_number")];
    numbers.set(kind, [...(numbers.get(kind) ?? []), value]);
  }
  return [...links, ...[...numbers.values()].flatMap((values) => alike(values, "number"))];
}

/** Compare each value with the first that is opened. */
function alike(values: readonly Value[], field: string): Link[] {
  const given = values.filter(([, value]) => value !== undefined);
  const sealed = ([, value]: Value): boolean => value !== undefined && isSealed(value);
  const [first, ...others] = [...given.filter((one) => !sealed(one)), ...given.filter(sealed)];
  if (first === undefined) return [];
  return others.map(([other, value]) => ({ one: first[0], other, field, match: compare(first[1], value) }));
}

/** The name in the contract is a name that was verified of the party: an organisation's, or its agent's. */
function names(facts: Facts, mine: readonly Fact[], party: string): Link[] {
  return facts
    .named("contract.created")
    .flatMap((created) =>
      written(created, party).flatMap((name) =>
        best(created, "name", mine.map((record) => [record, compare(name, knownName(record))])),
      ),
    );
}

/** Give the names of a party as a contract writes them. */
function written(created: Fact, party: string): JsonValue[] {
  return created
    .objects("parties")
    .filter((listed) => listed.get("party") === party)
    .map((listed) => listed.get("name"))
    .filter((name) => name !== undefined);
}

/** The one-time password went to the phone that was verified, of the person whom the contract names. */
function phones(facts: Facts, mine: readonly Fact[], party: string): Link[] {
  const named = namedInContract(facts, mine, party);
  return facts
    .named("intent.challenge_sent")
    .filter((sent) => sent.text("party") === party && sent.text("method") === "otp_sms")
    .flatMap((sent) =>
      best(sent, "phone", mine.map((record) => {
        const match = compare(sent.value("target"), record.value("phone"));
        return [record, ofNamed(match, named.get(record) ?? "same")];
      })),
    );
}

/** Tell for each record of a person whether the contract names him; empty if it names none of them. */
function namedInContract(facts: Facts, mine: readonly Fact[], party: string): Map<Fact, Match> {
  const names = facts.named("contract.created").flatMap((created) => written(created, party));
  const found = new Map<Fact, Match>();
  for (const record of mine) {
    const matches = names.map((name) => compare(name, knownName(record)));
    found.set(record, (["same", "other"] as const).find((match) => matches.includes(match)) ?? "unknown");
  }
  return mine.some((record) => !isOrganization(record) && found.get(record) === "same") ? found : new Map<Fact, Match>();
}

/** Let a phone count as far as its own record is of the person named: another's is not compared, a sealed one's open. */
function ofNamed(match: Match, whose: Match): Match {
  if (whose === "other") return "absent";
  return whose === "unknown" && match === "same" ? "unknown" : match;
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

/** The certificate that signed was issued in this case for that key and to that party. */
function certificates(facts: Facts, signed: Fact): Link[] {
  return issuedFor(facts, signed).flatMap((issued) => {
    const match = compare(issued.value("certificate"), signed.value("certificate"));
    const link: Link = { one: signed, other: issued, field: "certificate", match };
    const otherParty = compare(issued.value("party"), signed.value("party")) === "other";
    return otherParty ? [{ ...link, field: "party", match: "other" as const }, link] : [link];
  });
}

/** Give the certificates that were issued before a signature, for its key. */
function issuedFor(facts: Facts, signed: Fact): Fact[] {
  const key = signed.text("key");
  const issued = facts.before(signed).named("certificate.issued");
  return issued.filter((one) => key !== undefined && one.text("key") === key);
}

/** The certificate was issued under a verified name; what is masked or written otherwise is not decided. */
function judgeSubject(issued: Fact, mine: readonly Fact[]): Finding[] {
  const known = mine.map(knownName).filter((name) => name !== undefined);
  if (known.length === 0 || issued.value("subject") === undefined) return [];
  const subject = issued.text("subject");
  const names = known.filter((name): name is string => typeof name === "string");
  const link = say("identity.link_subject");
  const match = subject === undefined ? "unknown" : compareSubject(subject, names);
  if (match === "same") return [passed(issued.subject, link)];
  if (subject === undefined || names.length < known.length) {
    return [indeterminate("CANNOT_COMPARE", issued.subject, say("identity.sealed", { link }))];
  }
  return match === "unknown"
    ? [indeterminate("SUBJECT_UNCLEAR", issued.subject, say("identity.subject_unclear", { subject }))]
    : [failed("NAME_MISMATCH", issued.subject, say("identity.broken_subject"))];
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
