// Zoom by CSS transform, pan by native scrolling and by dragging, the minimap.
"use strict";
if (window.board) (() => {
  const { wrap, canvas, sizer } = board;
  const PAD = 8, FOOT = 44 /* under the zoom buttons */, DEEP = 160 /* under the minimap and a toast */, LEAST = 0.05, MOST = 2.5, MOST_TO_FIT = 1.3, COMMIT_AFTER = 140, FEW = 200;
  const label = document.getElementById("zoom-level");
  const memory = `netdash:place:${location.pathname}`;
  let shown = { s: 1, x: PAD, y: PAD }, scrolled = { left: 0, top: 0 }, timer = 0, moving = false, begun = false;

  const limit = (s) => Math.min(MOST, Math.max(LEAST, s));
  const inset = (s) => Math.max(PAD, (wrap.clientWidth - board.width() * s) / 2);

  function draw() {
    canvas.style.transform = `translate(${shown.x}px, ${shown.y}px) scale(${shown.s})`;
    canvas.dataset.zoom = shown.s < 0.36 ? "far" : shown.s < 0.62 ? "mid" : "near";
    if (label) label.textContent = `${Math.round(shown.s * 100)} %`;
  }

  // Make the gesture's picture the real one: crisp, with the scrollable size that belongs to it.
  function commit() {
    clearTimeout(timer);
    const left = wrap.scrollLeft - shown.x, top = wrap.scrollTop - shown.y;
    shown = { s: shown.s, x: inset(shown.s), y: PAD };
    const foot = shown.s > filling() ? DEEP : FOOT;
    sizer.style.width = `${board.width() * shown.s + 2 * shown.x}px`;
    sizer.style.height = `${board.height() * shown.s + 2 * PAD + foot}px`;
    canvas.style.willChange = "auto";
    draw();
    wrap.scrollTo({ left: left + shown.x, top: top + shown.y, behavior: "instant" });
    moving = false;
    noteScroll();
    board.tell("board:zoom");
    remember();
  }

  // The point of the board at (cx, cy) of the window onto it stays where it is.
  function zoomTo(next, cx = wrap.clientWidth / 2, cy = wrap.clientHeight / 2) {
    const s = limit(next);
    const px = (cx + wrap.scrollLeft - shown.x) / shown.s, py = (cy + wrap.scrollTop - shown.y) / shown.s;
    if (!moving) canvas.style.willChange = "transform";
    moving = true;
    shown = { s, x: cx + wrap.scrollLeft - px * s, y: cy + wrap.scrollTop - py * s };
    draw();
    clearTimeout(timer);
    timer = setTimeout(commit, COMMIT_AFTER);
  }

  function show(s, left, top) {
    shown = { s: limit(s), x: inset(limit(s)), y: PAD };
    commit();
    wrap.scrollTo({ left, top, behavior: "instant" });
  }

  // A small board fills the window, as far as its words do not shout.
  const filling = () => Math.min((wrap.clientWidth - 2 * PAD) / board.width(), (wrap.clientHeight - 2 * PAD - FOOT) / board.height(), MOST_TO_FIT);

  function fit() {
    show(filling(), 0, 0);
  }

  function begin() {
    if (begun) return;
    begun = true;
    const kept = recall();
    const base = canvas.classList.contains("d-cards") ? 0.62 : 0.8;
    if (kept && kept.density === canvas.className) show(kept.s, kept.left, kept.top);
    else show(Math.max(filling(), Math.min(1, Math.max(base, (wrap.clientWidth - 2 * PAD) / board.width()))), 0, 0);
    new ResizeObserver(() => { if (!moving) { const { s } = shown; if (Math.abs(inset(s) - shown.x) > 1) commit(); else board.tell("board:zoom"); } }).observe(wrap);
  }

  // Noted while it is known: to ask for it when the page goes would lay the board out once more.
  function noteScroll() { scrolled = { left: wrap.scrollLeft, top: wrap.scrollTop }; }
  wrap.addEventListener("scroll", noteScroll, { passive: true });

  // A browser may keep nothing, or have no room: the board stands all the same.
  function remember() {
    if (!begun) return;
    const kept = { s: shown.s, ...scrolled, density: canvas.className };
    try { sessionStorage.setItem(memory, JSON.stringify(kept)); } catch { /* not kept */ }
  }
  function recall() { try { return JSON.parse(sessionStorage.getItem(memory)); } catch { return null; } }
  window.addEventListener("pagehide", remember);

  // Bring a point of the board to the middle, at a zoom at which names can be read.
  function centre(px, py) {
    const readable = canvas.classList.contains("d-dots") ? 1 : 0.7;
    if (shown.s < readable) { shown = { s: readable, x: inset(readable), y: PAD }; commit(); }
    wrap.scrollTo({ left: px * shown.s + shown.x - wrap.clientWidth / 2, top: py * shown.s + shown.y - wrap.clientHeight / 2, behavior: "instant" });
  }

  const begunThen = (act) => (...given) => { begin(); act(...given); };
  board.zoom = { begin, to: begunThen(zoomTo), by: begunThen((factor, cx, cy) => zoomTo(shown.s * factor, cx, cy)), fit: begunThen(fit), commit: begunThen(commit), centre: begunThen(centre), scale: () => shown.s, origin: () => shown };

  wrap.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const box = wrap.getBoundingClientRect();
    board.zoom.by(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0022)), event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });

  const tools = { "zoom-in": () => board.zoom.by(1.25), "zoom-out": () => board.zoom.by(0.8), "zoom-level": () => board.zoom.to(1), "zoom-fit": () => board.zoom.fit() };
  for (const [id, act] of Object.entries(tools)) document.getElementById(id)?.addEventListener("click", act);

  // Drag to pan; a click that moved is not a click.
  let grip = null;
  wrap.addEventListener("dragstart", (event) => event.preventDefault());
  wrap.addEventListener("pointerdown", (event) => {
    const onScrollbar = event.offsetX > wrap.clientWidth && event.target === wrap;
    if (event.button || event.pointerType === "touch" || onScrollbar || event.target.closest("#minimap")) return;
    grip = { x: event.clientX, y: event.clientY, left: wrap.scrollLeft, top: wrap.scrollTop, far: false };
  });
  window.addEventListener("pointermove", (event) => {
    if (!grip) return;
    const dx = event.clientX - grip.x, dy = event.clientY - grip.y;
    if (!grip.far && Math.hypot(dx, dy) < 5) return;
    if (!grip.far) wrap.classList.add("panning");
    grip.far = true;
    wrap.scrollTo({ left: grip.left - dx, top: grip.top - dy, behavior: "instant" });
  });
  const release = () => {
    if (grip?.far) window.addEventListener("click", (event) => { event.preventDefault(); event.stopPropagation(); }, { capture: true, once: true });
    if (grip?.far) setTimeout(() => wrap.classList.remove("panning"));
    grip = null;
  };
  window.addEventListener("pointerup", release);
  window.addEventListener("pointercancel", release);

  // Of many links the layout takes long: the frame around them is painted first.
  if (board.links().length < FEW || performance.getEntriesByType("paint").length) begin();
  else requestAnimationFrame(() => setTimeout(begin));
})();
