// The page on which controls are placed: from the palette onto the pages, by dragging or by keyboard, then saved.
import { FOOTER, Placed, fresh, signs } from "/assets/desk/controls.js";
import { showDocument } from "/assets/signing/viewer.js";

const root = document.getElementById("placing");
const words = JSON.parse(root.dataset.words);
const parties = JSON.parse(root.dataset.parties);
const said = document.getElementById("said");
const papers = document.getElementById("papers");
const part = (id) => document.getElementById(id);

const board = {
  draft: root.dataset.draft === "yes",
  words,
  pages: [],
  placed: [],
  chosen: null,
  version: 0,
  unsaved: false,

  describe(control) {
    const party = parties.find((each) => each.number === control.party);
    const whose = party ? party.name || `${words.party} ${party.number}` : words.sender;
    return `${control.rule.label || words[control.kind]} · ${whose}`;
  },
  pageAt(x, y) {
    return this.pages.find((page) => {
      const frame = page.element.getBoundingClientRect();
      return x >= frame.left && x <= frame.right && y >= frame.top && y <= frame.bottom;
    });
  },
  changed() {
    this.unsaved = true;
    said.textContent = words.unsaved;
    if (this.chosen) fillProperties(this.chosen);
  },
  select(placed) {
    this.chosen = placed;
    for (const each of this.placed) each.box.setAttribute("aria-pressed", String(each === placed));
    if (this.draft) {
      part("properties").hidden = placed === null;
      if (placed) fillProperties(placed);
    }
  },
  add(kind, page, point) {
    const party = signs(kind) || kind.startsWith("party_") ? Number(part("for-party").value) || 1 : Number(part("for-party").value);
    const whole = this.placed.find((each) => signs(kind) && signs(each.control.kind) && each.control.party === party);
    if (whole) {
      said.textContent = words.has_place;
      whole.box.focus();
      return;
    }
    const names = new Set(this.placed.map((each) => each.control.name));
    const placed = new Placed(this, fresh(kind, party, page.number, point, names));
    this.placed.push(placed);
    placed.move(placed.control.place);
    placed.box.focus({ preventScroll: true });
  },
  remove(placed) {
    placed.box.remove();
    this.placed = this.placed.filter((each) => each !== placed);
    this.select(null);
    this.changed();
    said.textContent = words.removed;
    papers.focus({ preventScroll: true });
  },
};

function partyOptions(select, withSender) {
  const options = withSender ? [[0, words.sender]] : [];
  for (const each of parties) {
    if (each.role !== "copy") options.push([each.number, `${each.number} · ${each.name || words.party}`]);
  }
  select.replaceChildren(...options.map(([value, text]) => new Option(text, value)));
}

function fillProperties({ control }) {
  part("p-party").value = control.party;
  part("p-label").value = control.rule.label || "";
  part("p-options").value = (control.rule.options || []).join("\n");
  part("p-required").checked = control.required;
  for (const name of ["x", "y", "width", "height"]) part(`p-${name}`).value = Math.round(control.place[name] / 1000);
  for (const each of document.querySelectorAll("[data-values]")) each.hidden = signs(control.kind);
  document.querySelector("[data-options]").hidden = control.kind !== "choice";
}

function readProperties(event) {
  const { chosen } = board;
  if (!chosen) return;
  const { control } = chosen;
  const name = event.target.id.slice(2);
  if (["x", "y", "width", "height"].includes(name)) {
    const value = Number(event.target.value);
    if (Number.isFinite(value)) chosen.move({ ...control.place, [name]: value * 1000 });
    return;
  }
  if (name === "party") control.party = Number(event.target.value);
  if (name === "label") control.rule.label = event.target.value;
  if (name === "options") control.rule.options = event.target.value.split("\n").map((text) => text.trim()).filter(Boolean);
  if (name === "required") control.required = event.target.checked;
  chosen.show();
  board.changed();
}

/** Dragged from the palette, a control lands where it is let go; pressed, it lands on the page one looks at. */
function palette(button) {
  const { kind } = button.dataset;
  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    button.setPointerCapture(event.pointerId);
    const ghost = button.cloneNode(true);
    ghost.className = "button quiet ghost";
    ghost.removeAttribute("data-kind");
    ghost.setAttribute("aria-hidden", "true");
    let dragged = false;
    const follow = (moved) => {
      if (!dragged && Math.hypot(moved.clientX - event.clientX, moved.clientY - event.clientY) < 6) return;
      if (!dragged) document.body.append(ghost);
      dragged = true;
      ghost.style.left = `${moved.clientX + 6}px`;
      ghost.style.top = `${moved.clientY + 6}px`;
    };
    const end = (last) => {
      button.removeEventListener("pointermove", follow);
      ghost.remove();
      const page = dragged && last.type === "pointerup" ? board.pageAt(last.clientX, last.clientY) : null;
      if (page) board.add(kind, page, page.locate(last.clientX, last.clientY));
      if (dragged) button.dataset.dragged = "yes";
    };
    button.addEventListener("pointermove", follow);
    button.addEventListener("pointerup", end, { once: true });
    button.addEventListener("pointercancel", end, { once: true });
  });
  button.addEventListener("click", () => {
    if (button.dataset.dragged) {
      delete button.dataset.dragged;
      return;
    }
    const middle = globalThis.innerHeight / 2;
    const away = (page) => {
      const frame = page.element.getBoundingClientRect();
      return Math.abs((frame.top + frame.bottom) / 2 - middle);
    };
    const page = board.pages.reduce((best, each) => (away(each) < away(best) ? each : best));
    const across = board.placed.length % 5;
    board.add(kind, page, {
      x: page.size.width * 500,
      y: page.size.height * 300 + across * 60_000,
    });
  });
}

async function ask(url, options = {}) {
  const answer = await fetch(url, { ...options, headers: { Accept: "application/json", "Accept-Language": document.documentElement.lang, "X-Zheng-Request": "1", ...options.headers } });
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({ title: String(answer.status) }));
    throw Object.assign(new Error(problem.title), { problem });
  }
  return answer;
}

function base64(bytes) {
  let text = "";
  for (let start = 0; start < bytes.length; start += 0x8000) text += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  return btoa(text);
}

async function save() {
  const controls = board.placed.map((each) => each.control);
  const send = (method, body) => ask(root.dataset.save, { method, body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
  part("save").disabled = true;
  try {
    if (root.dataset.mode === "template") {
      const original = await ask(`${root.dataset.content.split("?")[0]}?form=original`, { headers: { Accept: "*/*" } });
      const content = base64(new Uint8Array(await original.arrayBuffer()));
      const made = await send("POST", { version: board.version + 1, title: part("template-title").value, name: board.name, media_type: original.headers.get("Content-Type") || "", content, controls });
      board.version = (await made.json()).version;
    } else {
      await send("PUT", { controls });
    }
    board.unsaved = false;
    said.textContent = words.saved;
  } catch (error) {
    said.textContent = `${words.failed} ${error.message}`;
    const wrong = /^\/controls\/(\d+)/.exec(error.problem?.field || "");
    if (wrong) board.placed[Number(wrong[1])]?.box.focus();
  } finally {
    part("save").disabled = false;
  }
}

async function begin() {
  said.textContent = words.loading;
  const known = await (await ask(root.dataset.source)).json();
  const content = await (await ask(root.dataset.content, { headers: { Accept: "application/pdf" } })).arrayBuffer();
  board.version = known.newest || 0;
  board.name = known.name;
  board.pages = await showDocument(papers, content, {
    label: (number, total) => words.page.replace("{number}", number).replace("{total}", total),
  });
  for (const page of board.pages) {
    const zone = document.createElement("div");
    zone.className = "footer-zone";
    zone.style.height = `${(100 * FOOTER) / (page.size.height * 1000)}%`;
    page.layer.append(zone);
  }
  if (board.draft) {
    partyOptions(part("for-party"), true);
    partyOptions(part("p-party"), true);
    part("for-party").value = String(parties[0]?.number ?? 0);
  }
  board.placed = known.controls.map((control) => new Placed(board, control));
  said.textContent = "";
  if (!board.draft) return;
  for (const button of document.querySelectorAll("[data-kind]")) palette(button);
  part("properties").addEventListener("input", readProperties);
  part("properties").addEventListener("submit", (event) => event.preventDefault());
  part("p-remove").addEventListener("click", () => board.chosen && board.remove(board.chosen));
  part("save").addEventListener("click", save);
  globalThis.addEventListener("beforeunload", (event) => { if (board.unsaved) event.preventDefault(); });
  root.dataset.ready = "yes";
}

begin().catch((error) => { said.textContent = `${words.failed} ${error.message}`; });
