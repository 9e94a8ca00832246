// Many rows at once: data-all ticks every data-one in the same form; data-picked says how many.
function count(form) {
  const boxes = [...form.querySelectorAll("[data-one]")];
  const picked = boxes.filter((box) => box.checked).length;
  const all = form.querySelector("[data-all]");
  if (all) {
    all.checked = picked > 0 && picked === boxes.length;
    all.indeterminate = picked > 0 && picked < boxes.length;
  }
  form.querySelectorAll("[data-picked]").forEach((place) => { place.textContent = picked; });
  form.querySelectorAll("[data-needs-picked]").forEach((button) => { button.disabled = picked === 0; });
}

document.addEventListener("change", (event) => {
  const { target } = event;
  const form = target.closest("form");
  if (!form) return;
  if (target.matches("[data-all]")) {
    form.querySelectorAll("[data-one]").forEach((box) => { box.checked = target.checked; });
  }
  if (target.matches("[data-all], [data-one]")) count(form);
  if (target.matches("[data-submits]")) form.requestSubmit();
});

const countAll = () => document.querySelectorAll("[data-all]").forEach((box) => box.form && count(box.form));
countAll();
document.addEventListener("htmx:load", countAll);

// A row opens with Enter when it has the focus, and j / k walk through the rows.
document.addEventListener("keydown", (event) => {
  const row = event.target.closest("[data-row]");
  if (!row || event.target !== row) return;
  const next = { j: row.nextElementSibling, k: row.previousElementSibling }[event.key];
  if (next) next.focus();
  if (event.key === "Enter") row.querySelector("a").click();
});

// The row whose part was fetched beside the list (data-opens on its link) is marked.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-opens]");
  const row = link && link.closest(".row-item");
  if (!row) return;
  row.parentElement.querySelectorAll(".row-item[aria-current]").forEach((other) => other.removeAttribute("aria-current"));
  row.setAttribute("aria-current", "true");
});
