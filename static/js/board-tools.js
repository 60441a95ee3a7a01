// Small tools of the page: the picture as PNG, menus that close, the deep link.
"use strict";
if (window.board) (() => {
  const MOST_PIXELS = 16000;

  async function savePng(href) {
    const answer = await fetch(href);
    const blob = await answer.blob(), source = URL.createObjectURL(new Blob([blob], { type: "image/svg+xml" }));
    const image = new Image();
    image.src = source;
    await image.decode();
    const scale = Math.min(2, MOST_PIXELS / image.naturalWidth, MOST_PIXELS / image.naturalHeight);
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.naturalWidth * scale);
    canvas.height = Math.round(image.naturalHeight * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(source);
    const made = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(made);
    link.download = "topology.png";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  document.getElementById("export-png")?.addEventListener("click", (event) => {
    event.target.closest("details").open = false;
    savePng(event.target.closest("[data-svg]").dataset.svg);
  });

  const { selected } = Object.fromEntries(new URL(location.href).searchParams);
  if (selected) {
    const [link] = board.find(selected);
    if (link) board.select(selected, link.getAttribute("href"));
  }
})();
