// Where a one-time link lands. Its token comes behind "#", which no server sees; it leaves the address bar and the history
// at once, and is exchanged when the person asks for it: programs that look into messages open links, but press nothing.
import { alertOf, busy, find, Problem, request, say } from "/assets/signing/talk.js";

const TOKEN = /^[A-Za-z0-9_-]{43}$/;
const SESSIONS = "/v1/signing/party-sessions";
let token = "";

function tokenIn(text) {
  const pasted = text.trim();
  const found = pasted.includes("#") ? pasted.slice(pasted.indexOf("#") + 1) : pasted;
  return TOKEN.test(found) ? found : "";
}

function takeFragment() {
  token = tokenIn(location.hash);
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  find("ready").hidden = token === "";
  find("paste").hidden = token !== "";
}

async function enter() {
  try {
    await request(SESSIONS, { method: "POST", body: { token, cookie: true } });
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "link-invalid") throw error;
    alertOf(say("link_invalid"));
    document.querySelector("h1").textContent = say("link_title");
    find("ready").hidden = true;
    find("paste").hidden = true;
    find("used").hidden = false;
    find("renew").focus();
    return;
  }
  token = "";
  location.replace(`/sign${location.search}`);
}

find("open").addEventListener("click", (event) => busy(event.currentTarget, enter));
find("renew").addEventListener("click", (event) => busy(event.currentTarget, async () => {
  await request(`${SESSIONS}/renewals`, { method: "POST", body: { token } });
  find("used").hidden = true;
  find("renewed").replaceChildren(Object.assign(document.createElement("p"), { className: "finding", textContent: say("link_renewed") }));
}));
find("paste").addEventListener("submit", (event) => {
  event.preventDefault();
  token = tokenIn(find("code").value);
  find("code").value = "";
  if (token === "") alertOf(say("code_malformed"));
  else busy(event.submitter, enter);
});
globalThis.addEventListener("hashchange", takeFragment);
takeFragment();
