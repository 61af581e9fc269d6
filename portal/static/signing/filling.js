// The fields that were left to this party: filled in here, then read as they stand in the document.
import { alertOf, ask, busy, find, make, Problem, say } from "/assets/signing/talk.js";

const TALL = 34_000; // a place this high (thousandths of a point) takes more than one line

/** Tell whether a party has fields of its own. */
export const hasFields = (party) => party.documents.some((each) => each.fields.length > 0);

/** Tell whether something that is required of a party is not entered yet. */
export const lacksValues = (party) =>
  party.documents.some((each) => each.fields.some((field) => field.required && field.value === ""));

/** One field of the form. */
class Entry {
  constructor(field, id) {
    this.field = field;
    this.note = make("p", { className: "hint", id: `${id}-note`, text: limits(field) });
    this.wrong = make("p", { className: "wrong", id: `${id}-wrong`, hidden: "" });
    this.input = input(field, id);
    this.input.setAttribute("aria-describedby", `${id}-note ${id}-wrong`);
    if (field.required) this.input.setAttribute("aria-required", "true");
    this.input.addEventListener("input", () => this.told(""));
    const name = field.label || say(`field_${field.kind}`);
    const words = make("span", { text: name });
    const mark = make("small", { text: say(field.required ? "field_required" : "field_optional") });
    this.element = field.kind === "checkbox"
      ? make("div", { className: "entry" }, make("label", { className: "tick" }, this.input, words), this.note, this.wrong)
      : make("div", { className: "entry" }, make("label", { for: id }, words, " ", mark), this.input, this.note, this.wrong);
  }

  get value() {
    return this.field.kind === "checkbox" ? String(this.input.checked) : this.input.value.trim();
  }

  /** Say at the field what is wrong with it; "" takes it away. */
  told(text) {
    this.wrong.textContent = text;
    this.wrong.hidden = text === "";
    if (text) this.input.setAttribute("aria-invalid", "true");
    else this.input.removeAttribute("aria-invalid");
  }
}

function input({ kind, value, options, max_length, minimum, maximum, place }, id) {
  switch (kind) {
    case "checkbox": {
      const box = make("input", { type: "checkbox", id });
      box.checked = value === "true";
      return box;
    }
    case "choice": {
      const choice = make("select", { id }, new Option(say("field_choose"), ""), ...options.map((each) => new Option(each, each)));
      choice.value = value;
      return choice;
    }
    case "date": {
      const day = make("input", { type: "date", id, ...(minimum && { min: minimum }), ...(maximum && { max: maximum }) });
      day.value = value;
      return day;
    }
    case "number": {
      const number = make("input", { id, inputmode: "decimal", autocomplete: "off", maxlength: "24" });
      number.value = value;
      return number;
    }
    default: {
      const tall = place.height >= TALL;
      const text = make(tall ? "textarea" : "input", { id, maxlength: String(max_length), ...(tall && { rows: "3" }) });
      text.value = value;
      return text;
    }
  }
}

/** Say what may be entered, so that nobody has to find out by being refused. */
function limits({ kind, max_length, minimum, maximum, decimals, page }) {
  const said = [say("field_page", { page })];
  if (kind === "text") said.push(say("field_length", { n: max_length }));
  if (kind === "number") said.push(decimals ? say("field_decimals", { n: decimals }) : say("field_whole"));
  if (minimum) said.push(say(kind === "date" ? "field_first" : "field_least", { value: minimum }));
  if (maximum) said.push(say(kind === "date" ? "field_last" : "field_most", { value: maximum }));
  return said.join(" · ");
}

/** The step of filling in. `next` is called when the service keeps what was entered. */
export class Filling {
  constructor({ next }) {
    this.next = next;
    this.parts = [];
    find("filling-form").addEventListener("submit", (event) => {
      event.preventDefault();
      busy(event.submitter, () => this.#keep());
    });
  }

  /** Show the fields; what was typed and not kept yet stays where the same contract is opened again. */
  open(party, names) {
    const known = JSON.stringify(party.documents.map((each) => [each.document, each.fields]));
    if (this.known === known) return;
    this.known = known;
    const own = party.documents.filter((each) => each.fields.length > 0);
    this.parts = own.map(({ document, fields }, at) => ({
      document,
      entries: fields.map((field, number) => new Entry(field, `own-${at}-${number}`)),
    }));
    find("filling-fields").replaceChildren(...this.parts.flatMap(({ document, entries }) => [
      ...(own.length > 1 ? [make("h3", { text: names.get(document) ?? document })] : []),
      ...entries.map((each) => each.element),
    ]));
  }

  async #keep() {
    const lacking = this.parts.flatMap(({ entries }) => entries).filter(({ field, value }) => field.required && value === "");
    for (const each of lacking) each.told(say("field_needed"));
    if (lacking.length > 0) {
      alertOf(say("still_values"));
      lacking[0].input.focus();
      return;
    }
    for (const { document, entries } of this.parts) {
      const given = entries.filter(({ value }) => value !== "").map(({ field, value }) => [field.name, value]);
      try {
        await ask(`/documents/${document}/values`, { method: "PUT", body: { values: Object.fromEntries(given) } });
      } catch (error) {
        const entry = error instanceof Problem && entries.find(({ field }) => error.field === `/values/${field.name}`);
        if (!entry) throw error;
        entry.told(error.message);
        alertOf(say("still_values"));
        entry.input.focus();
        return;
      }
    }
    await this.next();
  }
}
