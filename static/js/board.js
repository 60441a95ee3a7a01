// The board: what the other board-*.js files share. Elements, places, selection, the inspector.
"use strict";
window.board = (() => {
  const wrap = document.getElementById("wrap");
  const canvas = document.getElementById("board");
  if (!wrap || !canvas) {
    // Nothing is drawn yet: the next reading may hold something.
    if (document.getElementById("empty")) document.body.addEventListener("netdash:version", () => location.reload());
    return null;
  }
  const inspector = document.getElementById("inspector");
  const board = { wrap, canvas, sizer: document.getElementById("sizer"), selected: "" };

  board.width = () => Number(canvas.dataset.width);
  board.height = () => Number(canvas.dataset.height);
  board.sections = () => canvas.querySelectorAll("section.pn");
  board.links = () => canvas.querySelectorAll("a.pt, a.n, a.c");
  board.tell = (name, detail) => wrap.dispatchEvent(new CustomEvent(name, { detail }));
  board.hear = (name, listen) => wrap.addEventListener(name, (event) => listen(event.detail));

  // A container's or network's short id is the last part of its address.
  board.idOf = (link) => (link.classList.contains("pt") ? "" : (link.getAttribute("href") || "").split("/").pop().slice(0, 12));
  board.find = (id) => [...canvas.querySelectorAll(`a[href$="/${CSS.escape(id)}"]`)].filter((link) => !link.closest("#ov"));

  // Places of panels, from the one style element that holds them.
  let places = new Map();
  board.readPlaces = () => {
    const text = document.getElementById("pos").textContent;
    places = new Map([...text.matchAll(/#(\w+)\{transform:translate\(([-\d.]+)px,([-\d.]+)px\)/g)]
      .map(([, id, x, y]) => [id, { x: Number(x), y: Number(y) }]));
  };
  board.placeOf = (section) => places.get(section.id) || { x: 0, y: 0 };
  board.readPlaces();

  // Where something stands on the board, once its panel has arrived there.
  board.boxOf = (element) => {
    const section = element.closest("section.pn"), base = section ? board.placeOf(section) : { x: 0, y: 0 };
    const { x, y, width, height } = element.getBBox(), matrix = element.transform.baseVal.consolidate()?.matrix;
    return { x: base.x + x + (matrix?.e || 0), y: base.y + y + (matrix?.f || 0), width, height };
  };

  // Tab stops are the panels' titles; arrows reach everything else.
  board.settleTabs = (root) => {
    for (const link of root.querySelectorAll("a.n, a.c, a.j")) link.tabIndex = -1;
    if (document.body.dataset.connect) return;
    // Who may only look is led to the network of a ring.
    for (const ring of root.querySelectorAll("a.j")) ring.ariaLabel = ring.ariaLabel.replace(/, disconnect( one)?$/, "");
  };
  board.settleTabs(canvas);

  board.setQuery = (name, value) => {
    const address = new URL(location.href);
    if (value) address.searchParams.set(name, value);
    else address.searchParams.delete(name);
    history.replaceState(history.state, "", address);
  };

  board.markSelected = () => {
    for (const link of canvas.querySelectorAll("a.selected")) link.classList.remove("selected");
    if (board.selected) for (const link of board.find(board.selected)) link.classList.add("selected");
  };

  // Keep a link in view after the inspector took its part of the width.
  board.reveal = (link) => {
    board.zoom?.begin();
    const seen = wrap.getBoundingClientRect(), box = link.getBoundingClientRect(), margin = 54;
    const past = (low, high, from, to) => (low < from + margin ? low - from - margin : high > to - margin ? high - to + margin : 0);
    const left = past(box.left, box.right, seen.left, seen.right), top = past(box.top, box.bottom, seen.top, seen.bottom);
    if (left || top) wrap.scrollBy({ left, top, behavior: "instant" });
  };

  board.select = async (id, href, { load = true } = {}) => {
    board.selected = id;
    board.setQuery("selected", id);
    board.markSelected();
    board.tell("board:select", { id });
    if (!load || !inspector) return;
    const address = href || board.find(id)[0]?.getAttribute("href");
    if (!address) return;
    await htmx.ajax("GET", address, { target: "#inspector", swap: "innerHTML" });
    const [link] = board.find(id);
    if (link && board.selected === id) board.reveal(link);
  };

  board.clearSelection = () => {
    if (!board.selected) return;
    const [link] = board.find(board.selected);
    board.selected = "";
    board.setQuery("selected", "");
    board.markSelected();
    if (inspector) inspector.replaceChildren();
    board.tell("board:select", { id: "" });
    link?.focus({ preventScroll: true });
  };

  board.unfold = (key) => {
    const address = new URL(location.href);
    address.searchParams.append("open", key);
    location.assign(address);
  };

  board.follow = (link) => {
    if (link.dataset.open) board.unfold(link.dataset.open);
    else board.select(board.idOf(link), link.getAttribute("href"));
  };

  // What a click near a thin line means: the bus or ring under the pointer or 6 px beside it.
  function findNetwork(event) {
    for (const [dx, dy] of [[0, 0], [0, -6], [0, 6], [-6, 0], [6, 0]]) {
      const hit = document.elementFromPoint(event.clientX + dx, event.clientY + dy);
      const ring = hit?.closest?.("#board [data-r]");
      if (ring) return ring.dataset.r;
      const bus = hit?.closest?.("#board .bu, #board .ti");
      if (bus) return bus.closest(".ln").dataset.n;
    }
    return "";
  }

  canvas.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest("a");
    if (link?.classList.contains("pt")) return;
    if (link) event.preventDefault();
    if (link && !link.classList.contains("j")) return board.follow(link);
    const network = link?.firstElementChild.dataset.r || findNetwork(event);
    if (network) board.select(network);
    else board.clearSelection();
  });

  // Links of the inspector lead to the board's own elements while they are on it.
  inspector?.addEventListener("click", (event) => {
    const link = event.target.closest("a.jump");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const id = link.getAttribute("href").replace(/\/$/, "").split("/").pop().slice(0, 12);
    if (!board.find(id).length) return;
    event.preventDefault();
    event.stopPropagation();
    board.select(id, link.getAttribute("href"));
  }, true);

  const toolbar = document.querySelector(".toolbar");
  new MutationObserver(() => toolbar.classList.toggle("yields", Boolean(inspector.firstElementChild))).observe(inspector, { childList: true });
  document.getElementById("inspector-close")?.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    board.clearSelection();
    inspector.replaceChildren(); // a sheet for several is there without a selection
  });
  return board;
})();
