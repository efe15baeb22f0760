/* What every page needs beyond Material: the search by keyboard, and boxes that scroll by it. */
"use strict";
(() => {
  for (const button of document.querySelectorAll("[data-search]")) {
    button.addEventListener("click", () => { document.getElementById("__search").click(); document.querySelector(".md-search__input")?.focus(); });
  }

  /* A box that scrolls can take the focus, so that arrow keys scroll it; one that does not is left out of the order. */
  const boxes = document.querySelectorAll(".md-typeset table, .md-typeset__scrollwrap, .sv-scroll, pre > code");
  const settle = () => {
    for (const box of boxes) {
      const scrolls = box.scrollWidth > box.clientWidth + 1;
      if (scrolls) { box.tabIndex = 0; } else { box.removeAttribute("tabindex"); }
    }
  };
  /* Measuring makes the browser lay the page out, so it waits until there is nothing better to do. */
  const later = window.requestIdleCallback || ((work) => setTimeout(work, 200));
  if (boxes.length) { later(settle); addEventListener("resize", settle, { passive: true }); }

  /* Material's own parts that say less to a screen reader than they should. */
  document.querySelector(".md-search")?.setAttribute("aria-label", document.querySelector(".md-search__input")?.placeholder || "Search");
})();
