// Files of a person's own: a drop zone (data-drop around a file input), the progress of
// sending a large one, and photos (data-photos).
function start(zone) {
  const input = zone.querySelector("input[type=file]");
  const said = zone.querySelector("[data-file-name]");
  const limit = Number(zone.dataset.maxBytes || 0);
  const show = () => {
    const [file] = input.files;
    const large = Boolean(file && limit && file.size > limit);
    input.setCustomValidity(large ? "文件太大" : "");
    if (!said) return;
    said.classList.toggle("is-late", large);
    said.textContent = file ? words(file, large) : "";
  };
  const words = (file, large) => {
    const size = file.size > 1048576 ? `${(file.size / 1048576).toFixed(1)} MB` : `${Math.ceil(file.size / 1024)} KB`;
    return large ? `${file.name}(${size})超过 ${Math.floor(limit / 1048576)} MB,请分成几个文件。` : `已选 ${file.name}(${size})`;
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
// Choosing once more adds to what is there: on a phone one photo is taken at a time.
const LONGEST = 1600;
const chosenSoFar = new WeakMap();

async function small(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.82); });
  return blob && blob.size < file.size ? new File([blob], file.name, { type: "image/jpeg" }) : file;
}

function hold(input, files, words) {
  const bag = new DataTransfer();
  files.forEach((file) => bag.items.add(file));
  input.files = bag.files;
  chosenSoFar.set(input, files);
  const pick = input.closest("[data-pick]");
  pick.querySelector("[data-photos-said]").textContent = words || (files.length ? `已选 ${files.length} 张。` : "");
  pick.querySelector("[data-photos-shown]").replaceChildren(...files.map((file) => thumb(input, file)));
}

function thumb(input, file) {
  const item = document.createElement("li");
  const picture = document.createElement("img");
  const away = document.createElement("button");
  picture.src = URL.createObjectURL(file);
  picture.alt = file.name;
  picture.addEventListener("load", () => URL.revokeObjectURL(picture.src));
  away.type = "button";
  away.textContent = "×";
  away.setAttribute("aria-label", `不要这张:${file.name}`);
  away.addEventListener("click", () => {
    hold(input, chosenSoFar.get(input).filter((other) => other !== file));
    input.focus();
  });
  item.append(picture, away);
  return item;
}

async function take(input) {
  const before = chosenSoFar.get(input) || [];
  const most = Number(input.dataset.photos);
  const all = [...before, ...input.files];
  const wanted = all.slice(0, most);
  hold(input, wanted, "正在压缩照片…");
  for (const file of wanted.filter((one) => !before.includes(one))) {
    const made = await small(file).catch(() => file);
    // Whoever has taken one out meanwhile does not get it back.
    hold(input, chosenSoFar.get(input).map((one) => (one === file ? made : one)), "正在压缩照片…");
  }
  hold(input, chosenSoFar.get(input), all.length > most ? `最多 ${most} 张,多选的没有带上。` : "");
}

document.querySelectorAll("[data-pick]").forEach((pick) => pick.classList.add("is-live"));
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-photos]")) take(event.target);
});
