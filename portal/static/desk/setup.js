// The one-time link carries its token behind `#`, which browsers do not send: it is taken into the form, and out of the bar.
"use strict";

const token = location.hash.slice(1);
if (/^zi_[A-Za-z0-9_-]{20,}$/.test(token)) {
  history.replaceState(null, "", location.pathname + location.search);
  const form = document.getElementById("setup-link");
  form.elements.token.value = token;
  form.requestSubmit();
}
