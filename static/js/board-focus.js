// The keyboard goes back to the drawing once a sheet that was opened from it is done or closed: to
// the container that was changed, else to where it came from.
"use strict";
if (window.board) (() => {
  const { wrap, canvas } = board;
  let from = "";

  canvas.addEventListener("focusin", (event) => {
    const link = event.target.closest("a.c, a.n");
    if (link) from = board.idOf(link);
  });

  // Only where nothing has the focus: what had it went away.
  function goBack(...ids) {
    if (document.activeElement && document.activeElement !== document.body) return;
    const [link] = [...ids, from, board.selected].flatMap((id) => (id ? board.find(id) : []));
    (link || wrap).focus({ preventScroll: true });
  }

  document.addEventListener("htmx:afterSettle", ({ detail: { target, requestConfig: asked } }) => {
    if (asked?.verb !== "post" || !target.closest("#inspector, #messages") || target.querySelector(".change")) return;
    goBack(...new URL(asked.path, location.href).searchParams.getAll("container").map((id) => id.slice(0, 12)));
  });

  document.addEventListener("click", (event) => { if (event.target.closest?.("[data-close-sheet]")) goBack(); });
})();
