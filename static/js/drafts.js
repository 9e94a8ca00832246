// A form with data-draft="key" is kept on this device every two seconds and on leaving,
// under the account's own name; sent forms and log-out wipe it.
const account = document.body.dataset.account || "";
const PREFIX = "draft:";
const own = (key) => `${PREFIX}${account}:${key}`;
const SKIPPED = new Set(["csrfmiddlewaretoken", "client_id", "version"]);

function wipe(keep) {
  Object.keys(localStorage)
    .filter((key) => key.startsWith(PREFIX) && !keep(key))
    .forEach((key) => localStorage.removeItem(key));
}

// Another person's words never stay on this device.
if (account) wipe((key) => key.startsWith(`${PREFIX}${account}:`));
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-logout]")) wipe(() => false);
});
// Words after a deed mean that the server has it.
const sent = sessionStorage.getItem("draft-sent");
if (sent && document.querySelector(".toast-line.is-success")) localStorage.removeItem(sent);
sessionStorage.removeItem("draft-sent");

function wordsOf(form) {
  const kept = [];
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && !SKIPPED.has(name)) kept.push([name, value]);
  }
  return JSON.stringify(kept);
}

function putBack(form, kept) {
  const wanted = new Map();
  JSON.parse(kept).forEach(([name, value]) => wanted.set(name, [...(wanted.get(name) || []), value]));
  for (const field of form.elements) {
    if (!field.name || SKIPPED.has(field.name) || field.type === "file" || field.type === "password") continue;
    const values = wanted.get(field.name) || [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (field.multiple) [...field.options].forEach((o) => { o.selected = values.includes(o.value); });
    else if (values.length) field.value = values.shift();
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function offer(form, key, kept) {
  const note = document.createElement("div");
  note.className = "draft-note";
  note.setAttribute("role", "status");
  const words = document.createElement("span");
  words.textContent = "继续上次未完成的记录?";
  const yes = document.createElement("button");
  const no = document.createElement("button");
  yes.type = no.type = "button";
  yes.className = "btn btn-sm btn-primary";
  no.className = "btn btn-sm btn-light";
  yes.textContent = "继续";
  no.textContent = "不用了";
  yes.addEventListener("click", () => { putBack(form, kept); note.remove(); });
  no.addEventListener("click", () => { localStorage.removeItem(key); note.remove(); });
  note.append(words, yes, no);
  form.prepend(note);
}

function watch(form) {
  const key = own(form.dataset.draft);
  const atFirst = wordsOf(form);
  let last = atFirst;
  const kept = localStorage.getItem(key);
  // A form that came back with errors holds its words already.
  if (kept && kept !== atFirst && !form.querySelector(".has-error") && !document.querySelector(".err-sum")) {
    offer(form, key, kept);
  }
  const save = () => {
    const now = wordsOf(form);
    if (now === last) return;
    last = now;
    localStorage.setItem(key, now);
    const shown = document.querySelector("[data-draft-saved]");
    if (shown) shown.textContent = `已存在本机 ${new Date().toTimeString().slice(0, 5)}`;
  };
  setInterval(save, 2000);
  window.addEventListener("pagehide", save);
  document.addEventListener("visibilitychange", save);
  form.addEventListener("submit", () => {
    save();
    if (navigator.onLine || form.dataset.reached) sessionStorage.setItem("draft-sent", key);
  });
  document.querySelectorAll("[data-draft-save]").forEach((button) => button.addEventListener("click", save));
}

if (account) document.querySelectorAll("form[data-draft]").forEach(watch);
