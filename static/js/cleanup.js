// Clean-up: what was ticked by hand outlives a refresh, the count is kept, and what came or went is said.
"use strict";
(() => {
  const hand = new Map(); // network id -> ticked by hand
  const list = () => document.getElementById("cleanup-list");
  const boxes = () => [...document.querySelectorAll('#cleanup-choice input[name="chosen"]')];
  const name = (box) => box.closest("tr")?.querySelector("th bdi")?.textContent ?? "";

  function count() {
    const all = boxes(), chosen = all.filter((box) => box.checked).length;
    const scope = document.querySelector('#cleanup-choice input[name="scope"]')?.checked;
    const button = document.getElementById("cleanup-review");
    if (button) {
      button.disabled = !chosen && !scope;
      button.textContent = scope ? "Review the removal of all" : chosen ? `Review the removal of ${chosen}` : "Tick what shall go";
    }
    const top = document.getElementById("cleanup-all");
    if (!top) return;
    top.hidden = all.some((box) => box.disabled);
    top.checked = chosen === all.length && chosen > 0;
    top.indeterminate = chosen > 0 && chosen < all.length;
  }

  document.addEventListener("change", (event) => {
    if (event.target.id === "cleanup-all") for (const box of boxes()) hand.set(box.value, (box.checked = event.target.checked));
    else if (event.target.name === "chosen") hand.set(event.target.value, event.target.checked);
    else if (event.target.name !== "scope") return;
    count();
  });

  // Addresses say what is asked for and nothing else.
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.target.matches?.(".wishes")) return;
    for (const [key, value] of [...event.detail.formData.entries()]) if (value === "") event.detail.formData.delete(key);
  });
  const sort = (address) => [...new URL(address, location.href).searchParams].filter(([key]) => key !== "page" && key !== "show").map(String).sort().join("&");
  function mark() {
    for (const link of document.querySelectorAll(".presets a"))
      if (sort(link.href) === sort(location.href)) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
  }
  document.addEventListener("htmx:pushedIntoHistory", mark);

  // What is said of a filter comes with the list, and stands beside the filter.
  function place() {
    for (const old of document.querySelectorAll(".wish > .said")) old.remove();
    for (const wish of document.querySelectorAll(".wish")) {
      const field = wish.querySelector("input, textarea"), said = [...list().querySelectorAll(`[data-wish="${field.id}"]`)];
      const isWrong = said.some((words) => words.classList.contains("error"));
      wish.append(...said);
      wish.classList.toggle("has-errors", isWrong);
      if (isWrong) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
      field.setAttribute("aria-describedby", `${field.id}_helptext${isWrong ? ` ${field.id}_error` : ""}`);
    }
  }

  let before = new Map(), moved = "";
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target === list()) before = new Map(boxes().map((box) => [box.value, name(box)]));
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== list()) return;
    place();
    for (const box of boxes()) if (hand.has(box.value)) box.checked = hand.get(box.value);
    count();
    if (!event.detail.requestConfig?.triggeringEvent?.type?.startsWith("netdash:")) return void (moved = "");
    const now = new Map(boxes().map((box) => [box.value, name(box)]));
    const gone = [...before].filter(([id]) => !now.has(id)).map(([, words]) => words);
    const come = [...now].filter(([id]) => !before.has(id)).map(([, words]) => words);
    const say = (words, names) => (names.length ? `${words}: ${names.slice(0, 5).join(", ")}${names.length > 5 ? " …" : ""}. ` : "");
    const out = document.getElementById("cleanup-moved");
    moved = say("No longer in the list", gone) + say("New in the list", come) || moved; // said until one asks anew
    if (out && moved) {
      out.textContent = moved;
      out.className = "note";
    }
  });
  count();
})();
