// Toasts go by themselves, but a refusal stays until it is closed; answers of the
// server that are no page become words.
const SHORT = 8000;
const UNDO = 30000;

function start(line) {
  if (line.dataset.started) return;
  line.dataset.started = "1";
  const button = line.querySelector("[data-close]");
  button.hidden = false;
  button.addEventListener("click", () => line.remove());
  if (line.classList.contains("is-error")) return;
  setTimeout(() => line.remove(), line.querySelector("[data-undo]") ? UNDO : SHORT);
}

const startAll = () => document.querySelectorAll("[data-toast]").forEach(start);
startAll();
document.addEventListener("htmx:load", startAll);

function say(words) {
  const box = document.getElementById("toasts");
  if (!box) return;
  for (const earlier of box.querySelectorAll(".is-error"))
    if (earlier.querySelector("span").textContent === words) earlier.remove();
  const line = document.createElement("div");
  line.className = "toast-line is-error";
  line.setAttribute("data-toast", "");
  line.setAttribute("role", "alert");
  const text = document.createElement("span");
  text.textContent = words;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "toast-x";
  close.setAttribute("aria-label", "关闭");
  close.setAttribute("data-close", "");
  close.textContent = "✕";
  line.append(text, close);
  box.append(line);
  start(line);
}

// A refusal (409) is said at the top of the page; what was asked about stays as it is.
document.addEventListener("htmx:beforeSwap", (event) => {
  const place = document.getElementById("refusal");
  if (event.detail.xhr.status !== 409 || !place) return;
  event.detail.target = place;
  event.detail.swapOverride = "innerHTML show:top";
});

document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  // Signed out: time-out.js opens its dialog.
  if (status === 401) return;
  const number = event.detail.xhr.getResponseHeader("X-Request-Id") || "无";
  const why = { 403: "您的角色不能这样做", 404: "没有找到,可能已变更", 429: "操作太快,请稍候再试" };
  say(`${why[status] || "没有成功,请稍后再试"}。错误编号 ${number}`);
});
document.addEventListener("htmx:sendError", () => say("没有网络,内容还在本页,联网后再试。"));
document.addEventListener("toast", (event) => say(event.detail.words));
