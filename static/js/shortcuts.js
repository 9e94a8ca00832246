// Keys of the office: / search, n new, Esc close, Ctrl+Enter save; printing; and where
// focus goes first.
document.documentElement.classList.add("js");

const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest("form");
    if (form && form.method === "post") form.requestSubmit();
    return;
  }
  if (event.key === "Escape" && typing(event.target)) event.target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "/") goTo(event, "[data-search]", (box) => box.focus());
  if (event.key === "n") goTo(event, "[data-new]", (link) => link.click());
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// The three steps for a first visit stay until 知道了; 帮助 brings them back.
const firstUse = `first-use:${document.body.dataset.account}`;
const firstUseBox = document.querySelector("[data-first-use]");
const seen = (change) => {
  try {
    return change ? change(localStorage) : localStorage.getItem(firstUse);
  } catch {
    return "no storage";
  }
};
if (firstUseBox) firstUseBox.hidden = Boolean(seen());
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-first-use-again]")) seen((kept) => kept.removeItem(firstUse));
  if (!event.target.closest("[data-first-use-done]")) return;
  seen((kept) => kept.setItem(firstUse, "1"));
  firstUseBox.hidden = true;
});

function goTo(event, selector, act) {
  const found = document.querySelector(selector);
  if (!found) return;
  event.preventDefault();
  act(found);
}

// A form that came back has its summary read out before anything else.
const focusFirst = (root) => {
  const found = root.querySelector("[data-focus]");
  if (found) found.focus();
};
focusFirst(document);
document.addEventListener("htmx:afterSwap", (event) => focusFirst(event.target));

// That a page went to the printer is told to the trail: once a page, not once a dialog.
let told = false;

window.addEventListener("beforeprint", () => {
  if (told || !document.body.dataset.account) return;
  told = true;
  const headers = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
  const body = new URLSearchParams({ path: location.pathname });
  fetch("/printed/", { method: "POST", headers, body, credentials: "same-origin", keepalive: true }).catch(() => { told = false; });
});
