// One event stream for the whole page. It tells everybody "there is version N" as the event
// netdash:version on the body, and keeps the status pill true.
"use strict";
(() => {
  const address = document.body.dataset.stream;
  const pill = document.getElementById("live");
  if (!address || !window.EventSource) return;
  const SILENCE = 40_000; // the server pings every 15 s
  const words = { live: "Live", stale: "Stale", reconnecting: "Reconnecting", away: "Away", unknown: "Not read yet" };
  const AGEING = ["stale", "reconnecting", "away"]; // what is seen is as it was then
  let source = null, heardAt = 0, seenAt = Date.now(), version = Number(document.body.dataset.version || 0), retry = 1000, timer = 0, status = null, opened = 0;

  const say = (name, detail) =>
    document.body.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));

  function tell(since) {
    const then = new Date(since), isToday = then.toDateString() === new Date().toDateString();
    return isToday
      ? then.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" })
      : then.toLocaleString([], { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  }
  const describe = ({ state, since }) => words[state] + (since && AGEING.includes(state) ? ` since ${tell(since)}` : "");

  // The server wrote its own clock: notices tell the time of the browser, as the pill does.
  function retell() {
    for (const told of document.querySelectorAll("#notices [data-since]")) told.textContent = told.dataset.state ? describe(told.dataset) : tell(told.dataset.since);
  }
  document.addEventListener("htmx:afterSwap", retell);
  retell();

  function show(next) {
    const isBack = next.state === "live" && status && status.state !== "live";
    status = next;
    // Nobody reads an engine that is switched off, until it comes alive.
    if (pill && (pill.dataset.state !== "off" || isBack)) {
      pill.dataset.state = next.state;
      const text = pill.querySelector(".live-text") || pill;
      text.textContent = describe(next);
      pill.title = [next.sentence, next.remedy].filter(Boolean).join(" ");
    }
    say("netdash:status", next);
  }

  function interrupt() {
    const since = AGEING.includes(status?.state) ? status.since : new Date(seenAt).toISOString();
    show({ state: "reconnecting", since, sentence: "The connection to netdash is interrupted.", remedy: "" });
  }

  function open() {
    clearTimeout(timer);
    source?.close();
    source = new EventSource(address);
    heardAt = Date.now();
    for (const name of ["open", "ping", "snapshot", "status"])
      source.addEventListener(name, () => { heardAt = seenAt = Date.now(); retry = 1000; });
    source.addEventListener("snapshot", (event) => {
      const found = JSON.parse(event.data).version;
      if (found === version) return;
      version = found;
      say("netdash:version", { version });
    });
    source.addEventListener("status", (event) => show(JSON.parse(event.data)));
    source.addEventListener("job", (event) => say("netdash:bell", JSON.parse(event.data)));
    source.addEventListener("journal", () => say("netdash:journal", {}));
    source.addEventListener("open", () => { if (opened++) say("netdash:bell", {}); }); // what was missed
    source.onerror = () => {
      const gone = source.readyState === EventSource.CLOSED;
      interrupt();
      if (gone) { // refused (signed out, server restarting): EventSource itself does not try again
        timer = setTimeout(open, retry);
        retry = Math.min(retry * 2, 15_000);
      }
    };
  }

  // A sleeping browser wakes with a dead connection that looks open.
  const wake = () => { if (source?.readyState !== EventSource.OPEN || Date.now() - heardAt > SILENCE) open(); };
  document.addEventListener("visibilitychange", () => { if (!document.hidden) wake(); });
  // One that died on the way, without a word to either end, looks open for hours.
  setInterval(() => {
    if (document.hidden || Date.now() - heardAt <= SILENCE) return;
    interrupt();
    open();
  }, 5_000);
  window.addEventListener("online", open);
  window.addEventListener("pageshow", (event) => { if (event.persisted) open(); });
  window.addEventListener("pagehide", () => source?.close());
  open();
})();
