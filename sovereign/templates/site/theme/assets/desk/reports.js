/* The reports' filters and order. The list of all reports is fetched when a filter is first used; until then, and without
   JavaScript, the newest reports stand as they were built. */
"use strict";
(() => {
  const form = document.querySelector("[data-reports]");
  if (!form) return;
  const list = document.querySelector("[data-list]"), status = document.querySelector("[data-status]"), more = document.querySelector("[data-more]");
  const STEP = 30, GRADES = ["corroborated", "verified", "quoted", "disputed", "unconfirmed", "refuted", "unchecked"], ICONS = ["✓", "✓", "“”", "≠", "?", "✗", "–"], STATES = ["approved", "draft", "withdrawn"];
  const site = new URL(form.dataset.base, location), SVG = "http://www.w3.org/2000/svg";
  let all = null, folders = {}, found = [], shown = 0, turn = 0;

  const load = async () => {
    if (all) return;
    const whole = await deskFetch(new URL(form.dataset.reports, location));
    folders = whole.tags;
    all = whole.reports.map(([slug, question, date, action, score, counts, tags, state, version, isExample, papers, answer]) => ({ slug, question, date, action, score, counts, tags, state, version, isExample, papers, answer }));
  };
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const ORDERS = {
    newest: (a, b) => b.date.localeCompare(a.date),
    oldest: (a, b) => a.date.localeCompare(b.date),
    score: (a, b) => (b.score ?? -1) - (a.score ?? -1),
    verified: (a, b) => b.counts[0] + b.counts[1] - a.counts[0] - a.counts[1],
    question: (a, b) => a.question.localeCompare(b.question, "en"),
  };

  const filter = async () => {
    const mine = ++turn, want = Object.fromEntries(new FormData(form));
    await load();
    if (mine !== turn) return;
    const words = plain(want.text || "").split(/\s+/).filter(Boolean), least = want.score === "" ? null : Number(want.score);
    found = all.filter((report) => (!want.tag || report.tags.includes(want.tag))
      && (!want.year || report.date.startsWith(want.year))
      && (!want.state || (STATES.includes(want.state) ? STATES[report.state] === want.state : report.action === want.state))
      && (least === null || (report.score !== null && report.score >= least))
      && words.every((word) => plain(report.question).includes(word))).sort(ORDERS[want.sort] || ORDERS.newest);
    shown = 0;
    list.replaceChildren();
    show();
    status.textContent = found.length ? `${found.length.toLocaleString("en")} of ${all.length.toLocaleString("en")} ${all.length === 1 ? "report" : "reports"}.` : "No report fits. Fewer filters may help.";
    const query = new URLSearchParams(Object.entries(want).filter(([name, value]) => value && !(name === "sort" && value === "newest")));
    history.replaceState(null, "", query.size ? `?${query}` : location.pathname);
  };
  const show = () => {
    list.append(...found.slice(shown, shown + STEP).map(card));
    shown = Math.min(found.length, shown + STEP);
    more.hidden = shown >= found.length;
  };

  const made = (tag, className, ...inside) => { const element = document.createElement(tag); if (className) element.className = className; element.append(...inside); return element; };
  const address = (path) => new URL(`${path}/${site.pathname.endsWith("index.html") ? "index.html" : ""}`, site).href;
  const bar = (counts) => {
    const drawn = document.createElementNS(SVG, "svg"), total = counts.reduce((a, b) => a + b, 0);
    drawn.setAttribute("class", "desk-bar"); drawn.setAttribute("viewBox", `0 0 ${total} 1`); drawn.setAttribute("preserveAspectRatio", "none"); drawn.setAttribute("aria-hidden", "true");
    let at = 0;
    counts.forEach((count, which) => {
      if (!count) return;
      const part = document.createElementNS(SVG, "rect");
      part.setAttribute("class", `desk-bar__${GRADES[which]}`); part.setAttribute("x", at); part.setAttribute("width", count); part.setAttribute("height", 1);
      drawn.append(part);
      at += count;
    });
    return total ? [drawn] : [];
  };
  const card = (report) => {
    const day = made("time", "", new Date(`${report.date}T00:00:00Z`).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }));
    day.dateTime = report.date;
    const badges = [made("span", `desk-badge desk-badge--${STATES[report.state]}`, STATES[report.state].replace(/^./, (letter) => letter.toUpperCase()))];
    if (report.isExample) badges.push(made("span", "desk-badge desk-badge--example", "Invented example"));
    const link = made("a", "", made("bdi", "", report.question));
    link.href = address(`reports/${report.slug}/v${report.version}`);
    const counts = report.counts.map((count, which) => {
      const icon = made("span", "verdict__icon", ICONS[which]);
      icon.setAttribute("aria-hidden", "true");
      return count ? made("li", `verdict verdict--${GRADES[which]}`, icon, ` ${count} ${GRADES[which]}`) : null;
    }).filter(Boolean);
    const foot = `Reviewers ${report.score === null ? "not scored" : `${report.score.toFixed(1)} of 10`} · ${report.papers} ${report.papers === 1 ? "paper" : "papers"} read${report.version > 1 ? ` · version ${report.version}` : ""}${report.tags.length ? " · " : ""}`;
    const tags = report.tags.flatMap((tag) => {
      const chip = made("a", "desk-tag", tag);
      chip.href = address(`browse/tags/${folders[tag]}`);
      return [chip, " "];
    });
    return made("article", "desk-card", made("p", "desk-card__meta", day, " ", ...badges), made("h2", "desk-card__title", link), ...(report.answer ? [made("p", "desk-card__answer", report.answer)] : []), ...bar(report.counts), made("ul", "desk-counts", ...(counts.length ? counts : [made("li", "", "no claims")])), made("p", "desk-card__foot", foot, ...tags));
  };

  const go = () => filter().catch((error) => { status.textContent = `The list could not be fetched (${error.message}). Reload the page to try again.`; });
  let wait = 0;
  form.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(go, 80); });
  form.addEventListener("submit", (event) => { event.preventDefault(); go(); });
  more.addEventListener("click", async () => {
    const first = all ? shown : 0;
    if (all) { show(); } else { await go(); }
    list.children[first]?.querySelector("a")?.focus();
  });
  const query = new URLSearchParams(location.search);
  for (const [name, value] of query) if (form.elements[name]) form.elements[name].value = value;
  form.hidden = false;
  if (query.size) { go(); } else { more.hidden = Number(form.dataset.total) <= list.children.length; }
})();
