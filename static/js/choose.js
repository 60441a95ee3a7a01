// Rows of a list that are ticked: they stay so when the list refreshes, sorts or turns its page.
// Shift and click ticks all between; one box ticks all that match. No business rule lives here.
"use strict";
(() => {
  const form = document.getElementById("choose"), list = document.getElementById("list");
  if (!form || !list) return;
  const { name, noun } = form.dataset, chosen = new Set();
  let last = "", matching = null; // the query whose every match is chosen

  const boxes = () => [...list.querySelectorAll(`input[form="choose"][name="${name}"]`)];
  const every = () => list.querySelector('input[name="matching"]');
  const header = () => list.querySelector(".choose-shown");

  function show() {
    const all = boxes(), box = every(), top = header();
    if (matching !== null && box?.value !== matching) matching = null;
    if (box) box.checked = matching !== null;
    for (const one of all) {
      one.checked = matching !== null || chosen.has(one.value);
      one.disabled = matching !== null;
    }
    if (top) {
      top.checked = all.length > 0 && all.every((one) => one.checked);
      top.indeterminate = !top.checked && all.some((one) => one.checked);
      top.disabled = matching !== null;
    }
    const count = matching === null ? chosen.size : Number(box.dataset.count);
    form.hidden = !count;
    document.body.classList.toggle("is-choosing", Boolean(count));
    form.querySelector("[role=status]").textContent = `${count} ${noun}${count === 1 ? "" : "s"} chosen`;
  }

  function tick(one, isOn) {
    if (isOn) chosen.add(one.value);
    else chosen.delete(one.value);
  }

  list.addEventListener("click", (event) => {
    const one = event.target;
    if (!one.matches?.('input[type="checkbox"]')) return;
    if (one === every()) matching = one.checked ? one.value : null;
    else if (one === header()) for (const each of boxes()) tick(each, one.checked);
    else if (one.name === name) {
      const all = boxes(), from = all.findIndex((each) => each.value === last), to = all.indexOf(one);
      const between = event.shiftKey && from >= 0 ? all.slice(Math.min(from, to), Math.max(from, to) + 1) : [one];
      for (const each of between) tick(each, one.checked);
      last = one.value;
    } else return;
    show();
  });

  form.addEventListener("click", (event) => {
    if (!event.target.closest("[data-clear]")) return;
    chosen.clear();
    matching = null;
    show();
  });

  // What is ticked on other pages of the list goes along.
  form.addEventListener("submit", () => {
    for (const old of form.querySelectorAll("input[data-elsewhere]")) old.remove();
    const here = new Set(boxes().map((one) => one.value));
    if (matching === null) for (const value of chosen) {
      if (here.has(value)) continue;
      const input = Object.assign(document.createElement("input"), { type: "hidden", name, value });
      input.dataset.elsewhere = "";
      form.append(input);
    }
  });

  document.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target === list) show(); });
  form.querySelector("[data-clear]").hidden = false;
  window.addEventListener("pageshow", show);
  show();
})();
