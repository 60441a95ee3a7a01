// Hands: what may be changed on the drawing itself. Every gesture ends in a sheet that says first
// what it would mean: container then network, card dragged onto a bus, a ring.
"use strict";
if (window.board && document.body.dataset.connect) (() => {
  const { canvas } = board, { connect, disconnect } = document.body.dataset;
  const FAR = 6;
  let last = "";

  const isContainer = (link) => Boolean(link?.classList.contains("c"));
  const cardOf = (id) => board.find(id).find(isContainer);
  const networksOf = (link) => (link?.dataset.n || "").split(" ").filter(Boolean);
  const laneAt = (x, y) => document.elementsFromPoint(x, y).map((hit) => hit.closest?.("#board g.ln")).find(Boolean);

  function compose(address, ids, network) {
    const url = new URL(address, location.href);
    for (const id of ids) url.searchParams.append("container", id);
    if (network) url.searchParams.set("network", full(network));
    return url.pathname + url.search;
  }

  // Sheets of a network name it whole; the drawing has only the beginning of its id.
  function full(network) {
    const slot = document.querySelector(`[id^="change-sheet-${CSS.escape(network)}"]`);
    return slot ? slot.id.replace("change-sheet-", "") : network;
  }

  // The address is asked for once the details of what is selected are there.
  async function open(id, findAddress) {
    if (board.selected !== id || !document.querySelector("#inspector [data-sheet]")) await board.select(id);
    const slot = document.querySelector("#inspector [data-sheet]");
    if (slot) await htmx.ajax("GET", findAddress(), { target: slot, swap: "innerHTML" });
  }
  const openSheet = (id, address, ids, network) => open(id, () => compose(address, ids, network));

  // A container, then a network: shall they be connected?
  board.hear("board:select", ({ id }) => {
    const before = last, card = cardOf(before);
    last = id;
    if (!id || !before || !card || cardOf(id) || networksOf(card).includes(id)) return;
    const loaded = new MutationObserver(() => {
      if (!document.querySelector(`#inspector [data-selected="${CSS.escape(id)}"]`)) return;
      loaded.disconnect();
      if (board.selected === id) openSheet(id, connect, [before], id);
    });
    loaded.observe(document.getElementById("inspector"), { childList: true, subtree: true });
    setTimeout(() => loaded.disconnect(), 8000);
  });

  // A ring is an endpoint, which can end; one that stands for several containers asks which.
  canvas.addEventListener("click", (event) => {
    const ring = event.target.closest("a.j");
    if (!ring || event.button || event.shiftKey || event.metaKey || event.ctrlKey) return;
    const address = ring.getAttribute("href"), network = ring.firstElementChild.dataset.r;
    const ids = new URL(address, location.href).searchParams.getAll("container");
    event.preventDefault();
    event.stopPropagation();
    last = "";
    if (address.includes("?")) open(ids[0] || network, () => address);
    else board.select(network, address); // too many to ask
  }, true);

  // A card is taken and dropped on a bus.
  let grip = null;
  const ghost = document.createElement("div");
  ghost.id = "ghost";
  ghost.hidden = true;
  document.body.append(ghost);

  canvas.addEventListener("pointerdown", (event) => {
    const card = event.target.closest("a.c:not(.tab)");
    if (!card || event.button || event.pointerType === "touch" || event.shiftKey || card.dataset.open) return;
    event.stopPropagation(); // else the board pans
    grip = { id: board.idOf(card), on: networksOf(card), x: event.clientX, y: event.clientY, far: false, words: card.getAttribute("aria-label").split(",")[0] };
  });

  window.addEventListener("pointermove", (event) => {
    if (!grip) return;
    if (!grip.far && Math.hypot(event.clientX - grip.x, event.clientY - grip.y) < FAR) return;
    grip.far = true;
    aim(laneAt(event.clientX, event.clientY));
    ghost.hidden = false;
    ghost.style.translate = `${event.clientX + 12}px ${event.clientY + 8}px`;
    ghost.textContent = grip.target ? `Connect ${grip.words} to ${grip.target.querySelector("a.n").getAttribute("aria-label").split(",")[0]}` : grip.words;
  });

  function aim(lane) {
    const network = lane?.dataset.n;
    const target = network && !grip.on.includes(network) ? canvas.querySelector(`section g.ln[data-n="${CSS.escape(network)}"]`) && lane : null;
    if (target === grip.target) return;
    grip.target?.classList.remove("target");
    target?.classList.add("target");
    grip.target = target;
  }

  function drop(isMeant) {
    const { far, target, id } = grip || {};
    target?.classList.remove("target");
    ghost.hidden = true;
    grip = null;
    if (far) swallowClick();
    if (!far || !isMeant || !target) return;
    last = "";
    openSheet(target.dataset.n, connect, [id], target.dataset.n);
  }

  function swallowClick() {
    const swallow = (event) => { event.preventDefault(); event.stopPropagation(); };
    window.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => window.removeEventListener("click", swallow, { capture: true }));
  }
  window.addEventListener("pointerup", () => { if (grip) drop(true); });
  window.addEventListener("pointercancel", () => { if (grip) drop(false); });
  window.addEventListener("keydown", (event) => { if (event.key === "Escape" && grip) drop(false); }, true);

  document.addEventListener("keydown", (event) => {
    const card = document.activeElement?.closest?.("#board a.c:not(.tab)");
    const act = { c: connect, d: disconnect }[event.key];
    if (!card || !act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (card.dataset.open) return; // several: Enter shows each of them
    const id = board.idOf(card), [network, ...others] = networksOf(card);
    last = "";
    openSheet(id, act, [id], act === disconnect && !others.length ? network : "");
  });
})();
