// The identity step: where the sender demands it, a party is verified before it signs. What it types goes to the service
// alone; a check may take its time, and the page follows it.
import { address, alertOf, ask, busy, find, language, make, newId, request, say } from "/assets/signing/talk.js";

const POLL = 3000;
const WAITING = ["started", "pending", "in_review"];
const PASSED_ON = ["bank_card", "bank_account", "eid_token", "alipay_code"];
const FILES = { frames: "image/jpeg,image/png", files: "application/pdf,image/jpeg,image/png" };
const NUMERIC = ["phone", "bank_card", "bank_account"];

/** The step. `next` is called when the level that is demanded is reached. */
export class Identifying {
  constructor({ next }) {
    this.next = next;
    this.timer = 0;
    this.typed = new Map();
    find("ways").addEventListener("change", () => this.#fields());
    find("identifying-fields").addEventListener("input", ({ target }) => this.typed.set(target.name, target.value));
    find("identifying-form").addEventListener("submit", (event) => {
      event.preventDefault();
      busy(event.submitter, () => this.#begin());
    });
    find("amount-form").addEventListener("submit", (event) => {
      event.preventDefault();
      busy(event.submitter, () => this.#amount());
    });
  }

  async open() {
    const { data } = await request("/v1/signing/agreements").then((answer) => answer.json());
    this.texts = new Map(data.filter((each) => each.locale === language).map((each) => [each.name, each]));
    await this.#show(await ask("/identity"));
  }

  async #show(step, { begun = false } = {}) {
    clearTimeout(this.timer);
    this.step = step;
    if (step.reached) {
      await this.next();
      return;
    }
    const level = say(`level_${step.identity_level}`);
    find("identifying-why").textContent = say("identifying_why", { level });
    find("identifying-who").textContent = step.agent ? say("identifying_agent")
      : say("identifying_name", { name: step.name });
    find("identifying-simulated").hidden = !step.simulated;
    const state = step.check?.state ?? "";
    this.#result(step.check);
    find("identifying-form").hidden = WAITING.includes(state) || state === "confirming";
    find("amount-form").hidden = state !== "confirming";
    if (WAITING.includes(state)) this.timer = setTimeout(() => this.#look(), POLL);
    else if (state !== "confirming") this.#ways();
    if (begun) find("identifying-result").focus();
  }

  #result(check) {
    const place = find("identifying-result");
    const told = {
      started: "identifying_waiting", pending: "identifying_waiting", in_review: "identifying_review", confirming: "identifying_amount_sent",
      failed: "identifying_failed", unavailable: "identifying_unavailable", verified: "identifying_lower",
    }[check?.state];
    place.hidden = !told;
    place.classList.toggle("bad", check?.state === "failed");
    if (!told) return;
    const reason = say(`reason_${check.reason_code ?? "mismatch"}`);
    place.textContent = say(told, { reason, n: check.attempts_left });
  }

  #ways() {
    const before = this.#method?.method;
    const legend = find("ways").querySelector("legend");
    find("ways").replaceChildren(legend, ...this.step.methods.map((each, at) => {
      const box = make("input", { type: "radio", name: "way", value: each.method });
      box.checked = before ? each.method === before : at === 0;
      const title = language === "en" ? each.title_en : each.title_zh;
      const whose = say(each.reviewed ? "by_examiner" : this.step.simulated ? "by_simulator" : "by_provider");
      return make("label", { className: "tick" }, box, " ", make("span", { text: say("way", { title, whose, level: say(`level_${each.level}`) }) }));
    }));
    if (!this.#method && this.step.methods.length) find("ways").querySelector("input").checked = true;
    this.#fields();
  }

  get #method() {
    const chosen = document.querySelector("#ways input:checked")?.value;
    return this.step.methods.find((each) => each.method === chosen);
  }

  /** Name what is to be typed: values that are not known, and what this way needs beside them. */
  get #wanted() {
    const { needs } = this.#method;
    const values = this.step.kind === "organization" ? ["uscc", "legal_representative"] : ["id_number"];
    if (this.step.agent && !this.step.given.includes("id_number")) values.unshift("name");
    if (needs.includes("phone")) values.push("phone");
    const known = (name) => this.step.given.includes(name);
    return [...values.filter((name) => !known(name)), ...needs.filter((name) => PASSED_ON.includes(name))];
  }

  #fields() {
    const method = this.#method;
    if (!method) return;
    const inputs = this.#wanted.map((name) => {
      const input = make("input", { id: `id-${name}`, name, required: "", maxlength: "4096", autocomplete: "off", spellcheck: "false" });
      if (NUMERIC.includes(name)) input.inputMode = "numeric";
      input.value = this.typed.get(name) ?? (name === "name" ? this.step.name : "");
      return make("p", {}, make("label", { for: input.id, text: say(`field_${name}`) }), input);
    });
    const file = method.needs.find((name) => FILES[name]);
    if (file) {
      const input = make("input", { id: "id-file", type: "file", accept: FILES[file], required: "" });
      inputs.push(make("p", {}, make("label", { for: input.id, text: say(`field_${file}`) }), input));
    }
    find("identifying-fields").replaceChildren(...inputs);
    find("identifying-consents").replaceChildren(...method.consents.map((name) => {
      const box = make("input", { type: "checkbox", name, required: "" });
      const text = make("a", { href: this.texts.get(name).url, target: "_blank", rel: "noopener", text: say("consent_read") });
      return make("div", { className: "consent" }, make("label", { className: "tick" }, box, " ", make("span", { text: say(`consent_${name}`) })), text);
    }));
  }

  async #begin() {
    const method = this.#method;
    const body = { id: newId(), method: method.method };
    for (const name of this.#wanted) body[name] = find(`id-${name}`).value.replaceAll(/\s/g, name === "name" || name === "legal_representative" ? " " : "").trim();
    for (const name of ["id_number", "uscc"]) if (body[name]) body[name] = body[name].toUpperCase();
    body.consents = method.consents.map((name) => {
      const { version, locale, text_sha256 } = this.texts.get(name);
      return { name, version, locale, text_sha256, action: "checkbox" };
    });
    const [file] = find("id-file")?.files ?? [];
    let step = await ask("/identity", { method: "POST", body });
    if (step.check?.state === "collecting" && file) step = await this.#send(step.check.id, file);
    await this.#show(step, { begun: true });
  }

  async #send(check, file) {
    const answer = await request(address(`/identity/${check}/material`), { method: "PUT", file });
    return answer.json();
  }

  async #amount() {
    const amount = find("amount").value.trim();
    if (!/^(0|[1-9][0-9]{0,5})\.[0-9]{2}$/.test(amount)) {
      alertOf(say("amount_form"));
      return;
    }
    await this.#show(await ask(`/identity/${this.step.check.id}/amount`, { method: "POST", body: { amount } }), { begun: true });
  }

  async #look() {
    if (find("identifying").hidden) return;
    if (document.visibilityState === "visible") await this.#show(await ask("/identity"));
    else this.timer = setTimeout(() => this.#look(), POLL);
  }
}
