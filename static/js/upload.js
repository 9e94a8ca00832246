// A drop zone (data-drop around a file input) and the progress of sending a large file.
function start(zone) {
  const input = zone.querySelector("input[type=file]");
  const said = zone.querySelector("[data-file-name]");
  const limit = Number(zone.dataset.maxBytes || 0);
  const show = () => {
    const [file] = input.files;
    if (!file) return;
    const size = file.size > 1048576 ? `${(file.size / 1048576).toFixed(1)} MB` : `${Math.ceil(file.size / 1024)} KB`;
    const large = limit && file.size > limit;
    if (said) said.textContent = large ? `${file.name}(${size})超过 ${Math.floor(limit / 1048576)} MB,请分成几个文件。` : `已选 ${file.name}(${size})`;
    input.setCustomValidity(large ? "文件太大" : "");
  };
  input.addEventListener("change", show);
  ["dragover", "dragenter"].forEach((name) => zone.addEventListener(name, (event) => {
    event.preventDefault();
    zone.classList.add("is-over");
  }));
  ["dragleave", "drop"].forEach((name) => zone.addEventListener(name, () => zone.classList.remove("is-over")));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    input.files = event.dataTransfer.files;
    show();
  });
  progress(input.form, zone.querySelector("progress"));
}

// With htmx the bar moves; without it the browser shows its own.
function progress(form, bar) {
  if (!form || !bar) return;
  form.addEventListener("htmx:xhr:progress", (event) => {
    bar.hidden = false;
    bar.max = event.detail.total || 1;
    bar.value = event.detail.loaded;
  });
  form.addEventListener("htmx:afterRequest", () => { bar.hidden = true; });
}

document.querySelectorAll("[data-drop]").forEach(start);
