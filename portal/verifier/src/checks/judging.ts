/** Judging what was examined: every check over one bundle, in order, into one report (`zheng_verifier.checks.judging`). */

import type { Bundle } from "../formats/bundle.ts";
import { type Moment, formatBase64url } from "../formats/encoding.ts";
import type { TrustPolicy } from "../formats/policy.ts";
import {
  CHECKS,
  type CheckId,
  type CheckResult,
  type EventView,
  type Finding,
  type InputFile,
  NOTHING,
  type PolicyUse,
  type Report,
  conclude,
  indeterminate,
  notApplicable,
  notProvided,
  say,
} from "../report/model.ts";
import { MAX_EVENTS } from "../taxonomy/sequence.ts";
import { VERSION } from "../version.ts";
import { checkAlgorithms } from "./algorithms.ts";
import { checkAnchors, concludeAnchors } from "./anchors.ts";
import { type Bounds, findBounds } from "./bounds.ts";
import { type Facts, readCase } from "./case.ts";
import { checkCompleteness } from "./completeness.ts";
import { checkCompromise } from "./compromise.ts";
import { type ExaminedDocument, algorithmsNamed, checkDocuments } from "./documents.ts";
import { readItems } from "./entries.ts";
import { type Inclusions, type Item, eventsOf } from "./evidence.ts";
import { checkIdentities } from "./identity.ts";
import { checkIndependence } from "./independence.ts";
import { checkIntents } from "./intent.ts";
import { checkConsistency, checkInclusions, openProofs } from "./log.ts";
import { checkPreChain } from "./pre_chain.ts";
import { checkRevocations } from "./revocations.ts";
import { checkSeals } from "./seals.ts";
import { checkSecondAnchors } from "./second_anchors.ts";
import { checkSequence } from "./sequence.ts";
import { checkSubmitters } from "./submitter.ts";
import { checkTimes } from "./times.ts";
import { checkTimestamps, concludeTimestamps } from "./timestamps.ts";
import { judgeAxes, judgeOverall } from "./verdict.ts";
import { checkWitnesses, judgeThreshold } from "./witnesses.ts";

/** A file to compare, which is read only when its digests are asked for. */
export interface DocumentSource {
  examine(algorithms: ReadonlySet<string>): Promise<ExaminedDocument>;
}

/** What the bundle is judged with: files, the operator's statement, and the time of verification. */
export interface Beside {
  readonly documents: readonly DocumentSource[];
  readonly statement: Uint8Array | undefined;
  readonly at: Moment | undefined;
}

/** Judge a bundle that was read under a policy; `inputs` are the files in the report before the documents. */
export async function judgeBundle(
  bundle: Bundle,
  { documents: sources, statement, at }: Beside,
  policy: TrustPolicy,
  use: PolicyUse,
  inputs: readonly InputFile[],
): Promise<Report> {
  const log = policy.logs.find((one) => one.origin === bundle.origin);
  const [items, entryFindings] = readItems(bundle, log?.logCase);
  const documents: ExaminedDocument[] = [];
  const algorithms = algorithmsNamed(items);
  for (const source of sources) documents.push(await source.examine(algorithms));
  const facts = readCase(items);
  const [proofs, checkpointFindings] = openProofs(bundle, log);
  const [inclusions, inclusionFindings] = checkInclusions(items, proofs);
  const [timed, tokenFindings] = await checkTimestamps(proofs, policy.tsas, bundle.certificates);
  const [anchored, bindingFindings, blockFindings] = checkAnchors(proofs, policy.chains, log);
  const [witnessed, witnessFindings] = checkWitnesses(proofs, log);
  const witnessesNeeded = Math.max(policy.quorum.witness, log?.witnesses.k ?? 0);
  const [threshold, unasked] = judgeThreshold(witnessed, items, inclusions, witnessesNeeded);
  const bounds = findBounds(items, inclusions, timed, witnessed, anchored, facts);
  const compromises = checkCompromise(proofs, log, timed, witnessed, anchored);
  const compared = checkDocuments(items, documents);
  const { quorum } = policy;
  const results = new Map<CheckId, CheckResult>(
    [
      conclude("C01", [notApplicable("", say("package.container"), say("package.bare"))]),
      conclude("C02", compared.findings, compared.beside),
      conclude("C03", entryFindings),
      conclude("C04", checkSequence(items, inclusions)),
      conclude("C05", checkSubmitters(items, inclusions, policy.submitters)),
      conclude("C06", inclusionFindings),
      conclude("C07", [...checkpointFindings, ...compromises, ...witnessFindings, ...threshold], unasked),
      conclude("C08", checkConsistency(bundle, proofs)),
      concludeAnchors("C09", bindingFindings, anchored, items, inclusions, quorum.chain),
      concludeAnchors("C10", blockFindings, anchored, items, inclusions, quorum.chain),
      concludeTimestamps(tokenFindings, timed, items, inclusions, quorum.tsa),
      checkSecondAnchors(items, inclusions, timed, anchored),
      conclude("C13", notSupported(documents.some((document) => document.pdf))),
      conclude("C14", notSupported(isCertified(items))),
      conclude("C16", checkTimes(items, bounds)),
      conclude("C17", checkRevocations(items, inclusions, facts, policy, timed, bounds, compromises, at)),
      ...judgeCase(facts, documents, at),
      conclude("C22", checkIndependence(statement)),
      conclude("C23", checkAlgorithms(items, proofs, timed, anchored, bounds, policy.algorithms, at)),
    ].map((result) => [result.id, result]),
  );
  const checks = CHECKS.map((id) => results.get(id) as CheckResult);
  const axes = judgeAxes(checks);
  const current = at !== undefined && policy.issuedAt <= at && at < policy.expires;
  return {
    verifier: VERSION,
    verifiedAt: at,
    policy: use,
    inputs: [...inputs, ...documents.map(inputOf)],
    origin: bundle.origin,
    case: bundle.case,
    overall: judgeOverall(axes, use.source, current),
    axes,
    checks,
    events: eventsOf(items).map((item) => viewOf(item, inclusions, bounds.get(item.number) as Bounds)),
    notes: notesOf(use, at, current),
    documents: compared.views,
    refusal: undefined,
    container: undefined,
  };
}

function inputOf({ name, size, digests }: ExaminedDocument): InputFile {
  return { name, size, sha256: digests.get("sha256") as string };
}

/** C13 and C14: this page does not read PDF signatures nor judge signers' certificates, and says so. */
function notSupported(present: boolean): Finding[] {
  return present
    ? [indeterminate("NOT_SUPPORTED_HERE", NOTHING, say("html.not_supported"))]
    : [notProvided("NOT_PROVIDED", NOTHING, say("html.nothing_of_the_kind"))];
}

function isCertified(items: readonly Item[]): boolean {
  const certified = ["party.signed/", "certificate.issued/"];
  return eventsOf(items).some(({ entry }) => certified.some((prefix) => entry?.claim.type.startsWith(prefix) === true));
}

/** Make the checks that hold events of the case against one another: their work grows with the square. */
function judgeCase(facts: Facts, documents: readonly ExaminedDocument[], at: Moment | undefined): CheckResult[] {
  if (facts.all.length > MAX_EVENTS) {
    const tooMany = indeterminate("TOO_MANY_EVENTS", say("the_case"), say("case.too_many", { limit: MAX_EVENTS }));
    return (["C15", "C18", "C19", "C20", "C21"] as const).map((id) => conclude(id, [tooMany]));
  }
  const [intents, beside] = checkIntents(facts);
  return [
    conclude("C15", checkSeals(facts, documents)),
    conclude("C18", checkIdentities(facts)),
    conclude("C19", intents, beside),
    conclude("C20", checkCompleteness(facts, at)),
    checkPreChain(facts),
  ];
}

function notesOf(use: PolicyUse, at: Moment | undefined, current: boolean): string[] {
  const notes = use.source === "package" ? ["POLICY_FROM_PACKAGE"] : [];
  if (at === undefined) notes.push("NO_VERIFICATION_TIME");
  else if (!current) notes.push("POLICY_NOT_IN_FORCE");
  return notes;
}

function viewOf(item: Item, inclusions: Inclusions, bounds: Bounds): EventView {
  const claim = item.entry?.claim;
  return {
    seq: item.leaf?.seq ?? 0,
    type: claim?.type,
    id: claim?.id,
    leafHash: formatBase64url(item.leafHash),
    index: inclusions.index.get(item.number),
    submitter: item.entry?.submitter.kind,
    claimedAt: claim?.occurredAt,
    receivedAt: item.entry?.receivedAt,
    sealed: item.sealed,
    ...bounds,
  };
}
