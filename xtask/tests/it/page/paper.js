"use strict";
// Runs with the rules for paper applied to a window as wide as a sheet.
const wrong = [];
const check = (is, what) => { if (!is) wrong.push(what); };
const shown = (element) => element.getClientRects().length > 0;

for (const box of document.querySelectorAll(".scroll")) {
  check(box.scrollWidth <= box.clientWidth, `${box.textContent.slice(0, 40)} fits`);
}
for (const table of document.querySelectorAll("table")) {
  check(table.tBodies[0].rows.length > 0, "a table has rows");
}
for (const table of document.querySelectorAll("table.short")) {
  check([...table.tBodies[0].rows].filter(shown).length <= 8, "a long table is cut");
}
const instructions = [...document.querySelectorAll("td.instruction")].filter(shown);
check(instructions.length > 0, "instructions are there");
for (const cell of instructions) {
  check(cell.offsetWidth >= 0.2 * innerWidth, `${cell.textContent} is ${cell.offsetWidth} wide`);
}
for (const tool of document.querySelectorAll("input, button")) check(!shown(tool), "no control");
check(document.documentElement.scrollWidth <= innerWidth, "no wider than the sheet");
document.title = wrong.length ? wrong.join("; ") : "printed";
