/** C15: the records about electronic seals agree: created, granted, approved, used; and whose seal object is there. */

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
import type { ExaminedDocument } from "./documents.ts";

/** Hold the seal events of the case against one another. */
export function checkSeals(facts: Facts, documents: readonly ExaminedDocument[]): Finding[] {
  const used = facts.named("seal.used");
  const findings = [
    ...used.flatMap((fact) => judgeUse(facts, fact)),
    ...unsupported(facts, documents),
    ...judgeSignatures(facts),
  ];
  if (used.length > 0) {
    findings.push(notProvided("SEAL_OBJECT_NOT_PROVIDED", say("seals.object"), say("seals.no_object")));
  }
  if (findings.length > 0) return findings;
  const records = facts.starting("seal.");
  if (records.length > 0) return records.map((fact) => passed(fact.subject, say("seals.record")));
  return [notApplicable("NO_SEAL", say("the_case"), say("seals.none"))];
}

function unsupported(facts: Facts, documents: readonly ExaminedDocument[]): Finding[] {
  const subjects = [
    ...documents.filter((document) => document.sealObject).map(({ name }) => say("documents.file", { name })),
    ...facts.named("party.signed").filter((fact) => fact.text("level") === "gm_seal").map((fact) => fact.subject),
  ];
  return subjects.map((subject) => indeterminate("SEAL_OBJECT_NOT_SUPPORTED", subject, say("seals.not_supported")));
}

/** A signature that names a seal names the use of it by the same party on the same document. */
function judgeSignatures(facts: Facts): Finding[] {
  return facts.named("party.signed").flatMap((signed) => {
    if (signed.text("seal_event") === undefined) return [];
    const used = facts.byId(signed.text("seal_event"));
    if (used === undefined || used.name !== "seal.used") {
      const state = facts.completeBefore(signed) ? failed : indeterminate;
      return [state("SEAL_LINK_BROKEN", signed.subject, say("seals.no_use"))];
    }
    const same = ["party", "document"].every((field) => used.text(field) === signed.text(field));
    return same
      ? [passed(signed.subject, say("seals.signature", { event: used.subject }))]
      : [failed("SEAL_LINK_BROKEN", signed.subject, say("seals.other_use", { event: used.subject }))];
  });
}

function judgeUse(facts: Facts, used: Fact): Finding[] {
  const earlier = facts.before(used);
  return [...judgeImage(earlier, used), judgeApproval(earlier, used), ...judgeGrant(facts, earlier, used)];
}

/** Give the last event of a type about the same seal, or about one that may be. */
function lastOfSameSeal(facts: Facts, name: string, used: Fact): [Fact, Match] | undefined {
  return facts
    .named(name)
    .map((fact): [Fact, Match] => [fact, compare(fact.value("seal"), used.value("seal"))])
    .filter(([, match]) => match !== "other")
    .at(-1);
}

/** The picture is the one made under that seal. */
function judgeImage(earlier: Facts, used: Fact): Finding[] {
  const created = lastOfSameSeal(earlier, "seal.created", used);
  if (created === undefined) return [notProvided("SEAL_NOT_SHOWN", used.subject, say("seals.not_created"))];
  const [fact, same] = created;
  const match = compare(fact.value("image"), used.value("image"));
  const event = fact.subject;
  if (same === "unknown" || match === "unknown") {
    return [indeterminate("CANNOT_COMPARE", used.subject, say("seals.sealed", { event }))];
  }
  return match === "other"
    ? [failed("SEAL_IMAGE_MISMATCH", used.subject, say("seals.other_image", { event }))]
    : [passed(used.subject, say("seals.same_image", { event }))];
}

/** The use was approved for these very bytes. */
function judgeApproval(earlier: Facts, used: Fact): Finding {
  const named = used.text("approval_event");
  if (named === undefined) {
    return notProvided("SEAL_APPROVAL_NOT_PROVIDED", used.subject, say("seals.no_approval"));
  }
  const approval = earlier.byId(named);
  if (approval === undefined || approval.name !== "seal.use_approved") {
    const state = earlier.completeBefore(used) ? failed : indeterminate;
    return state("SEAL_LINK_BROKEN", used.subject, say("seals.unknown_approval"));
  }
  const event = approval.subject;
  const matches = [
    compare(approval.value("document_sha256"), used.value("before_sha256")),
    compare(approval.value("seal"), used.value("seal")),
  ];
  if (matches.includes("other")) {
    return failed("SEAL_LINK_BROKEN", used.subject, say("seals.other_approval", { event }));
  }
  return matches.includes("unknown")
    ? indeterminate("CANNOT_COMPARE", used.subject, say("seals.sealed", { event }))
    : passed(used.subject, say("seals.approved", { event }));
}

/** A grant of that seal, where one is shown, covers the user and the time; else authority is not provided. */
function judgeGrant(facts: Facts, earlier: Facts, used: Fact): Finding[] {
  const found = lastOfSameSeal(earlier, "seal.granted", used);
  if (found === undefined) return [notProvided("SEAL_GRANT_NOT_PROVIDED", used.subject, say("seals.no_grant"))];
  const [grant, same] = found;
  const event = grant.subject;
  const [start, end] = [grant.time("valid_from"), grant.time("valid_to")];
  if (start === undefined || end === undefined || used.moment < start || used.moment > end) {
    return [indeterminate("SEAL_OUT_OF_GRANT", used.subject, say("seals.out_of_grant", { event }))];
  }
  const names = facts
    .named("identity.person_verified", "identity.bound")
    .filter((record) => record.text("party") === used.text("party"))
    .map((record) => compare(grant.value("grantee"), record.value("name")));
  if (same === "same" && names.includes("same")) return [passed(used.subject, say("seals.granted", { event }))];
  if (same === "same" && names.length > 0 && names.every((match) => match === "other")) {
    return [failed("SEAL_OUT_OF_GRANT", used.subject, say("seals.other_grantee", { event }))];
  }
  return [indeterminate("CANNOT_COMPARE", used.subject, say("seals.sealed", { event }))];
}
