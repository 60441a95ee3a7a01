// Several containers, or several networks, by shift and click or by "x" on the keyboard: one plan
// for all of them.
"use strict";
if (window.board && document.body.dataset.connect) (() => {
  const { wrap, canvas } = board, addresses = document.body.dataset;
  const KINDS = {
    container: { link: "a.c:not(.tab)", acts: { connect: "Connect…", disconnect: "Disconnect…" } },
    network: { link: "a.n", acts: { networksConnect: "Connect a container…", networksRemove: "Remove…" } },
  };
  const chosen = new Set();
  let kind = "container";

  const bar = document.createElement("div");
  bar.id = "chosen";
  bar.hidden = true;
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", "Chosen on the drawing");
  const buttons = Object.values(KINDS).flatMap(({ acts }) => Object.entries(acts));
  bar.innerHTML = `<span role="status"></span>${buttons.map(([act, words]) => `<button type="button" class="button small" data-act="${act}">${words}</button>`).join("")}<button type="button" class="button small" data-act="clear">Clear</button>`;
  wrap.parentElement.append(bar);

  const kindOf = (link) => (link.matches("a.n") ? "network" : "container");

  function choose(link) {
    const id = board.idOf(link);
    if (kindOf(link) !== kind) { chosen.clear(); kind = kindOf(link); }
    if (!chosen.delete(id)) chosen.add(id);
    show();
  }

  function show() {
    for (const link of canvas.querySelectorAll("a.c, a.n")) {
      const isChosen = !link.closest("#ov") && kindOf(link) === kind && chosen.has(board.idOf(link));
      (link.closest("g.ln") && link.matches("a.n") ? link.closest("g.ln") : link).classList.toggle("chosen", isChosen);
    }
    bar.hidden = !chosen.size;
    bar.firstElementChild.textContent = `${chosen.size} ${kind}${chosen.size === 1 ? "" : "s"} chosen`;
    for (const button of bar.querySelectorAll("[data-act]")) {
      button.hidden = button.dataset.act !== "clear" && !(button.dataset.act in KINDS[kind].acts);
    }
  }

  canvas.addEventListener("click", (event) => {
    const link = event.target.closest(`${KINDS.container.link}, ${KINDS.network.link}`);
    if (!link || !event.shiftKey || link.dataset.open) return;
    event.preventDefault();
    event.stopPropagation();
    choose(link);
  }, true);

  document.addEventListener("keydown", (event) => {
    const link = document.activeElement?.closest?.("#board a.c:not(.tab), #board a.n");
    if (!link || event.key !== "x" || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    choose(link);
  });

  bar.addEventListener("click", (event) => {
    const act = event.target.dataset.act;
    if (!act) return;
    if (act === "clear") { chosen.clear(); show(); return; }
    board.clearSelection();
    const url = new URL(addresses[act], location.href);
    for (const id of chosen) url.searchParams.append(kind, id);
    htmx.ajax("GET", url.pathname + url.search, { target: "#inspector", swap: "innerHTML" });
  });

  board.hear("board:swap", () => {
    if (!chosen.size) return;
    for (const id of chosen) if (!board.find(id).length) chosen.delete(id);
    show();
  });
})();
