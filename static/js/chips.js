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
