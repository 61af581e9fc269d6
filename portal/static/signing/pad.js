// A field to sign in by mouse, finger or pen. Strokes are kept as the service takes them: points with time and pressure.

const GRAIN = 10; // tenths of a pixel of the screen
const MOST_STROKES = 64;
const MOST_POINTS = 400; // of one stroke; slower hands are thinned out
const PEN = 2.4;

/** A canvas that is written on. `strokes` are lists of {x, y, at_ms, pressure}. */
export class Pad {
  constructor(canvas) {
    this.canvas = canvas;
    this.strokes = [];
    this.began = 0;
    this.pen = null;
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
      canvas.addEventListener(end, (event) => { if (event.pointerId === this.pen) this.pen = null; });
    }
    new ResizeObserver(() => this.draw()).observe(canvas);
  }

  #down(event) {
    if (this.pen !== null || event.button !== 0 || this.strokes.length >= MOST_STROKES) return;
    event.preventDefault();
    this.pen = event.pointerId;
    this.canvas.setPointerCapture(event.pointerId);
    if (this.strokes.length === 0) this.began = event.timeStamp;
    this.strokes.push([this.#point(event)]);
    this.draw();
  }

  #move(event) {
    if (event.pointerId !== this.pen) return;
    const stroke = this.strokes.at(-1);
    for (const each of event.getCoalescedEvents?.() ?? [event]) {
      const point = this.#point(each);
      const last = stroke.at(-1);
      if (Math.hypot(point.x - last.x, point.y - last.y) >= GRAIN && stroke.length < MOST_POINTS) stroke.push(point);
    }
    this.draw();
  }

  #point(event) {
    const frame = this.canvas.getBoundingClientRect();
    return {
      x: Math.round((event.clientX - frame.left) * GRAIN),
      y: Math.round((event.clientY - frame.top) * GRAIN),
      at_ms: Math.min(600_000, Math.max(0, Math.round(event.timeStamp - this.began))),
      pressure: event.pointerType === "pen" ? Math.round(Math.min(1, event.pressure) * 1000) : 0,
    };
  }

  /** Take the last stroke back. */
  undo() {
    this.strokes.pop();
    this.draw();
  }

  clear() {
    this.strokes = [];
    this.draw();
  }

  /** Draw what was written, on the screen's own pixels. */
  draw() {
    const scale = globalThis.devicePixelRatio || 1;
    this.canvas.width = Math.round(this.canvas.clientWidth * scale);
    this.canvas.height = Math.round(this.canvas.clientHeight * scale);
    const ink = this.canvas.getContext("2d");
    ink.setTransform(scale / GRAIN, 0, 0, scale / GRAIN, 0, 0);
    ink.lineWidth = PEN * GRAIN;
    ink.lineCap = ink.lineJoin = "round";
    ink.strokeStyle = "#111"; // the field is white in the dark too: paper is
    for (const [first, ...rest] of this.strokes) {
      ink.beginPath();
      ink.moveTo(first.x, first.y);
      for (const { x, y } of rest.length ? rest : [first]) ink.lineTo(x, y);
      ink.stroke();
    }
  }
}
