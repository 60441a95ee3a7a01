// The keyboard: arrows walk to the nearest thing, Enter opens it, + - 0 zoom, ? explains, Esc clears.
"use strict";
if (window.board) (() => {
  const { canvas } = board;
  const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  const isTyping = (element) => element?.closest?.("input, textarea, select, [contenteditable]");
  const middle = (box) => ({ x: box.left + box.width / 2, y: box.top + box.height / 2 });

  function findNearest(from, [wx, wy]) {
    const start = middle(from.getBoundingClientRect()), panel = from.closest("section.pn");
    let best = null, least = Infinity;
    for (const link of board.links()) {
      if (link === from || link.closest("#ov")) continue;
      const box = link.getBoundingClientRect();
      if (!box.width) continue;
      const there = middle(box), dx = there.x - start.x, dy = there.y - start.y;
      const along = dx * wx + dy * wy, across = Math.abs(dx * wy) + Math.abs(dy * wx);
      if (along < 2 || across > along * 2.5 + 40) continue;
      const cost = (along + across * 2.2) * (link.closest("section.pn") === panel ? 1 : 3);
      if (cost < least) { least = cost; best = link; }
    }
    return best;
  }

  function walk(event, way) {
    const here = document.activeElement?.closest?.("#board a");
    if (!here && document.activeElement?.id !== "wrap") return;
    const next = here ? findNearest(here, way) : canvas.querySelector("a.pt");
    event.preventDefault();
    if (!next) return;
    next.focus({ preventScroll: true });
    board.reveal(next);
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") { if (!isTyping(event.target)) board.clearSelection(); return; }
    if (isTyping(event.target)) return;
    if (event.key === "/") { event.preventDefault(); const box = document.getElementById("search"); box?.focus(); box?.select(); }
    else if (event.key === "+" || event.key === "=") board.zoom.by(1.25);
    else if (event.key === "-") board.zoom.by(0.8);
    else if (event.key === "0") board.zoom.to(1);
    else if (event.key === "f") board.zoom.fit();
    else if (event.key === "?") document.getElementById("legend")?.toggleAttribute("open");
    else if (WAYS[event.key]) walk(event, WAYS[event.key]);
  });

  // The first arrow on a focused title enters its panel.
  canvas.addEventListener("keydown", (event) => {
    const title = event.target.closest("a.pt");
    if (!title || event.key !== "ArrowDown") return;
    const first = title.closest("section").querySelector("a.n, a.c");
    if (!first) return;
    event.preventDefault();
    first.focus({ preventScroll: true });
    board.reveal(first);
  });
})();
