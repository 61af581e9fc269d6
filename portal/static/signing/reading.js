// The documents on the screen: which pages were shown and for how long, and the terms to take special note of.
import { alertOf, ask, address, busy, find, language, make, request, say } from "/assets/signing/talk.js";
import { lacksValues } from "/assets/signing/filling.js";
import { showDocument, VERSION } from "/assets/signing/viewer.js";

const chinese = language.startsWith("zh");

/** One document as it is being read. */
class Paper {
  constructor(document, name, toSign) {
    this.document = document;
    this.toSign = toSign;
    this.name = name;
    this.seen = new Set();
    this.dwell = 0;
    this.pages = [];
    this.near = false;
    this.body = make("div", { className: "paper-pages", tabindex: "-1" }, make("p", { className: "hint", text: say("document_opening") }));
    this.note = make("p", { className: "hint", hidden: "" });
    this.heading = make("h3", { text: name });
    this.element = make("article", { className: "paper-document" }, this.heading, this.note, this.body);
  }

  async show(changed) {
    const answer = await request(address(`/documents/${this.document.document}`));
    const tag = (answer.headers.get("etag") ?? "").replaceAll('"', "");
    this.sha256 = tag || this.document.sha256; // what is on the screen is what is told
    const data = new Uint8Array(await answer.arrayBuffer());
    try {
      this.pages = await showDocument(this.body, data, {
        label: (page, total) => say("page_label", { name: this.name, page, total }),
        seen: (page) => { this.seen.add(page); changed(); },
      });
    } catch (error) {
      console.error(error);
      this.body.replaceChildren(make("p", { className: "finding bad", text: say("document_failed") }));
      throw error;
    }
    this.heading.append(" ", make("small", { text: say("document_size", { total: this.pages.length }) }));
    new IntersectionObserver((entries) => { this.near = entries.at(-1).isIntersecting; }).observe(this.body);
    if (this.toSign) this.markPlaces();
  }

  markPlaces() {
    for (const { page, place, value } of this.document.fields) {
      if (value === "") this.pages[page - 1]?.place(make("div", { className: "place own-place" }), place);
    }
    const { slot } = this.document;
    if (!slot || !this.pages[slot.page - 1]) return;
    this.pages[slot.page - 1].place(make("div", { className: "place" }, make("span", { text: say("your_place") })), slot.place);
  }

  get whole() {
    return this.pages.length > 0 && this.seen.size >= this.pages.length;
  }

  viewed() {
    return {
      document: this.document.document,
      document_sha256: this.sha256,
      pages_total: Math.max(1, this.pages.length),
      pages_viewed: this.seen.size,
      dwell_ms: Math.round(Math.min(this.dwell, 86_400_000)),
      scrolled_to_end: this.seen.has(this.pages.length),
      renderer: "pdfjs",
      renderer_version: VERSION,
    };
  }
}

/** The step of reading. `next` is called when everything was shown and noted, and the service has been told. */
export class Reading {
  constructor({ next }) {
    this.next = next;
    this.papers = [];
    this.last = 0;
    this.onward = find("read-on").textContent;
    setInterval(() => this.#tick(), 500);
    find("next-unread").addEventListener("click", () => this.#toUnread());
    find("read-on").addEventListener("click", (event) => busy(event.currentTarget, () => this.#goOn()));
  }

  /** Show the documents of a contract; again only if they changed. */
  async open(party, names) {
    const digest = [party.turn, ...party.documents.map((each) => each.sha256)].join();
    if (this.digest === digest) return;
    this.party = party;
    find("reading-hint").hidden = !party.turn; // whoever only looks is asked for nothing, and nothing is recorded
    find("read-on").textContent = party.turn ? this.onward : say("look_back");
    this.papers = party.documents.map((each) => new Paper(each, names.get(each.document) ?? each.document, party.turn));
    find("papers").replaceChildren(...this.papers.map((each) => each.element));
    this.#progress();
    for (const paper of this.papers) await paper.show(() => this.#progress());
    this.digest = digest;
    this.#listTerms();
  }

  #tick() {
    const now = performance.now();
    const passed = now - this.last;
    this.last = now;
    if (document.visibilityState !== "visible" || passed > 2000 || find("reading").hidden) return;
    for (const paper of this.papers) if (paper.near) paper.dwell += passed;
  }

  #progress() {
    const total = this.papers.reduce((sum, each) => sum + each.pages.length, 0);
    const seen = this.papers.reduce((sum, each) => sum + each.seen.size, 0);
    const whole = total > 0 && seen === total;
    find("progress").textContent = total === 0 ? "" : whole ? say("progress_done", { total }) : say("progress", { seen, total });
    find("next-unread").hidden = whole || !this.party.turn;
  }

  #listTerms() {
    const notice = this.party.notices.find((each) => each.locale === language);
    const rows = [];
    for (const [at, document] of this.party.documents.entries()) {
      const paper = this.papers[at];
      if (document.unread_pages > 0) {
        paper.note.textContent = say("unread_pages", { n: document.unread_pages });
        paper.note.hidden = false;
      }
      for (const term of document.terms) rows.push(this.#term(term, paper, document, rows.length + 1));
    }
    find("terms-notice").textContent = notice.text;
    find("terms-list").replaceChildren(...rows);
    find("terms").hidden = rows.length === 0;
  }

  #term(term, paper, document, number) {
    const label = chinese ? term.label_zh : term.label_en;
    const page = paper.pages[term.page - 1];
    const mark = make("div", { className: "mark" }, make("span", { text: String(number), "aria-hidden": "true" }));
    page?.place(mark, term.place);
    const box = make("input", { type: "checkbox", "data-term": term.id });
    box.checked = document.acknowledged;
    const show = make("button", { type: "button", className: "link", text: say("term_show") });
    show.setAttribute("aria-label", `${say("term_mark", { n: number, label })} ${say("term_show")}`);
    show.addEventListener("click", () => {
      mark.scrollIntoView({ block: "center" });
      mark.classList.add("now");
      setTimeout(() => mark.classList.remove("now"), 2500);
    });
    const where = this.papers.length > 1 ? say("term_where", { name: paper.name, page: term.page }) : say("term_page", { page: term.page });
    return make("li", {},
      make("p", { className: "term-name" }, make("strong", { text: label })),
      make("p", { className: "hint", text: `${where} · ${say(`term_${term.source}`)}` }),
      make("p", { className: "term-row" }, ...(this.party.turn ? [make("label", { className: "tick" }, box, " ", make("span", { text: say("term_noted") })), " "] : []), show));
  }

  #toUnread() {
    for (const paper of this.papers) {
      const page = paper.pages.find((each) => !paper.seen.has(each.number));
      if (page) {
        page.element.scrollIntoView({ block: "center" });
        return;
      }
    }
  }

  async #goOn() {
    if (lacksValues(this.party)) { // read before it was filled in: it is read again as it then is
      await this.next();
      return;
    }
    if (!this.party.turn) {
      this.next();
      return;
    }
    if (this.papers.some((each) => !each.whole)) {
      alertOf(say("still_pages"));
      this.#toUnread();
      return;
    }
    const open = document.querySelector("#terms-list input:not(:checked)");
    if (open) {
      alertOf(say("still_terms"));
      open.focus();
      return;
    }
    for (const paper of this.papers) await ask("/viewed", { method: "POST", body: paper.viewed() });
    for (const each of this.party.documents) {
      const terms = each.terms.map((term) => term.id);
      if (terms.length === 0 || each.acknowledged) continue;
      await ask("/terms", { method: "POST", body: { document: each.document, terms, locale: language, action: "checkbox" } });
    }
    await this.next();
  }
}
