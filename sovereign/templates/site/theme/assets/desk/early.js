/* Runs before the page is painted: what Material's inline scripts define, in a file, so that no page needs an inline script. */
"use strict";
var __md_scope = new URL(document.currentScript.dataset.base, location);
var __md_hash = (text) => [...text].reduce((sum, letter) => (sum << 5) - sum + letter.charCodeAt(0), 0);
var __md_get = (key, store = localStorage, scope = __md_scope) => {
  try { return JSON.parse(store.getItem(scope.pathname + "." + key)); } catch { return null; }
};
var __md_set = (key, value, store = localStorage, scope = __md_scope) => {
  try { store.setItem(scope.pathname + "." + key, JSON.stringify(value)); } catch { /* storage is refused or full: the choice lasts for this page */ }
};
document.documentElement.classList.add("desk-live"); /* room is kept for what the scripts will show */
addEventListener("pageshow", () => { for (const toggle of document.querySelectorAll(".md-toggle[data-md-toggle]")) toggle.checked = false; });
(() => {
  const kept = __md_get("__palette");
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const scheme = kept && kept.color ? kept.color.scheme : dark ? "slate" : "default";
  document.body.setAttribute("data-md-color-scheme", scheme);
  if (kept && kept.color) for (const [key, value] of Object.entries(kept.color)) document.body.setAttribute("data-md-color-" + key, value);
})();
