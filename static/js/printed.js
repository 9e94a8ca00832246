// That a page went to the printer is told to the trail: once a page, not once a dialog.
let told = false;

window.addEventListener("beforeprint", () => {
  if (told || !document.body.dataset.account) return;
  told = true;
  const headers = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
  const body = new URLSearchParams({ path: location.pathname });
  fetch("/printed/", { method: "POST", headers, body, credentials: "same-origin", keepalive: true }).catch(() => { told = false; });
});
