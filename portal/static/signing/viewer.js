// Shows a PDF as it is, page under page, and places boxes on it. Lengths outside are thousandths of a point from the
// page's top left corner, as the service counts; inside they are parts of the page, so that zooming moves nothing.
import * as pdfjs from "/assets/pdfjs/pdf.min.mjs";

pdfjs.GlobalWorkerOptions.workerSrc = "/assets/pdfjs/pdf.worker.min.mjs";
const PARTS = 1000;
/** The version of PDF.js that draws. */
export const VERSION = pdfjs.version;
const MAX_PIXELS = 16_000_000; // a canvas beyond this is refused by telephones

/** Open a document. `data` are its bytes; scripts and links in it do nothing here. */
export async function openDocument(data) {
  const task = pdfjs.getDocument({
    data,
    cMapUrl: "/assets/pdfjs/cmaps/",
    cMapPacked: true,
    standardFontDataUrl: "/assets/pdfjs/fonts/",
    wasmUrl: "/assets/pdfjs/wasm/",
    enableXfa: false,
    isEvalSupported: false,
  });
  return task.promise;
}

/** A page on the screen: an element with a canvas and a layer for boxes above it. */
export class ShownPage {
  constructor(page, number, label) {
    this.page = page;
    this.number = number;
    this.size = page.getViewport({ scale: 1 });
    this.element = document.createElement("section");
    this.element.className = "paper-page";
    this.element.setAttribute("aria-label", label);
    this.element.style.aspectRatio = `${this.size.width} / ${this.size.height}`;
    this.canvas = document.createElement("canvas");
    this.layer = document.createElement("div");
    this.layer.className = "paper-layer";
    this.text = document.createElement("div"); // what a picture says, for whoever does not see it
    this.text.className = "paper-text";
    this.canvas.setAttribute("aria-hidden", "true");
    this.element.append(this.canvas, this.text, this.layer);
    this.drawnAt = 0;
  }

  /** Draw the page at the width it has now; a second call at the same width does nothing. */
  async draw() {
    const wide = this.element.clientWidth * (globalThis.devicePixelRatio || 1);
    if (wide === 0 || Math.abs(wide - this.drawnAt) < 2) return;
    this.drawnAt = wide;
    const most = Math.sqrt(MAX_PIXELS / (this.size.width * this.size.height));
    const viewport = this.page.getViewport({ scale: Math.min(wide / this.size.width, most) });
    this.canvas.width = Math.floor(viewport.width);
    this.canvas.height = Math.floor(viewport.height);
    await this.page.render({ canvas: this.canvas, viewport }).promise;
    this.element.dataset.drawn = "true";
    if (this.text.textContent === "") await this.#read();
  }

  async #read() {
    const { items } = await this.page.getTextContent();
    this.text.textContent = items.map((item) => (item.str ?? "") + (item.hasEOL ? "\n" : "")).join("");
  }

  /** Put an element over the page where a box of the service lies. */
  place(element, box) {
    const across = this.size.width * PARTS;
    const down = this.size.height * PARTS;
    element.style.left = `${(100 * box.x) / across}%`;
    element.style.top = `${(100 * box.y) / down}%`;
    element.style.width = `${(100 * box.width) / across}%`;
    element.style.height = `${(100 * box.height) / down}%`;
    this.layer.append(element);
  }

  /** Give the place of a point of the screen on this page, kept inside it. */
  locate(clientX, clientY) {
    const frame = this.element.getBoundingClientRect();
    const part = (value, start, length) => Math.min(1, Math.max(0, (value - start) / length));
    return {
      x: Math.round(part(clientX, frame.left, frame.width) * this.size.width * PARTS),
      y: Math.round(part(clientY, frame.top, frame.height) * this.size.height * PARTS),
    };
  }
}

/**
 * Show a document in `target`, drawing each page when it comes near. `label(n, total)` names a page; `seen(n)` is called
 * when more than half of a page has been on the screen.
 */
export async function showDocument(target, data, { label, seen = () => {} }) {
  const pdf = await openDocument(data);
  const pages = [];
  for (let number = 1; number <= pdf.numPages; number += 1) {
    pages.push(new ShownPage(await pdf.getPage(number), number, label(number, pdf.numPages)));
  }
  target.replaceChildren(...pages.map((page) => page.element));
  const found = new Map(pages.map((page) => [page.element, page]));
  const near = new IntersectionObserver(
    (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => found.get(entry.target).draw()),
    { rootMargin: "600px" },
  );
  const read = new IntersectionObserver(
    (entries) => entries.forEach((entry) => {
      const tall = entry.boundingClientRect.height > globalThis.innerHeight;
      if (entry.isIntersecting && (tall || entry.intersectionRatio > 0.5)) seen(found.get(entry.target).number);
    }),
    { threshold: [0.1, 0.51] },
  );
  for (const page of pages) {
    near.observe(page.element);
    read.observe(page.element);
  }
  let waiting = 0;
  globalThis.addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => pages.filter((page) => page.drawnAt > 0).forEach((page) => page.draw()), 150);
  });
  return pages;
}
