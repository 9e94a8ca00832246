// Five minutes before the session runs out this says so; afterwards one signs in again
// in a dialog on the page and goes on, with every word still there. What a page asks by
// itself (X-Poll) does not count, neither here nor on the server.
const box = document.getElementById("time-out");
const account = document.body.dataset.account || "";
const IDLE = Number(document.body.dataset.idle || 0) * 1000;
const WARNING = Math.min(5 * 60 * 1000, IDLE / 2);
const SEEN = `seen:${account}`;
const SLACK = 2000;

let state = "in";
let waiting = null;

const lastSeen = () => Number(localStorage.getItem(SEEN) || 0);
const part = (name) => box.querySelector(`[data-${name}]`);
const dialog = () => window.bootstrap.Modal.getOrCreateInstance(box);

function seen() {
  localStorage.setItem(SEEN, String(Date.now()));
  look();
}

function show(next) {
  if (state === next) return;
  state = next;
  if (next === "in") {
    dialog().hide();
    return;
  }
  part("warning").hidden = next !== "warning";
  part("over").hidden = next !== "over";
  part("title").textContent = next === "over" ? "请再登录一次" : "还在吗?";
  dialog().show();
  if (next === "over") askAgain();
}

function look() {
  if (state === "over") return;
  const left = lastSeen() + IDLE - Date.now();
  // The server forgets a little later than we do, never earlier.
  if (left <= SLACK) show("over");
  else if (left <= WARNING) {
    const minutes = Math.ceil(left / 60000);
    part("left").textContent = left > 60000 ? `${minutes} 分钟` : `${Math.ceil(left / 1000)} 秒`;
    show("warning");
  } else show("in");
}

function askAgain() {
  window.htmx.ajax("GET", box.dataset.againUrl, { target: "#again", swap: "outerHTML" });
}

// Back in: the old tokens of this page are worth nothing any more.
function goOn(part_) {
  if (part_.dataset.account !== account) {
    window.location.reload();
    return;
  }
  const { token } = part_.dataset;
  document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => { input.value = token; });
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  state = "back";
  localStorage.setItem(SEEN, String(Date.now()));
  look();
  if (waiting && waiting.isConnected) waiting.focus();
  waiting = null;
}

function start() {
  localStorage.setItem(SEEN, String(Date.now()));
  setInterval(look, 1000);
  window.addEventListener("storage", (event) => {
    // Another window of the same person was used, or came in again.
    if (event.key !== SEEN) return;
    if (state === "over") askAgain();
    else look();
  });
  document.addEventListener("visibilitychange", look);
  part("stay").addEventListener("click", () => {
    window.htmx.ajax("POST", box.dataset.stayUrl, { swap: "none" });
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { xhr, requestConfig, pathInfo } = event.detail;
    const path = pathInfo ? pathInfo.requestPath : "";
    if (xhr.status === 401 && !xhr.getResponseHeader("HX-Redirect")) show("over");
    else if (xhr.status && xhr.status < 500 && !requestConfig.headers["X-Poll"] && !path.startsWith("/login/")) seen();
  });
  document.addEventListener("htmx:afterSwap", () => {
    const found = document.getElementById("again");
    if (!found) return;
    if (found.dataset.again === "done") goOn(found);
    else if (found.dataset.again) found.querySelector("input:not([readonly]):not([type=hidden])").focus();
  });
  // A form sent when the session is over would lose its words: ask first.
  document.addEventListener("submit", (event) => {
    look();
    if (state !== "over" || box.contains(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting = event.submitter;
  }, true);
}

if (box && account && IDLE) start();
