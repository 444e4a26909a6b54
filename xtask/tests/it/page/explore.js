"use strict";
const wrong = [];
const check = (is, what) => { if (!is) wrong.push(what); };
const map = document.querySelector(".map");
const shown = (element) => element.getClientRects().length > 0;

const [byDirectory, byLayer] = map.querySelectorAll("svg.drawing");
check(shown(byDirectory) && !shown(byLayer), "one drawing at a time");
map.querySelector("input[value=layer]").click();
check(!shown(byDirectory) && shown(byLayer), "the other drawing");
map.querySelector("input[value=directory]").click();

const status = map.querySelector(".status");
byDirectory.focus();
check(document.activeElement === byDirectory, "a drawing takes the focus");
byDirectory.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
const first = byDirectory.querySelector("g title").textContent;
check(status.textContent === first, "an arrow key tells the first box");

const search = map.querySelector("input[type=search]");
search.value = first.split(" · ")[0];
search.dispatchEvent(new Event("input"));
check(byDirectory.querySelectorAll(".hit").length > 0, "a search finds");
check(/^\d+ of \d+ boxes match$/.test(status.textContent), "a search counts");

const button = document.querySelector("#scheme");
button.click();
const one = getComputedStyle(document.body).backgroundColor;
button.click();
check(one !== getComputedStyle(document.body).backgroundColor, "the scheme changes");

for (const svg of document.querySelectorAll("svg[role=img]")) check(svg.getAttribute("aria-label"), "a drawing has a name");
for (const link of document.querySelectorAll("a[href^='#']")) check(document.querySelector(link.getAttribute("href")), `${link.hash} is there`);
for (const input of document.querySelectorAll("input")) check(input.labels.length > 0, "an input has a label");
const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
check(new Set(ids).size === ids.length, "an id is there once");
for (const name of document.querySelectorAll("th .name")) {
  const range = document.createRange();
  range.selectNodeContents(name);
  const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
  check(name.textContent.length > 20 || lines.size < 2, `${name.textContent} is whole`);
}
check(document.documentElement.scrollWidth <= innerWidth, "no scrolling sideways");
document.title = wrong.length ? wrong.join("; ") : "explored";
