// A phrase chip (data-phrase, data-for="id of the text") puts its words into the text.
document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-phrase]");
  if (!chip) return;
  const text = document.getElementById(chip.dataset.for);
  const words = chip.dataset.phrase;
  const there = text.value.includes(words);
  if (there) text.value = text.value.replace(new RegExp(`[;;]?${escaped(words)}`), "").replace(/^[;;]/, "");
  else text.value = text.value.trim() ? `${text.value.trim()};${words}` : words;
  chip.setAttribute("aria-pressed", String(!there));
  text.dispatchEvent(new Event("input", { bubbles: true }));
});

const escaped = (words) => words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

// The chip that is on comes into sight in a sideways row.
document.querySelectorAll(".chips [aria-current=true]").forEach((chip) => {
  const row = chip.parentElement;
  row.scrollLeft = chip.offsetLeft - row.offsetLeft - 16;
});

// Chips 今天 / 昨天 / 选日期 (radios in data-days="id of the date input"): the date input is the truth.
const weekdays = ["日", "一", "二", "三", "四", "五", "六"];
const iso = (day) => [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((n) => String(n).padStart(2, "0")).join("-");

function start(group) {
  const input = document.getElementById(group.dataset.days);
  const holder = input.closest("[data-day-holder]") || input;
  const said = document.querySelector(`[data-weekday="${input.id}"]`);
  const show = () => {
    const chosen = group.querySelector("input:checked");
    if (chosen && chosen.dataset.ago) {
      const day = new Date();
      day.setDate(day.getDate() - Number(chosen.dataset.ago));
      input.value = iso(day);
    }
    holder.hidden = Boolean(chosen && chosen.dataset.ago);
    if (said) said.textContent = input.value ? `星期${weekdays[new Date(`${input.value}T00:00`).getDay()]}` : "";
  };
  group.addEventListener("change", show);
  input.addEventListener("change", () => {
    if (said && input.value) said.textContent = `星期${weekdays[new Date(`${input.value}T00:00`).getDay()]}`;
  });
  show();
}

document.querySelectorAll("[data-days]").forEach(start);

// What belongs to one choice (data-only-for="field=value") is out of sight while another is made.
function suit(part) {
  const [name, value] = part.dataset.onlyFor.split("=");
  part.hidden = part.closest("form").elements[name].value !== value;
}

const suitAll = () => document.querySelectorAll("[data-only-for]").forEach(suit);
suitAll();
document.addEventListener("change", suitAll);
