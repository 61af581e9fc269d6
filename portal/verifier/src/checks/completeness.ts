/** C20: the events that the case's own opening requires are there, in an order that makes sense. */

import { type Moment, formatTime } from "../formats/encoding.ts";
import { type Finding, failed, indeterminate, notProvided, passed, say } from "../report/model.ts";
import { sequenceWarnings } from "../taxonomy/sequence.ts";
import type { Fact, Facts } from "./case.ts";

/** Hold the case against its opening, its counters and the rules of order. */
export function checkCompleteness(facts: Facts, at: Moment | undefined): Finding[] {
  const opened = facts.opening;
  const findings =
    opened === undefined
      ? [notProvided("NOT_OPENED", say("the_case"), say("completeness.no_opening"))]
      : [...required(facts, opened), ...overdue(facts, opened, at)];
  findings.push(
    ...signedParties(facts),
    ...sequenceWarnings(facts.all).map(({ code, seq }) =>
      indeterminate("ORDER_WARNING", say("event", { seq }), say(`order.${code}`)),
    ),
  );
  return findings.length > 0 ? findings : [passed(say("the_case"), say("completeness.nothing_required"))];
}

function required(facts: Facts, opened: Fact): Finding[] {
  const closed = facts.named("case.closed")[0];
  const showsAll = closed !== undefined && facts.completeBefore(closed);
  return opened.texts("required").map((type) => {
    const subject = say("completeness.required", { type });
    const seen = facts.named(type)[0];
    if (seen !== undefined) return passed(subject, say("completeness.shown_as", { event: seen.subject }));
    return showsAll
      ? failed("REQUIRED_EVENT_MISSING", subject, say("completeness.missing"))
      : indeterminate("REQUIRED_EVENT_NOT_SHOWN", subject, say("completeness.not_shown"));
  });
}

function overdue(facts: Facts, opened: Fact, at: Moment | undefined): Finding[] {
  const closeBy = opened.time("close_by");
  if (closeBy === undefined || at === undefined || at <= closeBy || facts.named("case.closed").length > 0) return [];
  return [indeterminate("OVERDUE", say("the_case"), say("completeness.overdue", { moment: formatTime(closeBy) }))];
}

/** Who is said to have signed when the contract was completed, signed in an event of the case. */
function signedParties(facts: Facts): Finding[] {
  return facts.named("contract.completed").map((completed) => {
    const { signers } = facts.before(completed);
    const party = completed.texts("signed_parties").find((one) => !signers.includes(one));
    if (party === undefined) return passed(completed.subject, say("completeness.all_signed"));
    const state = facts.completeBefore(completed) ? failed : indeterminate;
    return state("COUNT_MISMATCH", completed.subject, say("completeness.not_signed", { party }));
  });
}
