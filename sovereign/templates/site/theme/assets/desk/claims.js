/* The claims explorer. Fetches three small files for a search, whatever the number of claims: the columns to filter by, the
   word files of the words asked for, and the text of the claims shown. Foreign text only ever becomes a text node. */
"use strict";
(() => {
  const form = document.querySelector("[data-claims]");
  if (!form) return;
  const list = document.querySelector("[data-list]"), status = document.querySelector("[data-status]"), more = document.querySelector("[data-more]");
  const STEP = 30, LETTERS = { c: "corroborated", v: "verified", q: "quoted", d: "disputed", n: "unconfirmed", r: "refuted", u: "unchecked" }, ICONS = { c: "✓", v: "✓", q: "“”", d: "≠", n: "?", r: "✗", u: "–" };
  const here = new URL(form.dataset.claims, location), site = new URL(form.dataset.base, location);
  let data, starts, found = [], asked = [], shown = 0, turn = 0;

  /* A claim of a paper that was withdrawn, or speaks to the reviewer, comes last. */
  const warned = (at) => (data.warnings[at] ? 1 : 0);
  const fetched = (path) => deskFetch(new URL(path, here));

  /* The same steps as words() and word_file() of site/index.py, in the same order. */
  const WIDE = /[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]/u;
  const words = (text) => {
    const plain = text.normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "").normalize("NFKC"), all = new Set();
    for (const word of plain.match(/[\p{L}\p{N}]+(?:[.,][0-9]+)*/gu) || []) {
      const letters = Array.from(word);
      if (!WIDE.test(word)) all.add(letters.slice(0, 40).join(""));
      else for (let at = 0; at < Math.max(1, letters.length - 1); at++) all.add(letters.slice(at, at + 2).join(""));
    }
    return [...all];
  };
  const wordFile = (word) => Array.from(word).slice(0, 2).reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) & 0xffff, 0) % data.word_files;

  /* How many of the words each claim holds: 2 for the word itself, 1 for one that only begins with it. */
  const weigh = async (asked) => {
    const score = new Uint16Array(data.total), held = new Uint8Array(data.total);
    for (const word of asked) {
      const file = await fetched(`words/${wordFile(word)}.json`), best = new Uint8Array(data.total);
      for (const [known, gaps] of Object.entries(file)) {
        if (!known.startsWith(word)) continue;
        const worth = known === word ? 2 : 1;
        let at = 0;
        for (const gap of gaps) { at += gap; if (best[at] < worth) best[at] = worth; }
      }
      for (let at = 0; at < data.total; at++) if (best[at]) { held[at]++; score[at] += best[at]; }
    }
    return { score, held };
  };

  const wanted = () => {
    const fields = new FormData(form);
    return { q: String(fields.get("words") || "").trim(), grades: fields.getAll("grade"), report: String(fields.get("report") || ""), paper: String(fields.get("paper") || "").trim() };
  };

  const search = async () => {
    const mine = ++turn, want = wanted();
    asked = words(want.q);
    const weights = asked.length ? await weigh(asked) : null;
    if (mine !== turn) return;
    const papers = want.paper ? new Set(data.papers.flatMap(([id, title], number) => (`${id} ${title}`.toLowerCase().includes(want.paper.toLowerCase()) ? [number] : []))) : null;
    const report = want.report === "" ? -1 : Number(want.report);
    const passing = [];
    for (let at = 0; at < data.total; at++) {
      if (weights && !weights.held[at]) continue;
      if (want.grades.length && !want.grades.includes(LETTERS[data.grades[at]])) continue;
      if (papers && !papers.has(data.paper[at])) continue;
      if (report >= 0 && (at < starts[report] || at >= starts[report + 1])) continue;
      passing.push(at);
    }
    const whole = weights ? passing.filter((at) => weights.held[at] === asked.length) : passing;
    const isPartial = weights && !whole.length && passing.length > 0;
    found = isPartial ? passing : whole;
    found.sort((a, b) => warned(a) - warned(b) || (weights ? weights.held[b] - weights.held[a] || weights.score[b] - weights.score[a] : 0) || a - b);
    shown = 0;
    list.replaceChildren();
    await show(mine);
    if (mine !== turn) return;
    const number = (count) => count.toLocaleString("en");
    status.textContent = !found.length ? "No claim fits. Fewer words or filters may help."
      : isPartial ? `No claim has all these words; ${number(found.length)} have some of them.`
      : `${number(found.length)} ${found.length === 1 ? "claim" : "claims"}${weights ? "" : ", newest report first"}.`;
    remember(want);
  };

  const show = async (mine) => {
    const next = found.slice(shown, shown + STEP);
    const files = [...new Set(next.map((at) => Math.floor(at / data.per_shard)))];
    await Promise.all(files.map((number) => fetched(`claims/${number}.json`)));
    if (mine !== turn) return;
    const rows = [];
    for (const at of next) rows.push(row(at, (await fetched(`claims/${Math.floor(at / data.per_shard)}.json`))[at % data.per_shard]));
    if (mine !== turn) return;
    list.append(...rows);
    shown += next.length;
    more.hidden = shown >= found.length;
  };

  const made = (tag, className, ...inside) => { const element = document.createElement(tag); if (className) element.className = className; element.append(...inside); return element; };
  const row = (at, [id, text, pieces]) => {
    const letter = data.grades[at], report = starts.findLastIndex((start) => start <= at), [question, folder, , , isDraft] = data.reports[report];
    const icon = made("span", "verdict__icon", ICONS[letter]);
    icon.setAttribute("aria-hidden", "true");
    const link = made("a", "", made("bdi", "", ...(pieces || [text]).flatMap((piece) => (typeof piece === "string" ? marked(piece) : [formula(piece[0])]))));
    link.href = `${address(folder)}#${id}`;
    const home = made("a", "", question);
    home.href = address(folder);
    const sure = data.confidence[at] === null ? "" : ` · confidence ${(data.confidence[at] / 100).toFixed(2)}`;
    const warning = data.warnings[at] ? [made("strong", "desk-warning", data.warnings[at]), " · "] : [];
    const from = made("p", "desk-claim__from", ...warning, made("bdi", "", data.papers[data.paper[at]][1]), " · in ", made("bdi", "", home), `${isDraft ? " (draft)" : ""}${sure}`);
    return made("li", "desk-claim", made("span", `verdict verdict--${LETTERS[letter]}`, icon, ` ${LETTERS[letter]}`), made("div", "desk-claim__body", made("p", "desk-claim__text", link), from));
  };
  const address = (folder) => new URL(`${folder}/${site.pathname.endsWith("index.html") ? "index.html" : ""}`, site).href;

  /* MathML that the builder wrote; read as XML, so that nothing but a formula can come of it. */
  const formula = (mathml) => {
    const read = new DOMParser().parseFromString(mathml.replace("<math", '<math xmlns="http://www.w3.org/1998/Math/MathML"'), "application/xml").documentElement;
    return read.localName === "math" ? document.importNode(read, true) : document.createTextNode(read.textContent);
  };

  /* The words of the search, marked where the claim has them. */
  const marked = (text) => {
    if (!asked.length) return [text];
    const parts = [];
    let last = 0;
    for (const hit of text.matchAll(/[\p{L}\p{M}\p{N}]+(?:[.,][0-9]+)*/gu)) {
      if (!words(hit[0]).some((word) => asked.some((want) => word.startsWith(want)))) continue;
      parts.push(text.slice(last, hit.index), made("mark", "", hit[0]));
      last = hit.index + hit[0].length;
    }
    return [...parts, text.slice(last)];
  };

  const remember = (want) => {
    const query = new URLSearchParams();
    if (want.q) query.set("words", want.q);
    for (const grade of want.grades) query.append("grade", grade);
    if (want.report !== "") query.set("report", data.reports[Number(want.report)][1].split("/")[1]);
    if (want.paper) query.set("paper", want.paper);
    history.replaceState(null, "", query.size ? `?${query}` : location.pathname);
  };
  const recall = () => {
    const query = new URLSearchParams(location.search);
    form.elements.words.value = query.get("words") || "";
    form.elements.paper.value = query.get("paper") || "";
    for (const box of form.querySelectorAll("[name=grade]")) box.checked = query.getAll("grade").includes(box.value);
    const report = data.reports.findIndex(([, folder]) => folder.split("/")[1] === query.get("report"));
    form.elements.report.value = report >= 0 ? String(report) : "";
  };

  const open = async () => {
    data = await fetched("claims.json");
    starts = [0];
    for (const [, , , count] of data.reports) starts.push(starts.at(-1) + count);
    form.elements.report.append(...data.reports.map(([question], number) => new Option(question.length > 90 ? `${question.slice(0, 89)}…` : question, String(number))));
    form.elements.paper.addEventListener("focus", () => document.getElementById("c-papers").append(...data.papers.slice(0, 400).map(([, title]) => new Option(title, title))), { once: true });
    recall();
    form.hidden = false;
    let wait = 0;
    const failed = (error) => { status.textContent = `The claims could not be fetched (${error.message}). Reload the page to try again.`; };
    form.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(() => search().catch(failed), 80); });
    form.addEventListener("submit", (event) => { event.preventDefault(); search().catch(failed); });
    more.addEventListener("click", async () => {
      const first = shown;
      await show(turn).catch(failed);
      list.children[first]?.querySelector("a")?.focus();
    });
    /* Without a search the first claims stand as they were built: they are the first of the same order. */
    if (location.search) { await search(); return; }
    found = Array.from({ length: data.total }, (_, at) => at).sort((a, b) => warned(a) - warned(b) || a - b);
    shown = list.children.length;
    more.hidden = shown >= found.length;
  };
  if (form.dataset.claims) open().catch((error) => { status.textContent = `The search could not start (${error.message}). The newest claims stand below.`; });
})();
