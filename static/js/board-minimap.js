// The minimap: one rectangle a panel, one for what is seen; a press goes there.
"use strict";
if (window.board?.zoom) (() => {
  const { wrap } = board, frame = document.getElementById("minimap");
  if (!frame) return;
  const NS = "http://www.w3.org/2000/svg", WIDE = 180, HIGH = 130;
  let svg = null, pane = null, waiting = false;

  const rect = (x, y, width, height, name) => {
    const made = document.createElementNS(NS, "rect");
    for (const [key, value] of Object.entries({ x, y, width, height, class: name })) made.setAttribute(key, value);
    return made;
  };

  function build() {
    const width = board.width(), height = board.height(), scale = Math.min(WIDE / width, HIGH / height);
    svg = document.createElementNS(NS, "svg");
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("width", Math.max(40, width * scale));
    svg.setAttribute("height", Math.max(24, height * scale));
    svg.setAttribute("aria-hidden", "true");
    for (const section of board.sections()) {
      const { x, y } = board.placeOf(section), inner = section.firstElementChild;
      const wide = Number(inner.getAttribute("width")), high = Number(inner.getAttribute("height"));
      svg.append(rect(x, y, wide, high, "place"));
      if (!inner.querySelector("a.pt[data-warning]")) continue;
      const dot = Math.min(4 / scale, wide, high);
      svg.append(rect(x + wide - dot, y, dot, dot, "warned"));
    }
    pane = rect(0, 0, 0, 0, "window");
    svg.append(pane);
    frame.replaceChildren(svg);
    later();
  }

  function update() {
    waiting = false;
    if (!board.canvas.dataset.zoom) return;
    const { s, x, y } = board.zoom.origin();
    const seen = { x: (wrap.scrollLeft - x) / s, y: (wrap.scrollTop - y) / s, width: wrap.clientWidth / s, height: wrap.clientHeight / s };
    frame.hidden = seen.x <= 0 && seen.y <= 0 && seen.x + seen.width >= board.width() && seen.y + seen.height >= board.height();
    for (const [key, value] of Object.entries(seen)) pane.setAttribute(key, value);
  }
  // In the frame's own layout, not in one more of its own.
  function later() { if (!waiting) { waiting = true; requestAnimationFrame(update); } }

  function go(event) {
    const box = svg.getBoundingClientRect(), { s, x, y } = board.zoom.origin();
    const px = ((event.clientX - box.left) / box.width) * board.width(), py = ((event.clientY - box.top) / box.height) * board.height();
    wrap.scrollTo({ left: px * s + x - wrap.clientWidth / 2, top: py * s + y - wrap.clientHeight / 2, behavior: "instant" });
  }
  frame.addEventListener("pointerdown", (event) => { event.preventDefault(); frame.setPointerCapture(event.pointerId); go(event); });
  frame.addEventListener("pointermove", (event) => { if (event.buttons) go(event); });

  wrap.addEventListener("scroll", later, { passive: true });
  board.hear("board:zoom", later);
  board.hear("board:swap", build);
  build();
})();
