/**
 * C19: a bound act of confirmation: this signer, this document, shown before, under a challenge made for it.
 *
 *     challenge = SHA-256(SHA-256 of the document ‖ head of the case ‖ nonce)          32 ‖ 32 ‖ 16 bytes
 */

import { sha256 } from "@noble/hashes/sha2.js";

import { EvidenceError } from "../errors.ts";
import { concat } from "../formats/bytes.ts";
import { formatBase64url, parseBase64url, parseHex } from "../formats/encoding.ts";
import {
  type Finding,
  failed,
  indeterminate,
  notApplicable,
  notProvided,
  passed,
  say,
} from "../report/model.ts";
import { type Fact, type Facts, compare } from "./case.ts";

const FACTORS: Record<string, string> = {
  otp_sms: "intent.otp_verified",
  otp_email: "intent.otp_verified",
  face: "intent.face_verified",
  password: "intent.password_verified",
};

/** Judge the confirmation of every signature, and give what is only said beside it. */
export function checkIntents(facts: Facts): [Finding[], Finding[]] {
  const signed = facts.named("party.signed");
  const confirmed = facts.named("intent.confirmed");
  if (signed.length === 0 && confirmed.length === 0) {
    if (facts.kind === "subject" || facts.kind === "log") {
      return [[notApplicable("NO_SIGNER", say("the_case"), say("intent.no_signing"))], []];
    }
    return [[notProvided("INTENT_NOT_PROVIDED", say("the_case"), say("intent.none"))], []];
  }
  const findings = signed.flatMap((signature) => {
    const intent = facts.before(signature).byId(signature.text("intent_event"));
    if (intent === undefined || intent.name !== "intent.confirmed") return [unconfirmed(facts, signature, confirmed)];
    return judgePair(signature, intent);
  });
  const reading = facts.named("document.read_confirmed").map((fact) => passed(fact.subject, say("intent.read_confirmed")));
  findings.push(
    ...confirmed.flatMap((intent) => judgeIntent(facts, intent)),
    ...reused(signed, ["intent_event", "challenge"]),
    ...reused(confirmed, ["challenge_id", "challenge"]),
  );
  return [findings, [...reading, ...prompts(facts, confirmed)]];
}

/** Were terms of weight pointed out to each party, and acknowledged, before it confirmed? Said, and decides nothing. */
function prompts(facts: Facts, confirmed: readonly Fact[]): Finding[] {
  if (facts.named("terms.acknowledged").length === 0) {
    return [notProvided("TERM_PROMPT_NOT_PROVIDED", say("the_case"), say("intent.no_prompt"))];
  }
  return confirmed.map((intent) => judgePrompt(facts.before(intent), intent));
}

function judgePrompt(earlier: Facts, intent: Fact): Finding {
  const prompted = earlier
    .named("terms.acknowledged")
    .filter((fact) => fact.text("party") === intent.text("party") && fact.text("document") === intent.text("document"));
  const matches = prompted.map((fact) => compare(fact.value("document_sha256"), intent.value("document_sha256")));
  const same = prompted[matches.indexOf("same")];
  if (same !== undefined) {
    return passed(intent.subject, say("intent.terms_acknowledged", { event: same.subject }));
  }
  if (matches.includes("unknown")) {
    return indeterminate("CANNOT_COMPARE", intent.subject, say("intent.sealed_document_sha256"));
  }
  return notProvided("TERM_PROMPT_NOT_PROVIDED", intent.subject, say("intent.no_prompt_before"));
}

/** One act of confirmation is for one signature, one challenge for one confirmation: of a second, none is shown. */
function reused(acts: readonly Fact[], fields: readonly string[]): Finding[] {
  const first = new Map<string, Fact>();
  return acts.flatMap((act) => {
    const keys = fields.flatMap((field) => {
      const text = act.text(field);
      return text === undefined ? [] : [`${field} ${text}`];
    });
    const earlier = keys.map((key) => first.get(key)).find((one) => one !== undefined);
    for (const key of keys) if (!first.has(key)) first.set(key, act);
    if (earlier === undefined) return [];
    const subject = say("intent.two", { one: earlier.subject, other: act.subject });
    return [indeterminate("CHALLENGE_REUSED", subject, say("intent.reused"))];
  });
}

function unconfirmed(facts: Facts, signature: Fact, confirmed: readonly Fact[]): Finding {
  if (!facts.completeBefore(signature)) {
    return indeterminate("CANNOT_COMPARE", signature.subject, say("intent.hidden"));
  }
  return confirmed.length === 0
    ? notProvided("INTENT_NOT_PROVIDED", signature.subject, say("intent.none_of_signature"))
    : failed("INTENT_NOT_BOUND", signature.subject, say("intent.names_none"));
}

/** Signature and confirmation name one party, one document, the same bytes, and one challenge. */
function judgePair(signature: Fact, intent: Fact): Finding[] {
  const found = compared(intent, signature, [
    ["party", "party"],
    ["document", "document"],
    ["document_sha256", "before_sha256"],
    ["challenge", "challenge"],
  ]);
  return found.length > 0 ? found : [passed(signature.subject, say("intent.confirmed_by", { event: intent.subject }))];
}

function compared(one: Fact, other: Fact, pairs: readonly (readonly [string, string])[]): Finding[] {
  const subject = say("intent.two", { one: one.subject, other: other.subject });
  return pairs.flatMap(([mine, theirs]) => {
    const match = compare(one.value(mine), other.value(theirs));
    if (match === "other") return [failed("INTENT_NOT_BOUND", subject, say(`intent.other_${mine}`))];
    return match === "unknown" ? [indeterminate("CANNOT_COMPARE", subject, say(`intent.sealed_${mine}`))] : [];
  });
}

const SAME_ACT = [
  ["party", "party"],
  ["document_sha256", "document_sha256"],
  ["challenge", "challenge"],
] as const;

function ofChallenge(facts: Facts, name: string, intent: Fact): Fact | undefined {
  return facts.named(name).find((fact) => fact.text("challenge_id") === intent.text("challenge_id"));
}

function judgeIntent(facts: Facts, intent: Fact): Finding[] {
  const earlier = facts.before(intent);
  const challenge = ofChallenge(earlier, "intent.challenge_sent", intent);
  const found: Finding[] = [];
  if (challenge !== undefined) {
    found.push(...compared(challenge, intent, SAME_ACT), judgeChallenge(facts, challenge));
    const expires = challenge.time("expires_at");
    if (expires !== undefined && intent.moment > expires) {
      found.push(indeterminate("CHALLENGE_EXPIRED", intent.subject, say("intent.expired")));
    }
  } else if (facts.completeBefore(intent)) {
    found.push(notProvided("CHALLENGE_NOT_PROVIDED", intent.subject, say("intent.no_challenge")));
  } else {
    found.push(indeterminate("CANNOT_COMPARE", intent.subject, say("intent.hidden")));
  }
  return [...found, ...judgeFactors(earlier, intent), judgeDisplay(earlier, intent)];
}

function judgeChallenge(facts: Facts, challenge: Fact): Finding {
  switch (recompute(facts, challenge)) {
    case "holds":
      return passed(challenge.subject, say("intent.recomputed"));
    case "broken":
      return failed("INTENT_NOT_BOUND", challenge.subject, say("intent.other_bytes"));
    case "hidden":
      return indeterminate("CANNOT_COMPARE", challenge.subject, say("intent.not_recomputed"));
    case "stated":
      return indeterminate("CHALLENGE_NOT_SHOWN", challenge.subject, say("intent.only_stated"));
  }
}

function recompute(facts: Facts, challenge: Fact): "holds" | "broken" | "hidden" | "stated" {
  const digest = challenge.value("document_sha256");
  const [head, nonce, stated] = ["case_head", "challenge_nonce", "challenge"].map((name) => challenge.text(name));
  if (head === undefined || nonce === undefined || stated === undefined) return "stated";
  if (typeof digest !== "string") return "hidden";
  let parts: Uint8Array;
  try {
    parts = concat(parseHex(digest, "", 32), parseBase64url(head, "", 32), parseBase64url(nonce, "", 16));
  } catch (error) {
    if (error instanceof EvidenceError) return "broken"; // C03 has refused the event by its schema
    throw error;
  }
  if (formatBase64url(sha256(parts)) !== stated) return "broken";
  const earlier = [...facts.heads].filter(([seq]) => seq < challenge.seq).map(([, leaf]) => leaf);
  if (earlier.includes(head)) return "holds";
  return earlier.length === challenge.seq - 1 ? "broken" : "hidden";
}

/** Each method by which the intent was checked has its own event under the same challenge. */
function judgeFactors(earlier: Facts, intent: Fact): Finding[] {
  return intent.texts("methods").flatMap((method) => {
    const subject = say("intent.factor", { event: intent.subject, method });
    const name = FACTORS[method];
    if (name === undefined) return [notProvided("FACTOR_NOT_PROVIDED", subject, say("intent.no_such_factor"))];
    const factor = ofChallenge(earlier, name, intent);
    if (factor === undefined) return [notProvided("FACTOR_NOT_PROVIDED", subject, say("intent.no_factor"))];
    return [
      ...compared(factor, intent, SAME_ACT),
      factor.simulated
        ? indeterminate("SIMULATED_FACTOR", subject, say("intent.simulated"))
        : passed(subject, say("intent.factor_shown", { event: factor.subject })),
    ];
  });
}

/** What was confirmed was on the confirming party's screen before. */
function judgeDisplay(earlier: Facts, intent: Fact): Finding {
  const matches = earlier
    .named("document.viewed")
    .filter((view) => ["party", "document"].every((field) => view.text(field) === intent.text(field)))
    .map((view) => compare(view.value("document_sha256"), intent.value("document_sha256")));
  if (matches.includes("same")) return passed(intent.subject, say("intent.displayed"));
  if (matches.includes("unknown")) return indeterminate("CANNOT_COMPARE", intent.subject, say("intent.sealed_display"));
  return matches.length > 0
    ? failed("DISPLAY_MISMATCH", intent.subject, say("intent.other_display"))
    : notProvided("DISPLAY_NOT_PROVIDED", intent.subject, say("intent.no_display"));
}
