// Keys of the office: / search, n new, Esc close, Ctrl+Enter save; and where focus goes first.
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
