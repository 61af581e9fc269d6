/** C22: what the operator disclosed of himself. Disclosure is not independence: the check never passes. */

import { type Statement, parseStatement } from "../formats/statement.ts";
import { type Finding, indeterminate, notProvided, say } from "../report/model.ts";
import { caught } from "./evidence.ts";

/** What a court will ask for, in the order in which it is named where it was not said. */
const ASKED = [
  "interests", "paid_by", "cac_filing_no", "mlps_no", "crypto_assessment_no", "environment", "time_source",
  "key_management", "custody",
];

/** Say what the operator's statement discloses; undefined if there is no statement. */
export function checkIndependence(data: Uint8Array | undefined): Finding[] {
  const subject = say("independence.statement");
  if (data === undefined) return [notProvided("NOT_PROVIDED", subject, say("independence.none"))];
  let statement: Statement;
  try {
    statement = parseStatement(data);
  } catch (error) {
    return [caught(error, subject)];
  }
  return [
    ...interestsOf(statement),
    indeterminate("DISCLOSED", subject, say("independence.disclosed"), { operator: statement.operator }),
    ...ASKED.filter((name) => !statement.stated.has(name)).map((name) =>
      notProvided("NOT_STATED", say(`statement.${name}`), say("independence.not_stated")),
    ),
  ];
}

/** Give every relation that the statement itself names. */
function interestsOf(statement: Statement): Finding[] {
  const named = (statement.interests ?? []).map(({ counterpart, relation }) =>
    indeterminate(
      "INTEREST_PRESENT",
      say("independence.with", { name: counterpart }),
      say("independence.relation", { relation }),
    ),
  );
  const related = statement.components
    .filter((item) => item.related)
    .map((item) => {
      const kind = say(`component.${item.component}`);
      const subject = say("independence.component", { kind, name: item.name });
      return indeterminate("INTEREST_PRESENT", subject, say("independence.related", { operator: item.operator }));
    });
  return [...named, ...related];
}
