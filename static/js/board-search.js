// Search: the server says which containers and networks match, by the rule of the lists;
// the board jumps to them and lights them. Enter goes on to the next; a single hit opens.
"use strict";
if (window.board) (() => {
  const box = document.getElementById("search"), address = board.canvas.dataset.search;
  if (!box || !address) return;
  const count = document.createElement("output");
  count.id = "search-count";
  count.setAttribute("aria-live", "polite");
  box.after(count);
  let order = [], place = -1, asked = "", timer = 0, running = null;

  const links = () => order.map((id) => board.find(id)[0]).filter(Boolean);

  function jump(next) {
    const found = links();
    if (!found.length) return;
    place = (next + found.length) % found.length;
    const link = found[place];
    const { x, y, width, height } = board.boxOf(link);
    board.zoom.centre(x + width / 2, y + height / 2);
    show(board.idOf(link));
  }

  function show(aim) {
    const found = links();
    board.light.hits(new Set(order), aim);
    count.textContent = !asked ? "" : found.length ? `${Math.max(place, 0) + 1} of ${found.length}` : "no match";
  }

  async function search(text, { jumps = true } = {}) {
    running?.abort();
    const sent = asked = text.trim();
    board.setQuery("q", asked);
    if (!asked) { clear(); return; }
    running = new AbortController();
    try {
      const url = new URL(address, location.href);
      if (board.canvas.dataset.alone) url.searchParams.set("alone", board.canvas.dataset.alone);
      for (const [key, value] of new URL(location.href).searchParams) url.searchParams.append(key, value);
      const answer = await fetch(url, { signal: running.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = await answer.json();
      if (sent !== asked) return; // the answer's own words may differ: blanks in a row are one
      const held = order[place];
      order = found.ids;
      place = jumps ? -1 : order.indexOf(held); // a refresh stays at the hit that Enter went to
      if (jumps) jump(0);
      show(links()[Math.max(place, 0)] ? board.idOf(links()[Math.max(place, 0)]) : "");
    } catch (error) {
      if (error.name !== "AbortError") count.textContent = "search failed";
    }
  }

  function clear() {
    order = [];
    place = -1;
    asked = "";
    count.textContent = "";
    board.light.hits(null);
  }

  box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => search(box.value), 110); });
  box.addEventListener("keydown", async (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      const was = box.value;
      box.value = "";
      clearTimeout(timer);
      running?.abort();
      board.setQuery("q", "");
      clear();
      if (!was) box.blur();
    } else if (event.key === "Enter") {
      event.preventDefault();
      clearTimeout(timer);
      if (box.value.trim() !== asked) await search(box.value);
      const found = links();
      if (found.length === 1) {
        found[0].focus({ preventScroll: true });
        board.follow(found[0]);
      } else jump(place + (event.shiftKey ? -1 : 1));
    }
  });
  box.form?.addEventListener("submit", (event) => event.preventDefault());
  board.hear("board:swap", () => { if (asked) search(asked, { jumps: false }); });

  const given = new URL(location.href).searchParams.get("q");
  if (given) { box.value = given; search(given); }
})();
