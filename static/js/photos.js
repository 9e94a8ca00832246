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

for (const input of document.querySelectorAll("[data-photos]")) {
  input.addEventListener("change", () => { shrink(input); });
}
