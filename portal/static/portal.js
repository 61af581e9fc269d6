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
  } catch (error) {
    bar.hidden = true;
    state.textContent = `${file.name}: ${error.message}`;
  }
}

function takesDrops(zone, give) {
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("over"); });
  }
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    if (event.dataTransfer.files.length > 0) give(event.dataTransfer.files);
  });
}

// Browsers hash only on secure origins (https, or this very machine); elsewhere the field for a digest stays open.
if (form && zone && globalThis.crypto?.subtle) {
  zone.hidden = false;
  form.querySelector("[data-by-hand]").open = false;
  const picker = zone.querySelector("input");
  picker.addEventListener("change", () => { if (picker.files.length > 0) findByDigest(picker.files[0]); });
  takesDrops(zone, (files) => findByDigest(files[0]));
}

for (const upload of document.querySelectorAll("form[data-upload]")) {
  const picker = upload.querySelector(".drop input");
  takesDrops(upload.querySelector(".drop"), (files) => { picker.files = files; });
  upload.addEventListener("submit", () => {
    const state = upload.querySelector("[data-busy]");
    state.textContent = state.dataset.busy;
    upload.querySelector("button").disabled = true;
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => globalThis.print());
}
