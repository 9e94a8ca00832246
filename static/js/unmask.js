// A value shown in full (data-revealed, with data-masked beside it) hides after a minute.
const MINUTE = 60000;

function watch(place) {
  if (place.dataset.watched) return;
  place.dataset.watched = "1";
  const hide = () => {
    place.textContent = place.dataset.masked;
    place.classList.remove("revealed");
  };
  place.classList.add("revealed");
  setTimeout(hide, MINUTE);
  document.addEventListener("visibilitychange", () => { if (document.hidden) hide(); });
}

const watchAll = () => document.querySelectorAll("[data-revealed]").forEach(watch);
watchAll();
document.addEventListener("htmx:load", watchAll);
