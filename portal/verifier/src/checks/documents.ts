/** C02: the files at hand are the documents that the events name. */

import { toHex } from "../formats/bytes.ts";
import { isObject } from "../formats/canonical.ts";
import type { DocumentRef } from "../formats/claim.ts";
import { disclosureDigest, parseDisclosure } from "../formats/sealed.ts";
import {
  type DocumentView,
  type Finding,
  failed,
  indeterminate,
  notApplicable,
  notProvided,
  passed,
  say,
} from "../report/model.ts";
import { type Item, eventsOf, nameOf, namesOf } from "./evidence.ts";

/** A document as the checks see it: digests in hexadecimal, by every algorithm that a page of this kind computes. */
export interface ExaminedDocument {
  readonly name: string;
  readonly size: number;
  readonly digests: ReadonlyMap<string, string>;
  readonly pdf: boolean;
  readonly sealObject: boolean;
}

/** A document as deposited, with the events that name it; `hashed`: the service says that it saw the bytes. */
interface Deposited {
  readonly role: string;
  readonly size: number;
  readonly digests: ReadonlyMap<string, string>;
  readonly events: Item[];
  hashed: boolean;
}

/** What C02 found: `findings` decide it, `beside` does not, `views` are the documents for the report. */
export interface DocumentsFound {
  readonly findings: Finding[];
  readonly beside: Finding[];
  readonly views: DocumentView[];
}

const sha256Of = (document: { readonly digests: ReadonlyMap<string, string> }): string =>
  document.digests.get("sha256") as string;

/** Compare each file with what was deposited: size and every known digest must agree. */
export function checkDocuments(items: readonly Item[], documents: readonly ExaminedDocument[]): DocumentsFound {
  const [deposited, hidden] = collect(items);
  const closed = hidden.length > 0 || eventsOf(items).some((item) => item.entry === undefined);
  let findings = documents.map((document) => compare(document, deposited, closed));
  const given = new Set(documents.map(sha256Of));
  const missing = deposited.filter((entry) => !given.has(sha256Of(entry)));
  const beside = [...missing.map(missingOf), ...hidden];
  const all = say("documents.all");
  if (documents.length === 0) {
    findings = [
      beside.length > 0
        ? notProvided("NO_DOCUMENT", all, say("documents.none_given"))
        : notApplicable("NO_DOCUMENT", all, say("documents.none_named")),
    ];
  } else if (beside.length > 0 && findings.every((finding) => finding.status === "PASSED")) {
    const share = say("documents.share", { given: given.size, total: deposited.length + hidden.length });
    findings.unshift(passed(all, share, {}, "PARTIAL"));
  }
  return { findings, beside, views: deposited.map((entry) => viewOf(entry, documents)) };
}

function missingOf(entry: Deposited): Finding {
  const subject = say("documents.document", { role: entry.role, sha256: sha256Of(entry) });
  return notProvided("DOCUMENT_NOT_SUPPLIED", subject, say("documents.named_by", { events: namesOf(entry.events) }));
}

/** Gather what the events name; the findings are of digests that are sealed and not opened. */
function collect(items: readonly Item[]): [Deposited[], Finding[]] {
  const found = new Map<string, Deposited>();
  const hidden: Finding[] = [];
  for (const item of eventsOf(items)) {
    (item.entry?.claim.documents ?? []).forEach((document, position) => {
      const digests = digestsOf(item, document);
      if (digests === undefined) {
        const subject = say("documents.of_event", { event: nameOf(item), role: document.role });
        hidden.push(notProvided("WITHHELD", subject, say("documents.sealed")));
        return;
      }
      const key = JSON.stringify([document.size, [...digests].sort()]);
      const known = found.get(key) ?? { role: document.role, size: document.size, digests, events: [], hashed: false };
      known.events.push(item);
      known.hashed ||= item.entry?.checked.documents.includes(position) === true;
      found.set(key, known);
    });
  }
  return [[...found.values()], hidden];
}

/** Give a document's digests, out of the opened value where they are sealed; C03 has checked that value. */
function digestsOf(item: Item, document: DocumentRef): Map<string, string> | undefined {
  if (document.digests !== undefined) return new Map([...document.digests].map(([name, value]) => [name, toHex(value)]));
  const text = item.source.disclosures.find((one) => disclosureDigest(one) === document.sealed);
  const value = text === undefined ? undefined : parseDisclosure(text).value;
  return isObject(value) ? new Map([...value].map(([name, each]) => [name, String(each)])) : undefined;
}

/** Name every algorithm by which some event names a document, so that no others need be computed. */
export function algorithmsNamed(items: readonly Item[]): Set<string> {
  return new Set(collect(items)[0].flatMap((entry) => [...entry.digests.keys()]));
}

function agreeing(entry: Deposited, computed: ReadonlyMap<string, string>): string[] {
  return [...entry.digests].filter(([name, text]) => computed.get(name) === text).map(([name]) => name);
}

/** Tell whether the size and every digest that can be computed here agree. */
function isSame(entry: Deposited, document: ExaminedDocument): boolean {
  const known = [...entry.digests.keys()].filter((name) => document.digests.has(name));
  return agreeing(entry, document.digests).length === known.length && entry.size === document.size;
}

/** Compare one file; `closed` tells that some events do not show what they name. */
function compare(document: ExaminedDocument, deposited: readonly Deposited[], closed: boolean): Finding {
  const { digests } = document;
  const subject = say("documents.file", { name: document.name });
  const observed = { size: document.size, sha256: sha256Of(document), sm3: digests.get("sm3") as string };
  const alike = deposited.filter((entry) => agreeing(entry, digests).length > 0);
  if (alike.length === 0) {
    return closed
      ? indeterminate("DOCUMENT_NOT_NAMED", subject, say("documents.not_named_here"), observed)
      : failed("HASH_FAILURE", subject, say("documents.not_named"), observed);
  }
  const other = alike.find((entry) => !isSame(entry, document));
  if (other !== undefined) {
    const detail = say("documents.disagreement", { events: namesOf(other.events) });
    return failed("DIGEST_DISAGREEMENT", subject, detail, observed);
  }
  const unknown = alike.flatMap((entry) => [...entry.digests.keys()].filter((name) => !digests.has(name))).sort();
  if (unknown[0] !== undefined) {
    const detail = say("documents.unknown_algorithm", { algorithm: unknown[0] });
    return indeterminate("UNKNOWN_ALGORITHM", subject, detail, observed);
  }
  const events = namesOf(alike.flatMap((entry) => entry.events));
  const key = alike.some((entry) => entry.hashed) ? "documents.same_hashed" : "documents.same_stated";
  return passed(subject, say(key, { role: (alike[0] as Deposited).role, events }), observed);
}

function viewOf(entry: Deposited, documents: readonly ExaminedDocument[]): DocumentView {
  const file = documents.find((document) => agreeing(entry, document.digests).length > 0);
  return {
    name: file?.name,
    role: entry.role,
    size: entry.size,
    sha256: sha256Of(entry),
    sm3: entry.digests.get("sm3"),
    events: entry.events.flatMap((item) => (item.leaf === undefined ? [] : [item.leaf.seq])),
    hashedByService: entry.hashed,
    status: file === undefined ? "NOT_PROVIDED" : compare(file, [entry], false).status,
  };
}
