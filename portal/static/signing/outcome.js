// How it ended, or how far it is: the party's own part, the contract's, and the evidence's.
import { address, ask, busy, fillRows, find, make, moment, newId, pageOf, Problem, say } from "/assets/signing/talk.js";

const POLL = 3000;
const ENDS = ["rejected", "withdrawn", "voided", "expired"];

/** Which outcome a party has, "" while it still has to act. */
export function outcomeOf(party) {
  const mine = party.party;
  if (party.state === "completed") return "complete";
  if (ENDS.includes(party.state)) return party.state;
  if (mine.state === "delegated") return "delegated";
  if (mine.state === "signed") return "done";
  if (mine.state === "approved") return "approved";
  if (mine.role === "copy") return "copy";
  return "";
}

/** Tell whether every party acted: then there is a signed file, whatever became of the contract. */
export function allActed(party) {
  return party.parties.every((each) => each.role === "copy" || ["signed", "approved", "delegated"].includes(each.state));
}

/** List the parties with their numbers in the order (`groups`, by reference), and what each has done. */
export function listParties(list, party, groups) {
  const place = (each) => groups.get(each.ref) ?? Infinity;
  const inOrder = [...party.parties].sort((one, other) => place(one) - place(other));
  list.replaceChildren(...inOrder.map((each) => {
    const own = each.ref === party.party.ref ? [" ", make("span", { className: "own", text: say("you") })] : [];
    const about = `${say(`role_${each.role}`)} · ${say(`kind_${each.kind}`)}`;
    return make("li", { "data-state": each.state },
      make("span", { className: "party-place", text: String(groups.get(each.ref) ?? "–") }),
      make("span", { className: "party-name" }, each.name, ...own, make("small", { text: about })),
      make("span", { className: "party-state", text: say(`party_${each.state}`) }));
  }));
}

/** The last page. `names` are the documents' names, `groups` the parties' places in the order; `read` opens the documents. */
export class Outcome {
  constructor({ read }) {
    this.read = read;
    this.timer = 0;
  }

  async open(party, names, groups) {
    const outcome = outcomeOf(party);
    const title = party.title;
    find("outcome-h").textContent = say(`${outcome}_title`);
    find("outcome-text").textContent = say(`${outcome}_text`, { title });
    find("outcome").dataset.outcome = outcome;
    const waits = outcome === "done" || outcome === "approved";
    find("outcome-wait").hidden = !waits;
    find("outcome-wait").textContent = waits ? say("done_wait") : "";
    this.#actions(party, outcome, names);
    listParties(find("outcome-parties"), party, groups);
    clearTimeout(this.timer);
    if (outcome === "delegated") return;
    await this.#evidence(party);
    this.timer = setTimeout(() => this.#again(party, names, groups), POLL);
  }

  #actions(party, outcome, names) {
    const files = outcome === "complete" || outcome === "copy" || (outcome === "voided" && allActed(party))
      ? party.documents.map((each) => make("a", {
        className: "button", href: address(`/files/${each.document}`), download: "", text: say("download", { name: names.get(each.document) ?? "PDF" }),
      }))
      : [];
    const look = make("button", { type: "button", className: "quiet", text: say("view_again") });
    look.addEventListener("click", this.read);
    find("outcome-actions").replaceChildren(...files, ...(outcome === "delegated" ? [] : [look]));
  }

  async #evidence(party) {
    const held = await ask("/evidence");
    const rows = [[say("evidence_case"), held.case ?? say("proof_none"), "mono"]];
    rows.push([say("evidence_level"), held.level ? say(`proof_${held.level}`) : say("proof_none")]);
    rows.push([say("evidence_deposited"), say("evidence_events", { n: held.deposited })]);
    if (held.waiting > 0) {
      const time = held.waiting_since ? moment(held.waiting_since) : "";
      rows.push([say("evidence_waiting"), time ? say("evidence_since", { n: held.waiting, time }) : say("evidence_events", { n: held.waiting })]);
    }
    fillRows(find("evidence-rows"), rows);
    find("evidence-delay").hidden = !(held.delayed && held.waiting > 0);
    find("evidence").hidden = false;
    this.#certificate(held, party);
    this.settled = held.waiting === 0 && held.level === "anchored";
  }

  /** Offer the certificate there is; or, where everything is deposited and there is none, to have one issued. */
  #certificate(held, party) {
    const finished = party.state === "completed" || (party.state === "voided" && allActed(party));
    find("evidence-hint").hidden = !finished;
    const offered = finished && held.case && (held.certificate || held.waiting === 0);
    find("certificate").hidden = !offered;
    const shown = held.certificate ?? "none";
    if (!offered || find("certificate").dataset.shown === shown) return;
    find("certificate").dataset.shown = shown;
    if (held.certificate) {
      find("certificate-actions").replaceChildren(
        make("a", { className: "button", href: `/v1/certificates/${held.certificate}.pdf`, download: `${held.certificate}.pdf`, text: say("certificate_pdf") }),
        make("a", { href: pageOf(`/p/${held.certificate}`), text: say("certificate_look", { number: held.certificate }) }));
      return;
    }
    const issue = make("button", { type: "button", className: "quiet", text: say("certificate_issue") });
    const id = newId();
    issue.addEventListener("click", () => busy(issue, async () => {
      await ask("/certificate", { method: "POST", body: { id } });
      await this.#evidence(party);
      find("certificate-actions").querySelector("a").focus();
    }));
    find("certificate-actions").replaceChildren(issue);
  }

  async #again(party, names, groups) {
    if (find("outcome").hidden || document.visibilityState !== "visible") {
      this.timer = setTimeout(() => this.#again(party, names, groups), POLL);
      return;
    }
    try {
      const now = await ask();
      if (now.state !== party.state || now.parties.some((each, at) => each.state !== party.parties[at]?.state)) {
        await this.open(now, names, groups);
        return;
      }
      await this.#evidence(party);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status === 401) return; // the session is over; what stands here stays true
    }
    if (!(this.settled && party.state !== "signing")) this.timer = setTimeout(() => this.#again(party, names, groups), POLL);
  }
}
