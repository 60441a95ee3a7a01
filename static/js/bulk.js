// Many networks: a chosen file is read into the list, so that it previews as it is typed.
"use strict";
(() => {
  document.addEventListener("change", async (event) => {
    const chooser = event.target.closest?.(".bulk-form input[type=file]");
    const file = chooser?.files[0];
    if (!file) return;
    const form = chooser.form, text = form.elements.text;
    const field = chooser.closest(".field");
    field.querySelector(".error.local")?.remove();
    if (file.size > Number(form.dataset.largest)) {
      refuse(field, chooser, `${file.name} has ${Math.ceil(file.size / 1024).toLocaleString("en")} KiB; at most ${form.dataset.largest / 1024} KiB are read.`);
      return;
    }
    let found;
    try {
      found = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    } catch {
      refuse(field, chooser, `${file.name} is not written in UTF-8. Save it as UTF-8 (in Excel: CSV UTF-8).`);
      return;
    }
    text.value = found;
    chooser.value = "";
    text.dispatchEvent(new Event("input", { bubbles: true }));
  });

  function refuse(field, chooser, words) {
    const line = document.createElement("p");
    line.className = "error local";
    line.setAttribute("role", "alert");
    line.textContent = words;
    chooser.after(line);
    field.classList.add("has-errors");
    chooser.value = "";
  }
})();
