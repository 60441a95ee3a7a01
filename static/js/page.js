// Copy buttons, and what must outlive a region that swaps itself: scroll, open folds, focus.
"use strict";
(() => {
  const COPIED_MS = 1500;

  async function copy(button) {
    const value = button.closest(".copyable")?.querySelector(".value");
    if (!value) return;
    try {
      await navigator.clipboard.writeText(value.textContent);
    } catch {
      // Plain http on another machine has no clipboard: leave the text selected instead.
      getSelection().selectAllChildren(value);
      return;
    }
    button.dataset.copied = "";
    setTimeout(() => delete button.dataset.copied, COPIED_MS);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-copy]");
    if (button) copy(button);
  });

  // Keys that change something on the drawing say once why they do not here.
  let { whyNot } = document.body.dataset;
  document.addEventListener("keydown", (event) => {
    const cards = "#board a.c:not(.tab)", links = { c: cards, d: cards, x: `${cards}, #board a.n` }[event.key];
    if (!whyNot || !links || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!document.activeElement?.closest(links)) return;
    toast(whyNot);
    whyNot = "";
  });

  function toast(words) {
    const box = document.createElement("div"), text = document.createElement("span"), close = document.createElement("button");
    box.className = "toast info";
    text.textContent = words;
    Object.assign(close, { type: "button", className: "close", ariaLabel: "Close", textContent: "✕" });
    box.append(text, close);
    document.getElementById("messages").append(box);
    htmx.trigger(box, "htmx:load", { elt: box }); // it leaves like the others
  }

  // The same words again change nothing: a selection stays, nothing blinks.
  const lastTexts = new WeakMap();
  let kept = null;

  function listOpen(root) {
    return [...root.querySelectorAll("details[data-keep][open]")].map((fold) => fold.dataset.keep);
  }

  function findScroller(element) {
    for (let found = element; found; found = found.parentElement) {
      if (found.scrollTop > 0) return found;
    }
    return null;
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { elt, target, xhr, requestConfig } = event.detail;
    // What is gone answers 404 with what was there last: that is worth showing.
    if (xhr.status === 404 && target?.closest("#inspector, #sheet")) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
    const isRefresh = requestConfig?.triggeringEvent?.type?.startsWith("netdash:");
    if (!isRefresh || !target) return;
    if (lastTexts.get(target) === xhr.responseText) {
      event.detail.shouldSwap = false;
      return;
    }
    const wrap = target.querySelector("[data-keep-scroll]");
    const scroller = findScroller(elt);
    kept = {
      text: xhr.responseText,
      open: listOpen(target),
      id: target.id,
      wrapTop: wrap?.scrollTop ?? 0,
      wrapLeft: wrap?.scrollLeft ?? 0,
      scroller,
      top: scroller?.scrollTop ?? 0,
      focus: describeFocus(target),
    };
  });

  // Where an element has no id, its place among its like is good enough.
  function describeFocus(root) {
    const active = document.activeElement;
    if (!active || active === root || !root.contains(active) || active.id) return null;
    const all = [...root.querySelectorAll(active.tagName)];
    return {
      tag: active.tagName,
      index: all.indexOf(active),
      href: active.getAttribute("href"),
      keep: active.parentElement.dataset.keep,
    };
  }

  function restoreFocus(root, focus) {
    if (!focus) return;
    const all = [...root.querySelectorAll(focus.tag)];
    const same = all.find((found) =>
      focus.href
        ? found.getAttribute("href") === focus.href
        : focus.keep && found.parentElement.dataset.keep === focus.keep,
    );
    (same || all[focus.index])?.focus({ preventScroll: true });
  }

  // A version that came while an older answer was on its way: that answer asks once more.
  let newest = 0, again = 0;
  document.addEventListener("netdash:version", (event) => {
    newest = Math.max(newest, event.detail?.version ?? 0);
  });
  document.addEventListener("htmx:afterSettle", () => {
    const sheet = document.getElementById("sheet");
    if (!sheet || Number(sheet.dataset.version) >= newest) return;
    clearTimeout(again);
    again = setTimeout(() => { if (sheet.isConnected) htmx.trigger(sheet, "netdash:again"); }, 100); // the drawing goes first
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (!kept) {
      if (event.detail.target) lastTexts.delete(event.detail.target);
      return;
    }
    const state = kept;
    kept = null;
    const root = document.getElementById(state.id);
    if (!root) return;
    lastTexts.set(root, state.text);
    for (const fold of root.querySelectorAll("details[data-keep]")) {
      fold.open = state.open.includes(fold.dataset.keep);
    }
    const wrap = root.querySelector("[data-keep-scroll]");
    if (wrap) wrap.scrollTo(state.wrapLeft, state.wrapTop);
    if (state.scroller) state.scroller.scrollTop = state.top;
    restoreFocus(root, state.focus);
  });
})();
