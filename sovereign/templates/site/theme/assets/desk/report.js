/* A report's page: a citation shows its quote, an address that names a claim opens it, the claims can be sorted, the citation
   copied. Without this file every citation still leads to its row, and every row still opens. */
"use strict";
(() => {
  const made = (tag, className, ...inside) => { const element = document.createElement(tag); if (className) element.className = className; element.append(...inside); return element; };
  const content = document.querySelector(".md-content__inner"), later = window.requestIdleCallback || ((work) => setTimeout(work, 100));

  /* A claim's row carries its grade as a class, its confidence, where the report has any, as its third cell's words. */
  const gradeOf = (row) => row.className.match(/sv-([a-z]+)/)[1], confidenceOf = (row) => Number.parseFloat(row.cells[2]?.textContent);

  /* --- Citations: hover, focus or tap shows the quote --------------------------------------------------------- */

  const pop = made("div", "sv-pop");
  pop.id = "sv-pop";
  pop.hidden = true;
  pop.setAttribute("role", "note");
  let shownFor = null, leaving = 0, isReturning = false;

  const fill = (cite) => {
    const row = document.getElementById(cite.hash.slice(1)), quote = (row?.querySelector("blockquote") ?? row?.querySelector("td > p > q"));
    if (!quote) return false;
    const place = row.querySelector("details > p > bdi")?.cloneNode(true);
    const grade = made("span", `sv-verdict sv-${gradeOf(row)}`, row.cells[1].textContent);
    const open = made("a", "", "Open the claim and its checks");
    open.href = `#${row.id}`;
    const confidence = Number.isNaN(confidenceOf(row)) ? "" : ` confidence ${row.cells[2].textContent}`;
    pop.replaceChildren(made("p", "", grade, confidence), made("blockquote", "", ...quote.cloneNode(true).childNodes), made("p", "sv-pop__foot", ...(place ? [place, ". "] : []), open));
    return true;
  };
  const show = (cite) => {
    clearTimeout(leaving);
    if (shownFor === cite) return;
    hide();
    cite.removeAttribute("title");
    if (!fill(cite)) return;
    shownFor = cite;
    content.append(pop);
    pop.hidden = false;
    cite.setAttribute("aria-expanded", "true");
    cite.setAttribute("aria-describedby", "sv-pop");
    const at = cite.getBoundingClientRect(), around = content.getBoundingClientRect();
    const below = at.bottom - around.top + 6, above = at.top - around.top - pop.offsetHeight - 6;
    const fits = at.bottom + pop.offsetHeight + 12 < innerHeight || at.top < pop.offsetHeight + 12;
    pop.style.top = `${fits ? below : above}px`;
    pop.style.left = `${Math.max(0, Math.min(at.left - around.left - 12, around.width - pop.offsetWidth))}px`;
  };
  const hide = () => {
    clearTimeout(leaving);
    if (!shownFor) return;
    shownFor.setAttribute("aria-expanded", "false");
    shownFor.removeAttribute("aria-describedby");
    shownFor = null;
    pop.hidden = true;
  };
  const leave = () => { clearTimeout(leaving); leaving = setTimeout(hide, 220); };

  /* One listener for all: a report may have hundreds of citations. */
  const citeOf = (event) => (event.target instanceof Element ? event.target.closest("a.cite") : null);
  content.addEventListener("pointerover", (event) => { const cite = citeOf(event); if (cite && event.pointerType === "mouse") show(cite); });
  content.addEventListener("pointerout", (event) => { if (citeOf(event) && event.pointerType === "mouse") leave(); });
  content.addEventListener("focusin", (event) => { const cite = citeOf(event); if (cite && cite.matches(":focus-visible") && !isReturning) show(cite); });
  content.addEventListener("focusout", (event) => { if (citeOf(event) && !pop.contains(event.relatedTarget)) leave(); });
  content.addEventListener("click", (event) => {
    const cite = citeOf(event);
    if (!cite || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(cite);
  });
  content.addEventListener("keydown", (event) => {
    const cite = citeOf(event);
    if (!cite) return;
    if (event.key === " ") { event.preventDefault(); show(cite); }
    if (event.key === "ArrowDown" && shownFor === cite) { event.preventDefault(); pop.querySelector("a")?.focus(); }
  });
  later(() => {
    for (const cite of document.querySelectorAll("a.cite")) {
      /* The title is the quote for those without JavaScript; with it, two of them would show at once. */
      cite.removeAttribute("title");
      cite.setAttribute("aria-label", `Citation ${cite.textContent.replace(/[[\]]/g, "")}: quote`);
      cite.setAttribute("aria-expanded", String(cite === shownFor));
      cite.setAttribute("role", "button");
    }
  });
  pop.addEventListener("pointerenter", () => clearTimeout(leaving));
  pop.addEventListener("pointerleave", leave);
  pop.addEventListener("focusout", (event) => { if (!pop.contains(event.relatedTarget) && event.relatedTarget !== shownFor) leave(); });
  pop.addEventListener("click", (event) => { if (event.target.closest("a")) hide(); });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !shownFor) return;
    const cite = shownFor;
    hide();
    isReturning = true;
    cite.focus();
    isReturning = false;
  });
  document.addEventListener("pointerdown", (event) => { if (shownFor && !pop.contains(event.target) && event.target !== shownFor) hide(); });

  /* --- An address that names a claim opens its row ----------------------------------------------------------- */

  const openNamed = () => {
    const named = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    const folded = named?.closest("details.sv-more:not([open])");
    if (folded) { folded.open = true; named.scrollIntoView({ block: "start" }); }
    const row = named;
    if (!row?.matches(".sv-claims > tbody > tr")) return;
    for (const other of document.querySelectorAll("tr.is-shown")) other.classList.remove("is-shown");
    row.classList.add("is-shown");
    const evidence = row.querySelector("details");
    if (evidence) evidence.open = true;
    row.scrollIntoView({ block: "start" });
  };
  addEventListener("hashchange", openNamed);
  openNamed();

  /* Printed, every row is open; afterwards each is as it was. */
  let closed = [];
  addEventListener("beforeprint", () => { closed = [...document.querySelectorAll(".sv-claims details:not([open]), .sv-more:not([open])")]; for (const one of closed) one.open = true; });
  addEventListener("afterprint", () => { for (const one of closed) one.open = false; });

  /* --- The claims can be sorted ------------------------------------------------------------------------------- */

  const RANK = { refuted: 0, disputed: 1, unconfirmed: 2, unchecked: 3, quoted: 4, verified: 5, corroborated: 6 };
  const sortable = (table) => {
    const body = table.tBodies[0], before = [...body.rows], heads = [...table.tHead.rows[0].cells];
    if (before.length < 2) return;
    const keys = [(row) => before.indexOf(row), (row) => RANK[gradeOf(row)], (row) => (Number.isNaN(confidenceOf(row)) ? -1 : confidenceOf(row))];
    heads.forEach((head, column) => {
      const button = made("button", "sv-sort", head.textContent);
      button.type = "button";
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const isDown = head.getAttribute("aria-sort") === "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", isDown ? "descending" : "ascending");
        body.append(...[...before].sort((a, b) => (isDown ? -1 : 1) * (keys[column](a) - keys[column](b))));
      });
    });
  };
  later(() => document.querySelectorAll("table.sv-claims").forEach(sortable));

  /* --- Copy the citation -------------------------------------------------------------------------------------- */

  const copyable = (name, words) => {
    const source = document.getElementById(name);
    if (!source || !navigator.clipboard) return;
    const button = made("button", "sv-copy", words), said = made("span", "sv-copied");
    button.type = "button";
    said.setAttribute("role", "status");
    button.addEventListener("click", () => navigator.clipboard.writeText(source.textContent.trim()).then(() => { said.textContent = " Copied."; }, () => { said.textContent = " The browser refused; select the text instead."; }));
    source.after(made("p", "sv-copy", button, said));
  };
  later(() => { copyable("cite-text", "Copy citation"); copyable("cite-bibtex", "Copy BibTeX"); });
})();
