// A second tap on the same button sends nothing twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  if (!navigator.onLine && !form.dataset.reached) {
    event.preventDefault();
    reach(form, event.submitter);
    return;
  }
  form.dataset.sending = "1";
  const button = event.submitter;
  if (button) {
    button.classList.add("is-busy");
    button.setAttribute("aria-disabled", "true");
  }
});

// Without a network the browser would leave the page, and its words, for an error of its
// own. It may be wrong about that when the server stands on this very machine: ask.
function reach(form, submitter) {
  fetch("/live", { cache: "no-store" }).then(
    () => {
      form.dataset.reached = "1";
      form.requestSubmit(submitter);
    },
    () => document.dispatchEvent(new CustomEvent("toast", { detail: { words: "没有网络,还没有提交。填的内容都在,有信号后再点一次。" } })),
  );
}

function free(form) {
  delete form.dataset.sending;
  document.querySelectorAll(".is-busy").forEach((button) => {
    button.classList.remove("is-busy");
    button.removeAttribute("aria-disabled");
  });
}

// Back from the next page, after a download, or after a part has been swapped.
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(free));
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest("form");
  if (form) free(form);
});
document.addEventListener("submit", (event) => {
  if (event.target.hasAttribute("data-download")) setTimeout(() => free(event.target), 4000);
});
