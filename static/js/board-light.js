// Highlight: what is lit is cloned above a scrim, so its cost depends on what is lit.
// One thing at a time decides: a search, else the selection, else what is hovered or focused.
"use strict";
if (window.board) (() => {
  const { wrap, canvas } = board, layer = document.getElementById("ov");
  const NS = "http://www.w3.org/2000/svg", HOVER_AFTER = 140;
  const tip = document.createElement("div");
  tip.id = "tip";
  tip.hidden = true;
  document.body.append(tip);
  let hits = null, aim = "", near = null, timer = 0;

  const words = (element) => (element.dataset.n || "").split(" ").filter(Boolean);
  // A card stands for its networks, a ring for the one that it lies on, a name for its line's.
  const networksNear = (link) => words(link).length ? words(link) : link.matches("a.j") ? [link.firstElementChild.dataset.r] : words(link.closest("[data-n]"));
  const original = (element) => !element.closest("#ov");

  function networksOf(id) {
    const [link] = board.find(id);
    if (!link) return [];
    return link.classList.contains("c") ? words(link) : [id];
  }

  // Everything that touches one of these networks, and the thing itself.
  function lightNetworks(ids, self) {
    const wanted = new Set(ids), found = [];
    for (const element of canvas.querySelectorAll("[data-n]"))
      if (original(element) && (words(element).some((id) => wanted.has(id)) || element === self)) found.push(element);
    return found;
  }

  function lightHits() {
    const found = [];
    for (const link of canvas.querySelectorAll("a.c, a.n"))
      if (original(link) && hits.has(board.idOf(link))) found.push(link.classList.contains("n") ? link.closest("[data-n]") : link);
    return found;
  }

  function paint(elements) {
    const root = document.createElementNS(NS, "svg");
    root.setAttribute("width", board.width());
    root.setAttribute("height", board.height());
    root.setAttribute("class", canvas.classList[0]);
    const scrim = document.createElementNS(NS, "rect");
    for (const [key, value] of Object.entries({ class: "scrim", x: -4000, y: -4000, width: board.width() + 8000, height: board.height() + 8000 })) scrim.setAttribute(key, value);
    root.append(scrim);
    const groups = new Map();
    for (const element of elements) {
      const section = element.closest("section.pn");
      if (!groups.has(section)) {
        const group = document.createElementNS(NS, "g");
        const { x, y } = section ? board.placeOf(section) : { x: 0, y: 0 };
        group.setAttribute("transform", `translate(${x} ${y})`);
        if (section) group.setAttribute("class", "pn-lit");
        groups.set(section, group);
      }
      const copy = element.cloneNode(true);
      if (element === near) copy.classList.add("focused");
      if (hits && element.matches("a.c")) copy.classList.add("hit");
      if (aim && element.matches("a.c") && board.idOf(element) === aim) copy.classList.add("aim");
      groups.get(section).append(copy);
    }
    root.append(...groups.values());
    layer.classList.toggle("soft", !hits && !board.selected);
    layer.replaceChildren(root);
  }

  function render() {
    let elements = [];
    if (hits) elements = lightHits();
    else if (board.selected && board.find(board.selected).length) elements = lightNetworks(networksOf(board.selected), board.find(board.selected)[0]);
    else if (near) elements = lightNetworks(networksNear(near), near);
    if (!elements.length && !hits) layer.replaceChildren();
    else paint(elements);
  }

  board.light = {
    render,
    hits(ids, focus) { hits = ids; aim = focus || ""; render(); },
  };

  function come(link, wait) {
    clearTimeout(timer);
    timer = setTimeout(() => { near = link; if (!hits && !board.selected) render(); }, wait);
  }
  function leave() {
    clearTimeout(timer);
    tip.hidden = true;
    if (!near) return;
    near = null;
    if (!hits && !board.selected) render();
  }
  function showTip(link) {
    const text = link.getAttribute("aria-label");
    if (!text || !link.isConnected || !link.matches(":hover")) return;
    tip.textContent = text;
    tip.hidden = false;
    const box = link.getBoundingClientRect(), size = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(4, Math.min(box.left, innerWidth - size.width - 8))}px`;
    tip.style.top = `${box.bottom + size.height + 12 < innerHeight ? box.bottom + 6 : box.top - size.height - 6}px`;
  }

  let tipTimer = 0;
  canvas.addEventListener("pointerover", (event) => {
    const link = event.target.closest("a.c, a.n, a.j");
    clearTimeout(tipTimer);
    if (!link) return leave();
    come(link, HOVER_AFTER);
    tipTimer = setTimeout(() => showTip(link), 450);
  });
  canvas.addEventListener("pointerleave", () => { clearTimeout(tipTimer); leave(); });
  canvas.addEventListener("click", () => { clearTimeout(tipTimer); tip.hidden = true; });
  wrap.addEventListener("scroll", () => { clearTimeout(tipTimer); tip.hidden = true; }, { passive: true });
  canvas.addEventListener("focusin", (event) => {
    const link = event.target.closest("a.c, a.n, a.j");
    if (link && link.matches(":focus-visible")) come(link, 0);
    else leave();
  });
  canvas.addEventListener("focusout", leave);
  board.hear("board:select", render);
  board.hear("board:swap", () => { if (near && !near.isConnected) near = document.activeElement?.closest?.("#board a.c, #board a.n") || null; render(); });
})();
