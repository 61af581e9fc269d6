/** The page: files in, verification on this machine, result out. It asks no network, which its own policy forbids it. */

import { fileSource } from "./sources.ts";
import { formatTime, parseTime } from "../formats/encoding.ts";
import { readArchive } from "../package/archive.ts";
import { MANIFEST, POLICY } from "../package/names.ts";
import type { PolicySource, Report } from "../report/model.ts";
import { type Language, fill } from "../report/words.ts";
import { verify } from "../verify.ts";
import { el } from "./dom.ts";
import { renderResult } from "./result.ts";
import { UI } from "./words.ts";

const MAX_EVIDENCE = 512 << 20;

/** What the user has chosen so far. */
interface State {
  language: Language;
  policy: File | undefined;
  evidence: File | undefined;
  documents: File[];
  statement: File | undefined;
  source: PolicySource;
  useEnclosed: boolean;
  at: string;
  message: string;
  busy: boolean;
  report: Report | undefined;
}

const state: State = {
  language: navigator.language.toLowerCase().startsWith("zh") ? "zh-CN" : "en",
  policy: undefined,
  evidence: undefined,
  documents: [],
  statement: undefined,
  source: "user",
  useEnclosed: false,
  at: formatTime(BigInt(Date.now()) * 1_000n),
  message: "",
  busy: false,
  report: undefined,
};

const app = document.getElementById("app") as HTMLElement;

function render(): void {
  const ui = UI[state.language];
  document.documentElement.lang = state.language;
  document.title = `证 Zheng · ${ui.title}`;
  const toggle = el("button", { type: "button", id: "language", lang: state.language === "en" ? "zh-CN" : "en" }, ui.switch_language);
  toggle.addEventListener("click", () => {
    state.language = state.language === "en" ? "zh-CN" : "en";
    render();
    document.getElementById("language")?.focus();
  });
  const header = el("header", {}, el("p", { class: "brand" }, el("span", { lang: "zh-CN" }, "证"), " Zheng"), toggle, el("h1", {}, ui.title), el("p", {}, ui.subtitle));
  const main = el("main", {}, form(), status());
  if (state.report !== undefined) main.append(renderResult(state.report, state.language));
  app.replaceChildren(header, main, el("footer", {}, el("p", {}, ui.offline), el("p", {}, ui.check_file)));
}

function status(): HTMLElement {
  return el("p", { id: "status", role: "status", "aria-live": "polite" }, state.message);
}

function tell(message: string): void {
  state.message = message;
  const place = document.getElementById("status");
  if (place !== null) place.textContent = message;
}

function picker(id: string, label: string, help: string, chosen: readonly File[], multiple: boolean, take: (files: File[]) => void): HTMLElement {
  const input = el("input", { type: "file", id, "aria-describedby": `${id}-help`, ...(multiple ? { multiple: "" } : {}) });
  input.addEventListener("change", () => {
    take([...(input.files ?? [])]);
    render();
    document.getElementById(id)?.focus();
  });
  const names = chosen.map((file) => file.name).join(", ");
  return el(
    "div",
    { class: "picker" },
    el("label", { for: id }, label),
    el("p", { class: "help", id: `${id}-help` }, help, names === "" ? undefined : el("strong", {}, ` ${names}`)),
    input,
  );
}

function choice(value: PolicySource, label: string): HTMLElement {
  const input = el("input", { type: "radio", name: "source", id: `source-${value}`, value });
  input.checked = state.source === value;
  input.addEventListener("change", () => {
    state.source = value;
  });
  return el("label", { class: "choice" }, input, ` ${label}`);
}

function form(): HTMLElement {
  const ui = UI[state.language];
  const enclosed = el("input", { type: "checkbox", id: "enclosed" });
  enclosed.checked = state.useEnclosed;
  enclosed.addEventListener("change", () => {
    state.useEnclosed = enclosed.checked;
  });
  const time = el("input", { type: "text", id: "at", value: state.at, size: "26", spellcheck: "false", autocomplete: "off" });
  time.addEventListener("input", () => {
    state.at = time.value.trim();
  });
  const start = el("button", { type: "submit", id: "start", class: "primary" }, ui.start);
  start.disabled = state.busy;
  const clear = el("button", { type: "button", id: "clear" }, ui.remove);
  clear.addEventListener("click", () => {
    Object.assign(state, { policy: undefined, evidence: undefined, documents: [], statement: undefined, report: undefined, message: "" });
    render();
  });
  const box = el(
    "form",
    { id: "inputs", "aria-label": ui.inputs },
    el("p", { class: "drop" }, ui.drop),
    picker("policy", ui.policy, ui.policy_help, state.policy === undefined ? [] : [state.policy], false, ([file]) => {
      state.policy = file;
    }),
    picker("evidence", ui.evidence, ui.evidence_help, state.evidence === undefined ? [] : [state.evidence], false, ([file]) => {
      state.evidence = file;
    }),
    picker("documents", ui.documents, ui.documents_help, state.documents, true, (files) => {
      state.documents = files;
    }),
    picker("statement", ui.statement, ui.statement_help, state.statement === undefined ? [] : [state.statement], false, ([file]) => {
      state.statement = file;
    }),
    el("fieldset", {}, el("legend", {}, ui.source), choice("user", ui.source_user), choice("package", ui.source_package), el("label", { class: "choice" }, enclosed, ` ${ui.use_enclosed}`)),
    el("div", { class: "picker" }, el("label", { for: "at" }, ui.time), time),
    el("p", { class: "actions" }, start, " ", clear),
  );
  box.addEventListener("submit", (event) => {
    event.preventDefault();
    void run();
  });
  return box;
}

async function bytesOf(file: File): Promise<Uint8Array> {
  return new Uint8Array(await file.arrayBuffer());
}

/** Take the policy that the user chose, or, if he says so, the one in the package. */
async function takePolicy(evidence: Uint8Array): Promise<[Uint8Array, PolicySource] | undefined> {
  if (!state.useEnclosed) return state.policy && [await bytesOf(state.policy), state.source];
  const archive = await readArchive(evidence, [MANIFEST]);
  const policy = archive.files.find((file) => file.name === POLICY)?.data;
  return policy && [policy, "package"];
}

async function run(): Promise<void> {
  const ui = UI[state.language];
  if (state.evidence === undefined || (state.policy === undefined && !state.useEnclosed)) return tell(ui.missing);
  let at: bigint;
  try {
    at = parseTime(state.at);
  } catch {
    return tell(ui.time_bad);
  }
  state.busy = true;
  state.report = undefined;
  document.getElementById("result")?.remove();
  tell(`${ui.working} …`);
  try {
    // One byte more than is read at all: the verifier then says that the file is too large.
    const data = await bytesOf(new File([state.evidence.slice(0, MAX_EVIDENCE + 1)], state.evidence.name));
    const policy = await takePolicy(data).catch(() => undefined);
    if (policy === undefined) {
      tell(ui.no_enclosed);
      return;
    }
    const documents = state.documents.map((file) =>
      fileSource(file, (done, total) => {
        const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
        tell(fill(ui.hashing, { name: file.name, percent: String(percent) }));
      }),
    );
    const [trusted, source] = policy;
    const statement = state.statement && (await bytesOf(state.statement));
    state.report = await verify({ name: state.evidence.name, data, documents, statement, policy: trusted, source, at });
    state.message = "";
  } catch (error) {
    state.message = fill(ui.failed, { message: String(error) });
  } finally {
    state.busy = false;
    render();
    document.getElementById("result")?.focus();
  }
}

/** Recognise dropped files by content: a policy, evidence, and documents for the rest. */
async function sort(files: readonly File[]): Promise<void> {
  for (const file of files) {
    const head = await file.slice(0, 1 << 20).text();
    const tail = await file.slice(-64).text();
    if (head.startsWith("{") && tail.endsWith('"zheng":"policy/v1"}')) state.policy = file;
    else if ((head.startsWith("{") && tail.endsWith('"zheng":"bundle/v1"}')) || (head.startsWith("PK") && head.includes("asic-e+zip"))) state.evidence = file;
    else if (head.startsWith("{") && tail.endsWith('"zheng":"statement/v1"}')) state.statement = file;
    else state.documents = [...state.documents, file];
  }
  render();
}

for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    event.preventDefault();
    document.body.classList.add("dragging");
  });
}
document.addEventListener("dragleave", (event) => {
  if (event.relatedTarget === null) document.body.classList.remove("dragging");
});
document.addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("dragging");
  void sort([...(event.dataTransfer?.files ?? [])]);
});

render();
