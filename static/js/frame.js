// Menus close, toasts leave, "/" finds. No business rule lives here.
(() => {
  const isTyping = (node) => node.closest("input, textarea, select, [contenteditable]");
  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (menu !== except) menu.open = false;
    }
  };

  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details.menu"));
    const closer = event.target.closest(".toast .close");
    if (closer) closer.closest(".toast").remove();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const open = document.querySelector("details.menu[open]");
      closeMenus();
      if (open) event.preventDefault(); // it closes one thing at a time
      if (open?.contains(document.activeElement)) open.querySelector("summary").focus();
    }
    const search = document.getElementById("search");
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key === "/" && isPlain && search && !isTyping(event.target)) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  });

  const sendOff = (toast) => {
    if (toast.dataset.leaves || toast.classList.contains("error")) return;
    toast.dataset.leaves = "1";
    const leave = () => toast.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : toast.remove();
    setTimeout(leave, toast.querySelector(".undo") ? 20000 : 8000);
  };
  const sweep = () => document.querySelectorAll(".toast").forEach(sendOff);
  const showPlace = () => {
    const here = document.querySelector(".rail [aria-current]");
    if (here) here.scrollIntoView({ block: "nearest", inline: "center" });
  };
  // The board waits for its zoom; where that script never came, it stands as it is.
  window.addEventListener("load", () => {
    const board = document.getElementById("board");
    if (board && !window.board?.zoom) board.dataset.zoom = "near";
  });
  document.addEventListener("DOMContentLoaded", showPlace);
  document.addEventListener("DOMContentLoaded", sweep);
  document.addEventListener("htmx:load", sweep);
})();
