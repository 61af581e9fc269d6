// The sender's question whether the contract is void, and this party's agreement to it. Whoever does not agree does nothing.
import { alertOf, ask, busy, fillRows, find, moment, Problem, say } from "/assets/signing/talk.js";

const STEPS = ["overview", "outcome"];

/** Stands beside the overview and the outcome while the question is open. `agreed` is called when this party has agreed. */
export class Voiding {
  constructor({ agreed }) {
    this.agreed = agreed;
    this.open = false;
    find("voiding-form").addEventListener("submit", (event) => {
      event.preventDefault();
      busy(event.submitter, () => this.#agree());
    });
  }

  /** Ask whether there is a question; `sender` asks, about the contract of this `title`. */
  async load(sender, title) {
    const request = await ask("/void-request");
    this.open = request.asked;
    if (!this.open) return;
    find("voiding-text").textContent = say("voiding_asks", { sender, title, time: moment(request.asked_at) });
    fillRows(find("voiding-facts"), [[say("voiding_reason"), request.reason || say("voiding_no_reason")]]);
    this.#answered(request.agreed);
  }

  /** Show the question at the steps it belongs to. */
  at(step) {
    find("voiding").hidden = !this.open || !STEPS.includes(step);
  }

  #answered(agreed) {
    find("voiding-form").hidden = agreed;
    find("voiding-done").hidden = !agreed;
  }

  async #agree() {
    try {
      await ask("/void-agreement", { method: "POST" });
    } catch (error) {
      if (error instanceof Problem && error.code === "contract-state") await this.agreed(); // it ended meanwhile
      throw error;
    }
    this.#answered(true);
    alertOf("");
    await this.agreed();
  }
}
