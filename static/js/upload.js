// Files of a person's own: a drop zone (data-drop around a file input), the progress of
// sending a large one, and photos (data-photos).
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

// Photos are made small on the phone before they are sent: less waiting, less data.
// Where the browser cannot, the file goes as it is; the server does the same anyway.
const LONGEST = 1600;
const MOST = 6;

async function small(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.82); });
  return blob && blob.size < file.size ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
}

async function shrink(input) {
  const said = input.parentElement.closest("section, form").querySelector("[data-photos-said]");
  const chosen = Array.from(input.files);
  if (said) said.textContent = chosen.length > MOST ? `最多 ${MOST} 张,只取前 ${MOST} 张。` : "正在压缩照片…";
  const bag = new DataTransfer();
  for (const file of chosen.slice(0, MOST)) {
    bag.items.add(await small(file).catch(() => file));
  }
  input.files = bag.files;
  if (said && chosen.length <= MOST) said.textContent = chosen.length ? `已选 ${chosen.length} 张。` : "";
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-photos]")) shrink(event.target);
});
