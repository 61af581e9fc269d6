// What makes the forms kinder where scripts run: files are hashed here, in the browser, and never sent for a lookup.
"use strict";

const form = document.getElementById("find");
const zone = document.querySelector("[data-hash]");

function hex(buffer) {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function findByDigest(file) {
  const state = zone.querySelector("[data-hash-state]");
  const bar = zone.querySelector("progress");
  bar.hidden = false;
  bar.removeAttribute("value");
  state.textContent = file.name;
  try {
    form.elements.digest.value = hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    form.elements.algorithm.value = "sha256";
    form.submit();
  } catch {
    // A folder, a file that went away, or one larger than this browser holds.
    bar.hidden = true;
    state.textContent = `${file.name} · ${zone.dataset.cannot}`;
    form.querySelector("[data-by-hand]").open = true;
  }
}

function takesDrops(target, give) {
  for (const name of ["dragenter", "dragover"]) {
    target.addEventListener(name, (event) => { event.preventDefault(); target.classList.add("over"); });
  }
  target.addEventListener("dragleave", () => target.classList.remove("over"));
  target.addEventListener("drop", (event) => {
    event.preventDefault();
    target.classList.remove("over");
    if (event.dataTransfer.files.length > 0) give(event.dataTransfer.files);
  });
}

// A file let go beside the zone must not replace the page.
for (const name of ["dragover", "drop"]) document.addEventListener(name, (event) => event.preventDefault());

// Browsers hash only on secure origins (https, or this very machine); elsewhere the field for a digest stays open.
if (form && zone && globalThis.crypto?.subtle) {
  zone.hidden = false;
  form.querySelector("[data-by-hand]").open = false;
  const picker = zone.querySelector("input");
  picker.addEventListener("change", () => { if (picker.files.length > 0) findByDigest(picker.files[0]); });
  takesDrops(zone, (files) => findByDigest(files[0]));
}

function bytesOf(upload) {
  let sum = 0;
  for (const picker of upload.querySelectorAll("input[type=file]")) {
    for (const file of picker.files) sum += file.size;
  }
  return sum;
}

for (const upload of document.querySelectorAll("form[data-upload]")) {
  const picker = upload.querySelector(".drop input");
  const state = upload.querySelector("[data-state]");
  const button = upload.querySelector("button");
  const weigh = () => {
    const tooLarge = bytesOf(upload) > Number(upload.dataset.limit);
    state.textContent = tooLarge ? upload.dataset.tooLarge : "";
    return tooLarge;
  };
  takesDrops(upload.querySelector(".drop"), (files) => { picker.files = files; weigh(); });
  upload.addEventListener("change", weigh);
  upload.addEventListener("submit", (event) => {
    if (weigh()) {
      event.preventDefault();
      return;
    }
    state.textContent = state.dataset.busy;
    button.disabled = true;
  });
  // Coming back by the browser's own button shows the page as it was left.
  globalThis.addEventListener("pageshow", () => { button.disabled = false; weigh(); });
}

if (zone) {
  globalThis.addEventListener("pageshow", () => { zone.querySelector("progress").hidden = true; });
}

// Paper has nothing to open: what is folded is unfolded for it, and folded again.
const unfolded = [];
globalThis.addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("details:not([open])")) {
    part.open = true;
    unfolded.push(part);
  }
});
globalThis.addEventListener("afterprint", () => {
  for (const part of unfolded.splice(0)) part.open = false;
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => globalThis.print());
}
