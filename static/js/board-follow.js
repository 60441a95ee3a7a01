// After one's own change the view goes gently to what changed, clear of what stands over the
// drawing; never after somebody else's, nor against a hand that moved the view meanwhile.
"use strict";
if (window.board?.zoom) (() => {
  const { wrap, canvas } = board, MARGIN = 40, PATIENCE = 10_000;
  const OVER = "#minimap, .zoom-tools, #chosen, .toast";
  let mine = null;

  document.addEventListener("htmx:beforeRequest", ({ detail: { requestConfig: asked, elt } }) => {
    if (asked.verb !== "post" || !elt.closest(".change, .toast")) return;
    const ids = new URL(asked.path, location.href).searchParams.getAll("container").map((id) => id.slice(0, 12));
    mine = { ids, cards: [], drawn: 0, version: 0, until: performance.now() + PATIENCE };
  });

  // The answer names the version that shows the change; the stream may have told it before.
  document.body.addEventListener("netdash:version", (event) => {
    if (!mine || event.target === document.body) return;
    mine.version = event.detail.version;
    requestAnimationFrame(settle); // with the toast in its place
  });

  board.hear("board:marked", ({ version, cards }) => {
    if (!mine) return;
    mine.drawn = Number(version);
    mine.cards.push(...cards.filter((card) => !mine.ids.length || mine.ids.includes(board.idOf(card))));
    requestAnimationFrame(settle); // in that frame's own layout, not in one more
  });

  for (const name of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    window.addEventListener(name, (event) => { if (!event.target.closest?.("#inspector, #messages")) mine = null; }, { passive: true, capture: true });
  }

  function settle() {
    if (!mine?.version || mine.drawn < mine.version) return;
    const cards = mine.cards.filter((card) => card.isConnected), isLate = performance.now() > mine.until;
    mine = null;
    if (cards.length && !isLate) show(cards);
  }

  // As much as goes into the window: the card, the rings where it joins its lines, the others.
  function show(cards) {
    cards.sort((one, other) => (board.idOf(other) === board.selected) - (board.idOf(one) === board.selected));
    const [first, ...others] = [...cards.slice(0, 1), ...findRings(cards[0]), ...cards.slice(1)].map(place);
    const seen = wrap.getBoundingClientRect();
    const over = [...document.querySelectorAll(OVER)].map((one) => one.getBoundingClientRect()).filter((box) => box.width);
    const foot = Math.max(0, ...over.map((box) => seen.bottom - box.top));
    const fits = (box) => box.right - box.left < wrap.clientWidth - 2 * MARGIN && box.bottom - box.top < wrap.clientHeight - foot - 2 * MARGIN;
    const whole = others.reduce((box, other) => { const both = join(box, other); return fits(both) ? both : box; }, first);
    const past = (low, high, from, to) => {
      if (low >= from && high <= to) return 0;
      return low < from || high - low > to - from - 2 * MARGIN ? low - from - MARGIN : high - to + MARGIN;
    };
    const left = past(whole.left, whole.right, seen.left, seen.left + wrap.clientWidth);
    const meets = over.filter((box) => box.left < whole.right - left + MARGIN && box.right > whole.left - left - MARGIN);
    const top = past(whole.top, whole.bottom, seen.top, Math.min(seen.top + wrap.clientHeight, ...meets.map((box) => box.top)));
    if (left || top) wrap.scrollBy({ left, top, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth" });
  }

  const findRings = (card) => [...(card.closest("section")?.querySelectorAll(`.bk[data-n="${CSS.escape(card.dataset.n)}"] [data-r]`) || [])];
  const join = (one, other) => ({ left: Math.min(one.left, other.left), top: Math.min(one.top, other.top), right: Math.max(one.right, other.right), bottom: Math.max(one.bottom, other.bottom) });

  // Where it will stand: its panel may still be on its way.
  function place(element) {
    const { x, y, width, height } = board.boxOf(element), { s, x: dx, y: dy } = board.zoom.origin(), seen = wrap.getBoundingClientRect();
    const left = seen.left + x * s + dx - wrap.scrollLeft, top = seen.top + y * s + dy - wrap.scrollTop;
    return { left, top, right: left + width * s, bottom: top + height * s };
  }
})();
