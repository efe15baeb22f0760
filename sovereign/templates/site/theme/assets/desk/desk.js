/* What every page needs beyond Material: the search by keyboard, and boxes that scroll by it. */
"use strict";
/* Fetches a data file of the site, each once. From the disk, where browsers fetch nothing, its twin is loaded as a script. */
const deskFetch = (() => {
  const kept = new Map(), waiting = new Map(), isDisk = location.protocol === "file:";
  window.deskData = (name, content) => waiting.get(name)?.(content);
  const load = (address, name) => new Promise((done, fail) => {
    const script = document.createElement("script");
    waiting.set(name, done);
    script.src = `${address.href}.js`;
    script.onerror = () => fail(new Error(name));
    document.head.append(script);
  });
  return (address) => {
    const name = `data/${address.pathname.split("/data/").pop()}`;
    if (!kept.has(name)) {
      const asked = isDisk ? load(address, name) : fetch(address).then((answer) => { if (!answer.ok) throw new Error(`${name}: ${answer.status}`); return answer.json(); });
      asked.catch(() => kept.delete(name));
      kept.set(name, asked);
    }
    return kept.get(name);
  };
})();
(() => {
  for (const button of document.querySelectorAll("[data-search]")) {
    button.addEventListener("click", () => { document.getElementById("__search").click(); document.querySelector(".md-search__input")?.focus(); });
  }

  /* A box that scrolls can take the focus, so that arrow keys scroll it; one that does not is left out of the order. */
  const settle = () => {
    /* Asked anew each time: Material wraps its tables after the page has loaded. */
    for (const box of document.querySelectorAll(".md-typeset table, .md-typeset__scrollwrap, .sv-scroll, .md-typeset pre > code")) {
      const scrolls = box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX !== "visible";
      if (scrolls) { box.tabIndex = 0; } else { box.removeAttribute("tabindex"); }
    }
  };
  /* Measuring makes the browser lay the page out, so it waits until there is nothing better to do. */
  const later = window.requestIdleCallback || ((work) => setTimeout(work, 200));
  later(settle);
  addEventListener("load", () => later(settle));
  addEventListener("resize", settle, { passive: true });

  /* Material's own parts that say less to a screen reader than they should. */
  document.querySelector(".md-search")?.setAttribute("aria-label", document.querySelector(".md-search__input")?.placeholder || "Search");
})();
