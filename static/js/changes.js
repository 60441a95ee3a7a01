// Sheets: fill in an offered value, add a row, close. No business rule lives here.
"use strict";
(() => {
  document.addEventListener("click", (event) => {
    const chip = event.target.closest?.("[data-fill]");
    if (chip) fill(chip);
    const adder = event.target.closest?.("[data-add-row]");
    if (adder) addRow(adder);
    const closer = event.target.closest?.("[data-close-sheet]");
    const host = closer?.closest("[data-sheet]");
    if (host && host.id !== "change-sheet-page") {
      event.preventDefault();
      host.replaceChildren();
    }
  });

  function fill(chip) {
    const input = chip.closest("form").querySelector(`#${CSS.escape(chip.dataset.fill)}`);
    if (!input) return;
    input.value = chip.textContent.trim();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.focus();
  }

  function addRow(button) {
    const form = button.closest("form");
    const total = form.querySelector(`[name="${button.dataset.addRow}-TOTAL_FORMS"]`);
    const most = form.querySelector(`[name="${button.dataset.addRow}-MAX_NUM_FORMS"]`);
    const template = form.querySelector("#empty-subnet");
    const row = template.content.firstElementChild.cloneNode(true);
    row.innerHTML = row.innerHTML.replaceAll("__prefix__", total.value);
    template.before(row);
    total.value = Number(total.value) + 1;
    button.hidden = Number(total.value) >= Number(most.value);
    row.querySelector("input").focus();
  }

  const show = (root) => {
    for (const button of root.querySelectorAll("[data-add-row]")) button.hidden = false;
  };
  document.addEventListener("DOMContentLoaded", () => show(document));
  document.addEventListener("htmx:load", (event) => show(event.detail.elt));

  // What was refused beside a field stays until the preview no longer says it.
  document.addEventListener("htmx:afterSwap", (event) => {
    const preview = event.detail.target, form = preview?.id === "preview" && preview.closest(".change form");
    if (!form) return;
    const read = (error) => error.textContent.trim();
    const said = new Set([...preview.querySelectorAll(":scope > .error")].map(read));
    for (const error of form.querySelectorAll(".field .error")) {
      const field = error.closest(".field"), input = field.querySelector("[aria-invalid]");
      if (said.has(read(error)) || (input?.type !== "checkbox" && input?.value === "")) continue;
      error.remove();
      if (field.querySelector(".error")) continue;
      field.classList.remove("has-errors");
      input?.removeAttribute("aria-invalid");
    }
  });

  // What was foreseen or refused while the engine was away is asked again once it is back.
  let isLive = document.getElementById("live")?.dataset.state === "live";
  document.addEventListener("netdash:status", (event) => {
    const isBack = !isLive && event.detail.state === "live";
    isLive = event.detail.state === "live";
    if (isBack) document.getElementById("preview")?.closest("form")?.dispatchEvent(new Event("input"));
  });

  // What a subnet brought along leaves its field when it no longer fits, and comes back when it does.
  document.addEventListener("htmx:afterSwap", (event) => {
    const preview = event.detail.target, form = preview?.id === "preview" && preview.closest(".change form");
    for (const part of form ? preview.querySelectorAll("[data-old]") : []) {
      const field = form.elements[part.dataset.field], { old, fits } = part.dataset;
      if (!field) continue;
      const isBack = fits !== undefined && field.value === "" && field.dataset.emptied !== undefined;
      if (isBack || field.value !== "") delete field.dataset.emptied;
      if (isBack) field.value = old;
      if (isBack) field.dispatchEvent(new Event("input", { bubbles: true }));
      if (fits !== undefined || field.value !== old) continue;
      field.value = "";
      field.dataset.emptied = "";
    }
  });

  // A choice that draws the sheet anew takes nothing away that is typed meanwhile.
  const sent = new WeakMap();
  let typed = [];
  const read = (form) => new Map([...form.elements]
    .filter((field) => field.name && field.type !== "hidden")
    .map((field) => [field.name, field.type === "checkbox" ? field.checked : field.value]));
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target.matches?.(".change select") && event.target.closest("form");
    if (form) sent.set(form, read(form));
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const chooser = event.detail.requestConfig?.elt, form = chooser?.matches?.(".change select") && chooser.closest("form");
    const before = form && sent.get(form);
    typed = before ? [...read(form)].filter(([name, value]) => before.has(name) && before.get(name) !== value) : [];
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const kept = typed;
    typed = [];
    for (const [name, value] of kept) {
      const field = event.detail.target?.querySelector(`.change form [name="${CSS.escape(name)}"]`);
      if (!field) continue;
      if (field.type === "checkbox") field.checked = value;
      else field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });

  // A sheet that opened in the inspector comes into view, with its first field ready.
  document.addEventListener("htmx:afterSettle", (event) => {
    const host = event.detail.target;
    if (!host?.matches?.("[data-sheet]") || host.id === "change-sheet-page") return;
    const sheet = host.querySelector(".change");
    if (!sheet) return;
    sheet.scrollIntoView({ block: "nearest" });
    const refused = host.querySelector("[aria-invalid=true]");
    if (refused) refused.focus();
    else if (!host.contains(document.activeElement)) host.querySelector("select, input:not([type=hidden]), .choices a")?.focus();
  });
})();
