// Words, requests and small things of the page that every module here uses.

const words = JSON.parse(document.querySelector("meta[name=words]").content);
export const language = document.documentElement.lang;
export const find = (id) => document.getElementById(id);

/** Say a word of the page's language, with values put in its places. */
export function say(key, values = {}) {
  const said = words[key] ?? key;
  return said.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

/** A refusal of the service; `code` is a row of its table, `title` is in the page's language. */
export class Problem extends Error {
  constructor(status, document) {
    super(document.title ?? String(status));
    this.status = status;
    this.code = String(document.type ?? "").split(":").pop();
    this.expected = document.expected ?? "";
    this.field = document.field ?? "";
  }
}

const asked = new URLSearchParams(location.search);
export const contract = asked.get("contract") ?? ""; // members name it; a party's session knows it

/** Write an address of the signer's side of the service. */
export function address(path = "") {
  return `/v1/signing/party${path}${contract ? `?contract=${encodeURIComponent(contract)}` : ""}`;
}

/** Write the address of a page of ours, in the language of this one. */
export function pageOf(path) {
  return `${path}?lang=${language === "en" ? "en" : "zh"}`;
}

/** Ask the service; gives the response. Cookies go along; writes carry the header that no foreign page can send. */
export async function request(url, { method = "GET", body, file } = {}) {
  const headers = { "Accept-Language": language, "X-Zheng-Request": "1" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (file !== undefined) headers["Content-Type"] = file.type;
  let answer;
  try {
    answer = await fetch(url, { method, headers, body: file ?? (body === undefined ? undefined : JSON.stringify(body)), cache: "no-store" });
  } catch {
    throw new Problem(0, { title: say("offline"), type: "x:offline" });
  }
  if (!answer.ok) throw new Problem(answer.status, await answer.json().catch(() => ({})));
  return answer;
}

/** Ask the signer's side; gives what JSON there is. */
export async function ask(path, options) {
  const answer = await request(address(path), options);
  return answer.status === 204 ? null : answer.json();
}

const WHOLE = { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" };

/** Write a moment as people here read it, with the zone; `options` as of Intl. */
export function moment(text, options = WHOLE) {
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, options).format(new Date(text));
}

/** Make an element with text, classes and children. */
export function make(name, { text, className, ...rest } = {}, ...children) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  for (const [key, value] of Object.entries(rest)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Fill a list of labelled values. */
export function fillRows(list, rows) {
  list.replaceChildren(...rows.map(([label, value, className]) =>
    make("div", {}, make("dt", { text: label }), make("dd", { text: value, className }))));
}

/** Tell of something that went wrong, and have it read out; "" takes it away. */
export function alertOf(text) {
  const place = find("alert");
  place.textContent = text;
  place.hidden = text === "";
}

/** Do something once at a time: the button rests meanwhile, and what goes wrong is told. */
export async function busy(button, work) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  alertOf("");
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    alertOf(error.message);
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

/** Draw an id; browsers give one by themselves only over https. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
