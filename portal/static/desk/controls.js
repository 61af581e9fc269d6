// Controls on pages: their boxes, moved and sized by pointer and by keyboard. Lengths are thousandths of a point.

export const FOOTER = 18_000; // the lowest part of each page is for the line that names contract and case
const SIZES = { signature: [120_000, 48_000], seal: [113_000, 113_000], checkbox: [14_000, 14_000] };
const USUAL = [120_000, 20_000];
const LEAST = { signature: [20_000, 10_000], seal: [20_000, 10_000] };
const STEP = 1_000;
const FAR = 10_000;

export const signs = (kind) => kind === "signature" || kind === "seal";

/** One control and its box. */
export class Placed {
  constructor(board, control) {
    this.board = board;
    this.control = control;
    this.box = document.createElement("button");
    this.box.type = "button";
    this.box.className = `control-box ${control.kind}`;
    this.label = document.createElement("span");
    this.box.append(this.label);
    if (board.draft) {
      const grip = document.createElement("span");
      grip.className = "grip";
      this.box.append(grip);
      this.box.addEventListener("pointerdown", (event) => this.begin(event, event.target === grip));
      this.box.addEventListener("keydown", (event) => this.key(event));
    }
    this.box.addEventListener("focus", () => board.select(this));
    this.show();
  }

  get page() { return this.board.pages[this.control.page - 1]; }

  show() {
    const { control, board } = this;
    const kept = this.box === document.activeElement;
    this.page.place(this.box, control.place);
    if (kept) this.box.focus({ preventScroll: true });
    this.label.textContent = board.describe(control);
    this.box.setAttribute("aria-label", board.words.box
      .replace("{what}", board.describe(control)).replace("{page}", control.page));
  }

  /** Put the box where it was asked for, kept on its page and off the footer. */
  move(place) {
    const wide = Math.round(this.page.size.width * 1000);
    const tall = Math.round(this.page.size.height * 1000) - FOOTER;
    const [least, low] = LEAST[this.control.kind] || [6_000, 6_000];
    const width = Math.min(Math.max(Math.round(place.width), least), wide);
    const height = Math.min(Math.max(Math.round(place.height), low), tall);
    this.control.place = {
      x: Math.min(Math.max(Math.round(place.x), 0), wide - width),
      y: Math.min(Math.max(Math.round(place.y), 0), tall - height),
      width,
      height,
    };
    this.show();
    this.board.changed();
  }

  begin(event, sizing) {
    if (event.button !== 0) return;
    event.preventDefault();
    this.box.focus({ preventScroll: true });
    this.box.setPointerCapture(event.pointerId);
    const before = { ...this.control.place };
    const scale = (this.page.size.width * 1000) / this.page.element.clientWidth;
    const follow = (moved) => {
      const across = (moved.clientX - event.clientX) * scale;
      const down = (moved.clientY - event.clientY) * scale;
      this.move(sizing
        ? { ...before, width: before.width + across, height: before.height + down }
        : { ...before, x: before.x + across, y: before.y + down });
    };
    this.box.addEventListener("pointermove", follow);
    const end = (last) => {
      this.box.removeEventListener("pointermove", follow);
      if (!sizing && last.type === "pointerup") this.otherPage(last);
    };
    this.box.addEventListener("pointerup", end, { once: true });
    this.box.addEventListener("pointercancel", end, { once: true });
  }

  /** Let go over another page, the box goes there. */
  otherPage(event) {
    const there = this.board.pageAt(event.clientX, event.clientY);
    if (!there || there === this.page) return;
    const point = there.locate(event.clientX, event.clientY);
    this.control.page = there.number;
    const { width, height } = this.control.place;
    this.move({ x: point.x - width / 2, y: point.y - height / 2, width, height });
  }

  key(event) {
    const { place } = this.control;
    const far = event.shiftKey ? FAR : STEP;
    const moves = { ArrowLeft: [-far, 0], ArrowRight: [far, 0], ArrowUp: [0, -far], ArrowDown: [0, far] };
    if (event.key in moves) {
      const [across, down] = moves[event.key];
      this.move({ ...place, x: place.x + across, y: place.y + down });
    } else if (event.key === "+" || event.key === "=" || event.key === "-") {
      const by = event.key === "-" ? 1 / 1.1 : 1.1;
      this.move({ ...place, width: place.width * by, height: place.height * by });
    } else if (event.key === "Delete" || event.key === "Backspace") {
      this.board.remove(this);
    } else if (event.key === "PageDown" || event.key === "PageUp") {
      const next = this.control.page + (event.key === "PageDown" ? 1 : -1);
      if (next < 1 || next > this.board.pages.length) return;
      this.control.page = next;
      this.move(place);
      this.box.scrollIntoView({ block: "center" });
    } else {
      return;
    }
    event.preventDefault();
  }
}

/** A new control of a kind, with the size that is usual for it, around a point of a page. */
export function fresh(kind, party, page, point, names) {
  const [width, height] = SIZES[kind] || USUAL;
  let number = 1;
  while (names.has(`${kind}${number}`)) number += 1;
  return {
    name: `${kind}${number}`,
    kind,
    party,
    page,
    place: { x: point.x - width / 2, y: point.y - height / 2, width, height },
    required: kind !== "checkbox",
    rule: kind === "choice" ? { options: ["A", "B"] } : {},
  };
}
