// Jobs: a bell for a job becomes, at most four times a second, the event netdash:job-7 on the body
// for its page, and less often netdash:job for the panel and the list: they fetch themselves anew.
"use strict";
(() => {
  const QUIET_MS = 250, PANEL_MS = 600, LOOK_MS = 3000; // bells may be lost: while something moves, look all the same
  const rung = new Set();
  let timer = 0, rungAt = 0, panelTimer = 0, panelAt = 0;

  const tell = (name) => document.body.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: {} }));

  function ring() {
    timer = 0;
    if (document.hidden) return; // what nobody sees waits until it is seen
    rungAt = Date.now();
    if (!panelTimer) panelTimer = setTimeout(ringPanel, Math.max(0, panelAt + PANEL_MS - rungAt));
    for (const id of rung) tell(`netdash:job-${id}`);
    rung.clear();
  }

  function ringPanel() {
    panelTimer = 0;
    panelAt = Date.now();
    tell("netdash:job");
  }

  function ringSoon() {
    if (!timer) timer = setTimeout(ring, Math.max(0, rungAt + QUIET_MS - Date.now()));
  }

  const ringShown = () => {
    for (const shown of document.querySelectorAll("#job [data-job]")) rung.add(shown.dataset.job);
    ringSoon();
  };

  document.addEventListener("netdash:bell", (event) => {
    if (event.detail.job) { rung.add(event.detail.job); ringSoon(); }
    else ringShown();
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && rung.size) ringSoon(); });
  setInterval(() => {
    if (!document.hidden && document.querySelector("[data-moving]") && Date.now() > rungAt + LOOK_MS) ringShown();
  }, LOOK_MS);

  // A button under a pressed pointer stays until it is let go, else the click would be lost.
  let pressed = null;
  const missed = new Map();
  document.addEventListener("pointerdown", (event) => { pressed = event.target; });
  const release = () => {
    pressed = null;
    setTimeout(() => {
      const events = [...missed];
      missed.clear();
      for (const [name, detail] of events) document.body.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
    });
  };
  for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, release);
  document.addEventListener("pointermove", (event) => { if (pressed && !event.buttons) release(); });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const cause = event.detail.requestConfig?.triggeringEvent;
    if (event.detail.target?.id === "jobs-panel" && goesBack(event.detail)) event.detail.shouldSwap = false;
    if (event.detail.target?.id === "jobs-panel" && cause?.type?.startsWith("netdash:") && mayStay(event.detail)) event.detail.shouldSwap = false;
    if (!cause?.type?.startsWith("netdash:") || !pressed || !event.detail.target?.contains(pressed)) return;
    event.detail.shouldSwap = false;
    event.stopImmediatePropagation();
    missed.set(cause.type, cause.detail);
  }, true);

  // An answer that was overtaken by a newer one is old news.
  function goesBack({ target, xhr }) {
    const next = new DOMParser().parseFromString(xhr.responseText, "text/html");
    const count = (root, id) => Number(root.querySelector(`[data-job="${id}"] [role="progressbar"]`)?.getAttribute("aria-valuenow") ?? NaN);
    return [...target.querySelectorAll("[data-job]")].some((card) => count(next, card.dataset.job) < count(target, card.dataset.job));
  }

  // A job that ended well leaves by itself, but not while somebody is at it.
  const AGAIN_MS = 3000;
  let leaving = 0;
  const isAt = (panel) => panel.matches(":hover, :focus-within");
  const mayStay = ({ target, xhr }) =>
    isAt(target) && target.querySelector("[data-leaves]:not([data-moving])") && !xhr.responseText.includes("data-moving");

  function leaveLater() {
    clearTimeout(leaving);
    const seconds = document.querySelector("#jobs-panel [data-leaves]")?.dataset.leaves;
    if (seconds) leaving = setTimeout(leave, seconds * 1000);
  }

  function leave() {
    const panel = document.getElementById("jobs-panel");
    if (document.hidden || isAt(panel)) leaving = setTimeout(leave, AGAIN_MS);
    else htmx.trigger(panel, "netdash:leave");
  }
  leaveLater();

  // Who listens hears a job begin, its quarters and its end, not every step.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id !== "jobs-panel") return;
    leaveLater();
    const words = event.detail.target.querySelector("[data-said]")?.dataset.said || "";
    const place = document.getElementById("jobs-said");
    if (place.textContent !== words) place.textContent = words;
  });
})();
