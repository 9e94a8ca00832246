// The visit form: phrases that suit the way and how it went, policies only where
// somebody was met, words where something is unclaimed,
// of several people only those one has seen, the day in words, and a line when there is
// no network.

const form = document.getElementById("visit");

function suitPhrases() {
  const way = form.querySelector("input[name=way]:checked");
  if (!way) return;
  for (const chip of form.querySelectorAll("[data-ways]")) {
    const suits = chip.dataset.ways.split(" ").includes(way.value);
    chip.hidden = !suits || chip.dataset.outcome !== outcome(chip);
  }
}

// How it went: of the one person a part is about, where several are told at once.
function outcome(part) {
  const person = part.closest("[data-person]");
  const chosen = person
    ? person.querySelector("input[name^=outcome_]:checked")
    : form.querySelector("input[name=outcome]:checked");
  return chosen ? chosen.value : "met";
}

function suitOutcome() {
  for (const part of form.querySelectorAll("[data-met-only]")) {
    part.hidden = outcome(part) !== "met";
  }
}

function suitPeople() {
  for (const part of form.querySelectorAll("[data-when-seen]")) {
    part.hidden = !part.closest("[data-person]").querySelector("[data-one]").checked;
  }
  const all = form.querySelector("[data-all-unchanged]");
  if (!all) return;
  const boxes = asked();
  all.hidden = boxes.length < 2;
  all.querySelector("input").checked = boxes.length > 0 && boxes.every((box) => box.checked);
}

// The policies are asked of whom one has met.
function asked() {
  return [...form.querySelectorAll("[data-unchanged]")].filter((box) => !box.closest("[hidden]"));
}

function confirmAll(event) {
  if (!event.target.closest("[data-all-unchanged]")) return;
  asked().forEach((box) => { box.checked = event.target.checked; });
}

function suitPolicies() {
  for (const row of form.querySelectorAll("[data-policy]")) {
    const chosen = row.querySelector("input[type=radio]:checked");
    const words = row.querySelector("[data-unclaimed-words]");
    const filled = words.querySelector("input").value !== "";
    words.hidden = !(filled || (chosen && chosen.value === "unclaimed"));
  }
}

function suitDay() {
  const other = form.querySelector("[data-other-day]");
  const input = other.querySelector("input");
  let chosen = form.querySelector("input[name=when]:checked");
  if (!chosen) {
    // A draft of an earlier day: its chip is gone, its date is in the input.
    chosen = form.querySelector("input[name=when][value=other]");
    chosen.checked = true;
  }
  const wantsOther = chosen.value === "other";
  other.hidden = !wantsOther;
  if (!wantsOther) input.value = chosen.value;
  const words = form.querySelector("[data-day-words]");
  const day = input.value;
  words.textContent = wantsOther ? day && inWords(day) : chosen.dataset.words;
}

function inWords(day) {
  const moment = new Date(`${day}T12:00:00+08:00`);
  if (Number.isNaN(moment.getTime())) return "";
  const zone = { timeZone: "Asia/Shanghai" };
  const plain = new Intl.DateTimeFormat("zh-CN", {
    ...zone,
    month: "long",
    day: "numeric",
    weekday: "long",
  });
  return `${plain.format(moment).replace("星期", " 星期")} ${lunar(moment, zone)}`;
}

function lunar(moment, zone) {
  const calendar = new Intl.DateTimeFormat("zh-CN-u-ca-chinese", {
    ...zone,
    month: "long",
    day: "numeric",
  });
  const parts = calendar.formatToParts(moment);
  const month = parts.find((part) => part.type === "month");
  const day = parts.find((part) => part.type === "day");
  if (!month || !day) return "";
  return `农历${month.value}${lunarDay(Number.parseInt(day.value, 10))}`;
}

function lunarDay(number) {
  const digits = "十一二三四五六七八九";
  if (Number.isNaN(number)) return "";
  if (number === 10) return "初十";
  if (number === 20) return "二十";
  if (number === 30) return "三十";
  return "初十廿"[Math.floor(number / 10)] + digits[number % 10];
}

function sayNetwork() {
  const line = document.querySelector("[data-offline]");
  if (line) line.hidden = navigator.onLine;
}

function suit() {
  suitPhrases();
  suitOutcome();
  suitPeople();
  suitPolicies();
  suitDay();
}

if (form) {
  form.addEventListener("change", confirmAll);
  // After what ticks many boxes at once, which hears it on the document too.
  document.addEventListener("change", suit);
  // A draft that another module puts back says so with "change" as well.
  suit();
}
window.addEventListener("online", sayNetwork);
window.addEventListener("offline", sayNetwork);
sayNetwork();
