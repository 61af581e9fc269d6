// What stands in the signature's place: a seal, a drawing by hand, a typed name.
import { address, alertOf, ask, busy, find, make, say } from "/assets/signing/talk.js";
import { Pad } from "/assets/signing/pad.js";

/** The step of choosing. `next` is called when the service keeps the choice. */
export class Choosing {
  constructor({ next }) {
    this.next = next;
    this.pad = new Pad(find("pad"));
    find("pad-undo").addEventListener("click", () => this.pad.undo());
    find("pad-clear").addEventListener("click", () => this.pad.clear());
    find("kinds").addEventListener("change", () => this.#show());
    find("choosing-form").addEventListener("submit", (event) => {
      event.preventDefault();
      busy(event.submitter, () => this.#keep());
    });
  }

  /** Offer what this party may choose. */
  async open(party) {
    const sealed = party.documents.some((each) => each.slot?.sealed);
    const { data } = await ask("/seals");
    this.#offer(data);
    find("sealed-hint").hidden = !sealed;
    find("kind-seal").hidden = !sealed && data.length === 0;
    find("kind-drawn").hidden = find("kind-typed").hidden = sealed;
    if (!find("typed").value) find("typed").value = party.party.kind === "person" ? party.party.name.slice(0, 40) : "";
    if (!this.kind) {
      const first = sealed || (party.party.kind === "organization" && data.length) ? "seal" : "drawn";
      document.querySelector(`#kinds input[value=${first}]`).checked = true;
    }
    this.#show();
  }

  get kind() {
    return document.querySelector("#kinds input:checked")?.value;
  }

  #offer(seals) {
    const legend = find("with-seal").querySelector("legend");
    const choices = seals.map((seal) => {
      const box = make("input", { type: "radio", name: "seal", value: seal.id });
      box.checked = seals.length === 1;
      return make("label", { className: "seal" }, box, make("img", { src: address(`/seals/${seal.id}/picture`), alt: "" }), make("span", { text: seal.name }));
    });
    find("with-seal").replaceChildren(legend, ...(choices.length ? choices : [make("p", { className: "finding", text: say("no_seal") })]));
  }

  #show() {
    for (const kind of ["seal", "drawn", "typed"]) find(`with-${kind}`).hidden = this.kind !== kind;
  }

  #choice() {
    switch (this.kind) {
      case "seal": {
        const seal = document.querySelector("input[name=seal]:checked")?.value;
        return seal ? { seal } : "still_seal";
      }
      case "drawn":
        return this.pad.strokes.length ? { strokes: this.pad.strokes } : "still_signature";
      case "typed": {
        const text = find("typed").value.trim();
        return text ? { text } : "still_name";
      }
      default:
        return "still_kind";
    }
  }

  async #keep() {
    const choice = this.#choice();
    if (typeof choice === "string") {
      alertOf(say(choice));
      return;
    }
    await ask("/signature", { method: "PUT", body: choice });
    await this.next();
  }
}
