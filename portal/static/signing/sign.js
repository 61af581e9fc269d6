// The page of a contract: loads it as its party has it, and leads from step to step.
import { alertOf, ask, busy, contract, fillRows, find, make, moment, pageOf, Problem, request, say } from "/assets/signing/talk.js";
import { Choosing } from "/assets/signing/choosing.js";
import { Confirming } from "/assets/signing/confirming.js";
import { Filling, hasFields, lacksValues } from "/assets/signing/filling.js";
import { Identifying } from "/assets/signing/identifying.js";
import { listParties, Outcome, outcomeOf } from "/assets/signing/outcome.js";
import { Reading } from "/assets/signing/reading.js";
import { Voiding } from "/assets/signing/voiding.js";

const STEPS = ["overview", "filling", "reading", "identifying", "choosing", "confirming"];
const MINUTE = 60_000;
let party = null;
let around = null;
let names = new Map();
let groups = new Map();

const filling = new Filling({ next: () => reload().then(() => go("reading")) });
const reading = new Reading({ next: afterReading });
const identifying = new Identifying({ next: afterIdentifying });
const choosing = new Choosing({ next: () => reload().then(() => go("confirming")) });
const confirming = new Confirming({ done: finish, changed: startAgain });
const voiding = new Voiding({ agreed: afterAgreeing });
const outcome = new Outcome({ read: () => go("reading") });

async function reload() {
  party = await ask();
}

async function finish() {
  await reload();
  await go("outcome");
}

/** What this party agreed to may have been the last that was missing. */
async function afterAgreeing() {
  await reload();
  await voiding.load(around.sender || say("sender_unnamed"), party.title);
  await go(outcomeOf(party) ? "outcome" : "overview", { quietly: true });
  find(voiding.open ? "voiding-done" : "outcome-h").focus();
}

function startAgain() {
  reload().then(() => go("reading")).then(() => alertOf(say("document_changed")), tell);
}

async function afterReading() {
  if (!party.turn || outcomeOf(party)) {
    await go(outcomeOf(party) ? "outcome" : "overview");
    return;
  }
  await reload();
  if (lacksValues(party)) {
    await go("filling");
    return;
  }
  await go(party.demands.reached ? afterwards() : "identifying");
}

async function afterIdentifying() {
  await reload();
  await go(afterwards());
}

function afterwards() {
  return party.party.role === "approver" ? "approving" : "choosing";
}

/** Show a step, and have it read out. */
async function go(step, { quietly = false } = {}) {
  alertOf("");
  for (const part of document.querySelectorAll("[data-step]")) part.hidden = part.id !== step;
  for (const item of find("steps").children) {
    const at = STEPS.indexOf(item.dataset.for);
    item.toggleAttribute("data-past", at < STEPS.indexOf(step));
    if (item.dataset.for === step) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
  }
  find("steps").querySelector("[data-for=identifying]").hidden = party.demands.identity_level === "none";
  find("steps").querySelector("[data-for=filling]").hidden = !hasFields(party);
  find("steps").hidden = !STEPS.includes(step) || party.party.role === "approver" || !party.turn;
  find("simulated").hidden = !["overview", "confirming"].includes(step) || around.simulators.length === 0;
  voiding.at(step);
  globalThis.scrollTo(0, 0);
  if (step === "overview") overview();
  if (step === "filling") filling.open(party, names);
  find("refill").hidden = !party.turn || !hasFields(party);
  if (step === "reading") await reading.open(party, names);
  if (step === "identifying") await identifying.open();
  if (step === "choosing") await choosing.open(party);
  if (step === "confirming") confirming.open(party);
  if (step === "outcome") {
    if (party.party.role !== "copy") find("who").textContent = say("who_sent", { sender: around.sender || say("sender_unnamed") });
    await outcome.open(party, names, groups);
  }
  if (!quietly && !find(step).hidden) find(step).querySelector("h2").focus({ preventScroll: true });
}

function left(text) {
  const minutes = Math.floor((new Date(text) - Date.now()) / MINUTE);
  if (minutes <= 0) return "";
  if (minutes < 120) return say("minutes", { n: minutes });
  return minutes < 2880 ? say("hours", { n: Math.floor(minutes / 60) }) : say("days", { n: Math.round(minutes / 1440) });
}

function identity() {
  const told = around.identity;
  const { identity_level: wanted, reached } = party.demands;
  if (wanted !== "none" && !reached) return say("identity_asked", { level: say(`level_${wanted}`) });
  if (!told) return say(wanted === "none" ? "identity_none" : "identity_reached", { level: say(`level_${party.demands.level}`) });
  const values = { level: say(`level_${told.level}`), provider: told.provider };
  return say(told.simulated ? "identity_simulated" : "identity_done", values);
}

function overview() {
  const time = moment(party.deadline);
  const rest = left(party.deadline);
  const mine = party.party;
  fillRows(find("facts"), [
    [say("fact_sender"), around.sender || say("sender_unnamed")],
    ...(around.sent_at ? [[say("fact_sent"), moment(around.sent_at)]] : []),
    [say("fact_deadline"), rest ? say("deadline_left", { time, left: rest }) : say("deadline_over", { time })],
    [say("fact_you"), `${mine.name} · ${say(`role_${mine.role}`)}`],
    ...(party.target ? [[say("fact_target"), party.target]] : []),
    [say("fact_identity"), identity()],
    ...(party.demands.factors.length ? [[say("fact_factors"), party.demands.factors.map((each) => say(`factor_${each}`)).join(say("joiner"))]] : []),
    ...(party.case ? [[say("fact_case"), party.case, "mono"]] : []),
  ]);
  listParties(find("parties"), party, groups);
  find("documents").replaceChildren(...party.documents.map((each) => make("li", { text: names.get(each.document) ?? each.document })));
  if (party.turn && hasFields(party)) {
    const first = find("begin").querySelector("button");
    first.dataset.go = "filling";
    first.textContent = say("begin_filling");
  }
  find("not-yet").hidden = party.turn;
  find("not-yet").textContent = party.turn ? "" : say("not_your_turn");
  find("others").hidden = !party.turn;
}

function head() {
  find("title").textContent = party.title;
  document.title = `${party.title} · ${document.title}`;
  const sender = around.sender || say("sender_unnamed");
  const role = party.party.role;
  find("who").textContent = say(role === "copy" ? "who_copy" : role === "approver" ? "who_approve" : "who_sign", { sender });
  find("simulated").textContent = say("simulated", { services: around.simulators.map((each) => say(`sim_${each}`)).join(say("joiner")) });
  find("leave-row").hidden = contract !== ""; // a member's session is the desk's
}

function tell(error) {
  if (!(error instanceof Problem)) {
    console.error(error);
    alertOf(say("open_failed", { reason: error.message }));
    return;
  }
  alertOf(error.status === 401 ? say(contract ? "desk_login" : "session_over") : say("open_failed", { reason: error.message }));
}

async function begin() {
  find("desk").href = pageOf(contract ? `/desk/contracts/${contract}` : "/desk");
  find("desk-row").hidden = contract === "";
  find("loading").hidden = false;
  try {
    [party, around] = await Promise.all([ask(), ask("/surroundings")]);
    names = new Map(around.documents.map((each) => [each.document, each.name]));
    groups = new Map(around.order.map((each) => [each.ref, each.group]));
    head();
    await voiding.load(around.sender || say("sender_unnamed"), party.title);
    if (outcomeOf(party)) await go("outcome", { quietly: true });
    else if (party.act?.state === "confirmed" && party.signature) {
      await go("confirming", { quietly: true });
      await confirming.follow(party.act);
    } else await go("overview", { quietly: true });
  } catch (error) {
    tell(error);
  } finally {
    find("loading").hidden = true;
    find("app").setAttribute("data-ready", "true");
  }
}

async function digestOf(file) {
  const hashed = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return Array.from(new Uint8Array(hashed), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function delegate(form) {
  const value = (name) => form.elements[name].value.trim();
  const body = { name: value("name"), phone: value("phone"), email: value("email"), reason: value("reason") };
  if (!body.phone === !body.email) {
    alertOf(say("delegate_target"));
    return;
  }
  const [letter] = find("delegate-letter").files;
  if (letter) body.authorization_sha256 = await digestOf(letter);
  await ask("/delegate", { method: "POST", body });
  party.party.state = "delegated"; // with that the session was over: nothing more can be asked
  find("leave-row").hidden = true;
  await go("outcome");
}

for (const button of document.querySelectorAll("[data-go]")) {
  button.addEventListener("click", () => busy(button, () => go(button.dataset.go)));
}
find("refuse-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const { reason_code, reason } = event.target.elements;
  busy(event.submitter, async () => {
    await ask("/reject", { method: "POST", body: { reason_code: reason_code.value, reason: reason.value } });
    await finish();
  });
});
find("delegate-form").addEventListener("submit", (event) => {
  event.preventDefault();
  busy(event.submitter, () => delegate(event.target));
});
find("approve").addEventListener("click", (event) => busy(event.currentTarget, async () => {
  if (!find("approve-agree").checked) {
    alertOf(say("still_agree"));
    return;
  }
  await ask("/approve", { method: "POST" });
  await finish();
}));
find("leave").addEventListener("click", (event) => busy(event.currentTarget, async () => {
  await request("/v1/signing/party-sessions/current", { method: "DELETE" });
  for (const part of document.querySelectorAll("#who, #steps, #simulated, [data-step], #leave-row")) part.hidden = true;
  find("title").textContent = document.title = say("left_title");
  alertOf(say("left_page"));
}));
begin();
