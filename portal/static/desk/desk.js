// What makes forms kinder where scripts run: a preview as one types, and one press of a button is one.
"use strict";

for (const form of document.querySelectorAll("form[data-busy]")) {
  form.addEventListener("submit", () => {
    // After the browser took the form's values: a disabled button is not among them.
    setTimeout(() => { for (const button of form.querySelectorAll("button")) button.disabled = true; });
  });
  globalThis.addEventListener("pageshow", () => {
    for (const button of form.querySelectorAll("button")) button.disabled = false;
  });
}

const form = document.querySelector("form[data-preview]");

async function draw() {
  const query = new URLSearchParams(new FormData(form));
  for (const name of ["csrf", "id", "shown", "name", "holder"]) query.delete(name);
  const picture = document.getElementById("preview");
  const said = document.getElementById("preview-said");
  const answer = await fetch(`${form.dataset.preview}?${query}`, { headers: { Accept: "image/svg+xml, application/json" } });
  const kind = answer.headers.get("Content-Type") || "";
  if (answer.ok && kind.startsWith("image/")) {
    const svg = await answer.text();
    picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
    picture.hidden = false;
    said.textContent = "";
  } else if (kind.includes("json")) {
    const problem = await answer.json();
    picture.hidden = true;
    said.textContent = problem.field ? `${problem.title} (${problem.field})` : problem.title;
  }
}

if (form) {
  const shownFor = () => {
    for (const part of form.querySelectorAll("[data-for]")) {
      part.hidden = !part.dataset.for.split(" ").includes(form.elements.kind.value);
    }
  };
  for (const part of form.querySelectorAll("[data-without-scripts]")) part.hidden = true;
  let waiting = 0;
  form.addEventListener("input", () => {
    shownFor();
    clearTimeout(waiting);
    waiting = setTimeout(() => draw().catch(() => {}), 250);
  });
  shownFor();
}

// What is being made shows how far it is: the part of the page is fetched anew until nothing in it is under way.
const followed = document.querySelector("[data-follow]");

async function follow() {
  if (document.visibilityState === "visible") {
    const answer = await fetch(location.href.split("#")[0], { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.getElementById(followed.dataset.follow)?.closest("section");
    if (!now) return;
    if (now.innerHTML !== followed.innerHTML && !followed.contains(document.activeElement)) followed.innerHTML = now.innerHTML;
    if (!("follow" in now.dataset) && followed.innerHTML === now.innerHTML) return;
  }
  setTimeout(() => follow().catch(() => {}), 3000);
}

if (followed) setTimeout(() => follow().catch(() => {}), 3000);
