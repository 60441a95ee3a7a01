// Live: on a new version the board asks for the panels that differ from those it shows, and
// swaps them in place. Focus, selection, scroll and zoom stay; what changed is marked.
"use strict";
if (window.board) (() => {
  const { wrap, canvas } = board, address = canvas.dataset.changes;
  const NS = "http://www.w3.org/2000/svg";
  let running = false, again = false, asked = "", retry = 0;

  const keyOf = (element) => (element.matches("a") ? element.getAttribute("href") : `${element.getAttribute("class")} ${element.dataset.n}`);
  const look = (element) => element.outerHTML.replace(/ transform="[^"]*"| tabindex="[^"]*"| (selected|focused|chosen)\b/g, "");

  // Mark what differs from before, and give the cards that stand on other networks.
  function mark(section, before) {
    const svg = section.firstElementChild, moved = [];
    for (const element of section.querySelectorAll("a.c, g.ln")) {
      const old = before?.get(keyOf(element));
      if (old === look(element)) continue;
      if (element.matches("g.ln") && old !== undefined) continue; // its stubs follow its cards
      if (element.matches("a.c") && !old?.includes(` data-n="${element.dataset.n}"`)) moved.push(element);
      const shape = element.matches("a.c") ? element.querySelector("rect:not(.be)") : element.querySelector("a.n");
      const box = shape.getBBox(), matrix = element.matches("a.c") ? element.transform.baseVal.consolidate()?.matrix : null;
      const frame = document.createElementNS(NS, "rect");
      const place = { x: box.x + (matrix?.e || 0) - 3, y: box.y + (matrix?.f || 0) - 3, width: box.width + 6, height: box.height + 6, rx: 9, class: "mark" };
      for (const [key, value] of Object.entries(place)) frame.setAttribute(key, value);
      svg.append(frame);
      setTimeout(() => frame.remove(), 2600);
    }
    return moved;
  }

  const remember = (section) => new Map([...section.querySelectorAll("a.c, g.ln")].map((element) => [keyOf(element), look(element)]));

  // What is the same stays: to put it in anew costs its style and layout.
  function renew(old, fresh) {
    if (look(old) === look(fresh)) return;
    board.settleTabs(fresh);
    old.replaceWith(document.adoptNode(fresh));
  }

  function swap(text) {
    const page = new DOMParser().parseFromString(text, "text/html"), root = page.getElementById("changes");
    if (!root) throw new Error("no changes in the answer");
    // Another density, or nothing left: that is another page.
    if (!canvas.classList.contains(root.dataset.density) || !root.dataset.order) return location.reload();
    const focused = document.activeElement?.closest?.("#board a"), focus = focused?.getAttribute("href");
    board.zoom?.begin(); // else it would begin after this place was noted
    const keepPosition = { left: wrap.scrollLeft, top: wrap.scrollTop };
    const resized = root.dataset.width !== canvas.dataset.width || root.dataset.height !== canvas.dataset.height;
    Object.assign(canvas.dataset, { width: root.dataset.width, height: root.dataset.height, version: root.dataset.version });
    const places = page.getElementById("places").textContent, pos = document.getElementById("pos");
    if (pos.textContent !== places) { pos.textContent = places; board.readPlaces(); } // restyles the page
    const order = new Set(root.dataset.order.split(" ").filter(Boolean));
    for (const section of board.sections()) if (!order.has(section.id)) section.remove();
    const marks = [];
    for (const fresh of root.querySelectorAll("section.pn")) {
      const next = document.adoptNode(fresh), old = document.getElementById(next.id);
      marks.push([next, old ? remember(old) : null]);
      if (old) old.replaceWith(next);
      else canvas.insertBefore(next, document.getElementById("ov"));
      board.settleTabs(next);
    }
    for (const id of ["gradients", "streets"]) renew(document.getElementById(id), page.getElementById(id));
    // Only once the picture is there: to measure where the marks go costs a layout.
    requestAnimationFrame(() => setTimeout(() => {
      const cards = marks.flatMap(([section, before]) => (section.isConnected ? mark(section, before) : []));
      board.tell("board:marked", { version: root.dataset.version, cards });
    }));
    if (focus && !focused.isConnected) {
      const link = [...canvas.querySelectorAll("a")].find((found) => found.getAttribute("href") === focus);
      link?.focus({ preventScroll: true });
    }
    board.markSelected();
    if (resized) { board.zoom.commit(); wrap.scrollTo({ ...keepPosition, behavior: "instant" }); }
    board.tell("board:swap", { version: root.dataset.version });
  }

  async function refresh() {
    if (running) { again = true; return; }
    clearTimeout(retry);
    running = true;
    try {
      const url = new URL(address, location.href);
      for (const [key, value] of new URL(location.href).searchParams) if (key !== "q" && key !== "selected") url.searchParams.append(key, value);
      url.searchParams.set("have", [...board.sections()].map((section) => section.dataset.sign).join("."));
      const answer = await fetch(url, { headers: { "HX-Request": "true" } });
      if (answer.redirected) return location.reload(); // signed out meanwhile
      if (answer.ok) swap(await answer.text());
      else if (answer.status >= 500) throw new TypeError(String(answer.status)); // away for a moment
    } catch (error) {
      retry = setTimeout(refresh, 3000);
      if (!(error instanceof TypeError)) console.error(error);
    } finally {
      running = false;
      if (again) { again = false; refresh(); }
    }
  }

  document.body.addEventListener("netdash:version", (event) => {
    const version = String(event.detail.version);
    if (version === canvas.dataset.version || (running && version === asked)) return;
    asked = version;
    refresh();
  });
  board.refresh = refresh;
})();
