/* What every page needs beyond Material: keyboards reach what only mice did, and wide tables can be scrolled by both. */
"use strict";
(() => {
  for (const label of document.querySelectorAll("label[role=button][for]")) {
    label.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); label.click(); }
    });
  }

  /* A box that scrolls can take the focus, so that arrow keys scroll it; one that does not is left out of the order. */
  const boxes = document.querySelectorAll(".md-typeset table, .md-typeset__scrollwrap, .scroll, pre > code");
  const settle = () => {
    for (const box of boxes) {
      const scrolls = box.scrollWidth > box.clientWidth + 1;
      if (scrolls) { box.tabIndex = 0; } else { box.removeAttribute("tabindex"); }
    }
  };
  if (boxes.length) { settle(); addEventListener("resize", settle, { passive: true }); }

  /* Material's own parts that say less to a screen reader than they should. */
  document.querySelector(".md-search")?.setAttribute("aria-label", document.querySelector(".md-search__input")?.placeholder || "Search");
})();
