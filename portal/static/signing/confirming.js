// The declaration, the challenge and its answer; then the signing, which goes on by itself wherever it was cut off.
import { address, alertOf, ask, busy, find, language, make, moment, newId, Problem, say } from "/assets/signing/talk.js";

const PAUSE = 60; // seconds between two codes; the service has the last word
const POLL = 1500;
const SLOW = 8; // asked so often without a signature, people are told that they need not wait
const ENDED = { "challenge-expired": "late", "too-many-attempts": "spent", "challenge-closed": "late" };

/** The step of confirming. `done` is called when the signing stands; `changed` when the document is another one. */
export class Confirming {
  constructor({ done, changed }) {
    this.done = done;
    this.changed = changed;
    this.timer = 0;
    find("ask").addEventListener("click", (event) => busy(event.currentTarget, () => this.#ask()));
    find("again").addEventListener("click", (event) => busy(event.currentTarget, () => this.#ask()));
    find("methods").addEventListener("change", () => this.#reset());
    find("answer-form").addEventListener("submit", (event) => {
      event.preventDefault();
      busy(find("do-sign"), () => this.#answer());
    });
  }

  open(party) {
    this.party = party;
    this.statement = party.statements.find((each) => each.locale === language);
    find("statement").textContent = this.statement.text;
    find("preview").src = party.signature.kind === "seal"
      ? address(`/seals/${party.signature.seal}/picture`)
      : `${address("/signature")}${address().includes("?") ? "&" : "?"}at=${Date.now()}`;
    nameSeal(party.signature);
    const legend = find("methods").querySelector("legend");
    find("methods").replaceChildren(legend, ...party.methods.map((method, at) => {
      const box = make("input", { type: "radio", name: "method", value: method });
      box.checked = at === 0;
      return make("label", { className: "tick" }, box, " ", make("span", { text: say(`method_${method}`, { target: party.target }) }));
    }));
    this.#reset();
    find("methods").hidden = find("ask-row").hidden = party.methods.length === 0;
    if (party.methods.length === 0) alertOf(say("no_method", { factors: party.demands.factors.map((each) => say(`factor_${each}`)).join(say("joiner")) }));
  }

  get #method() {
    return document.querySelector("#methods input:checked")?.value ?? "";
  }

  #reset() {
    this.challenge = null;
    clearInterval(this.timer);
    find("ask").textContent = say(`ask_${this.#method}`);
    find("ask-row").hidden = false;
    find("answer-form").hidden = find("making").hidden = true;
    find("answer").value = "";
  }

  #agreed() {
    if (find("agree").checked) return true;
    alertOf(say("still_agree"));
    find("agree").focus();
    return false;
  }

  async #ask() {
    if (!this.#agreed()) return;
    const method = this.#method;
    try {
      this.challenge = await ask("/challenges", { method: "POST", body: { id: newId(), method, locale: language } });
    } catch (error) {
      if (error instanceof Problem && error.code === "challenge-too-soon") {
        const [n] = error.expected.match(/\d+/) ?? [PAUSE];
        alertOf(say("too_soon", { n }));
        this.#count(Number(n));
        return;
      }
      if (error instanceof Problem && this.#otherDocument(error)) return;
      throw error;
    }
    this.#show(method);
  }

  #show(method) {
    const time = moment(this.challenge.expires_at, { timeStyle: "short" });
    find("asked").textContent = say(`asked_${method}`, { target: this.party.target, time });
    find("answer-note").textContent = "";
    find("ask-row").hidden = true;
    find("answer-form").hidden = false;
    find("answer-field").hidden = method === "face";
    const field = find("answer");
    field.value = "";
    if (method !== "face") {
      find("answer-label").textContent = say(`label_${method}`);
      const code = method.startsWith("otp");
      field.type = code ? "text" : "password";
      field.inputMode = code ? "numeric" : "text";
      field.maxLength = code ? 6 : 256;
      field.autocomplete = code ? "one-time-code" : "current-password";
      field.focus();
    } else find("do-sign").focus();
    this.#count(PAUSE);
  }

  #count(seconds) {
    let left = seconds;
    const button = find("again");
    clearInterval(this.timer);
    const tick = () => {
      button.disabled = left > 0;
      button.textContent = left > 0 ? say("again_in", { n: left }) : say("again");
      if (left === 0) clearInterval(this.timer);
      left -= 1;
    };
    tick();
    this.timer = setInterval(tick, 1000);
  }

  async #answer() {
    if (!this.#agreed()) return;
    const body = { answer: find("answer").value.trim(), action: "checkbox" };
    find("making-text").textContent = say("making_1");
    find("making").hidden = false;
    find("answer-form").hidden = true;
    try {
      const act = await ask(`/challenges/${this.challenge.id}/answer`, { method: "POST", body });
      await this.follow(act);
    } catch (error) {
      find("making").hidden = true;
      if (!(error instanceof Problem)) throw error;
      this.#refused(error);
    }
  }

  #refused(error) {
    if (this.#otherDocument(error)) return;
    if (ENDED[error.code]) {
      this.#reset();
      alertOf(say(ENDED[error.code]));
      find("ask").focus();
      return;
    }
    find("answer-form").hidden = false;
    find("answer").value = "";
    find("answer").focus();
    if (error.code === "answer-wrong") {
      const [n] = error.expected.match(/\d+/) ?? [""];
      alertOf(say("wrong"));
      find("answer-note").textContent = n ? say("left", { n }) : "";
    } else if (error.code === "face-undecided") alertOf(say("face_undecided"));
    else alertOf(error.message);
  }

  #otherDocument(error) {
    if (error.code !== "document-changed" && error.code !== "document-not-viewed") return false;
    this.#reset();
    this.changed();
    return true;
  }

  /** Wait for a signing that is under way. */
  async follow(act) {
    find("making").hidden = false;
    find("ask-row").hidden = find("answer-form").hidden = true;
    for (let asked = 0; act?.state === "confirmed"; asked += 1) {
      if (asked === SLOW) find("making-text").textContent = say("making_2");
      await new Promise((resume) => setTimeout(resume, POLL));
      ({ act } = await ask());
    }
    if (act?.state === "failed") {
      if (act.reason === "document-changed") this.changed();
      else {
        this.#reset();
        alertOf(say("act_failed", { reason: act.reason }));
      }
      return;
    }
    await this.done();
  }
}

/** Say which seal it is, by the name its keeper gave it. */
async function nameSeal({ kind, seal }) {
  find("preview-name").textContent = "";
  if (kind !== "seal") return;
  const { data } = await ask("/seals");
  const chosen = data.find((each) => each.id === seal);
  if (chosen) find("preview-name").textContent = say("seal_named", { name: chosen.name });
}
