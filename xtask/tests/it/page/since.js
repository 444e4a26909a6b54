"use strict";
const wrong = [];
const check = (is, what) => { if (!is) wrong.push(what); };
const squeeze = (element) => element.textContent.replace(/\s+/g, " ");

const big = document.querySelector("#verdict .hero .big");
check(/▲ \+3\.0 MB/.test(squeeze(big)), `the headline says 3.0 MB: ${squeeze(big)}`);
const hero = squeeze(big.closest(".hero"));
check(hero.includes("RUN dd if=/dev/urandom") && hero.includes("Dockerfile.multi:21"), `the headline says what did it: ${hero}`);

const link = document.querySelector("nav a[href='#since']");
check(link && link.tabIndex === 0, "a link leads to what changed");
const since = document.querySelector("#since");
const title = document.getElementById(since.getAttribute("aria-labelledby"));
check(title && title.textContent, "the section has a name");
const table = since.querySelector("table");
check(table.caption && table.caption.textContent, "its table has a caption");
for (const head of since.querySelectorAll("thead th")) check(head.scope === "col", "a column's head says so");
const row = table.tBodies[0].rows[0];
check(row.cells[0].matches("th[scope=row]") && squeeze(row.cells[0]).includes("+3.0 MB"), "the first row has the bytes");
check(squeeze(row).includes("added") && squeeze(row).includes("/opt"), `it has cause and path: ${squeeze(row)}`);

const layers = since.querySelector("details");
layers.querySelector("summary").click();
check(layers.open, "the layers open");
const rows = [...layers.querySelectorAll("tbody tr")].map(squeeze);
check(rows.length === 2, `each layer has a row: ${rows.length}`);
check(/^453 B\s?453 B/.test(rows[0]) && rows[0].includes("unchanged"), `one is as it was: ${rows[0]}`);
check(/^–\s?3\.0 MB/.test(rows[1]), `one is new: ${rows[1]}`);

const sizes = document.querySelector("#sizes table");
check(squeeze(sizes).includes("▲ +3.0 MB"), "the sizes say so");
check(sizes.querySelectorAll("td rect.grown").length === 1, "one bar shows growth");
check(sizes.querySelectorAll("td rect.then").length === 5, "each bar shows where it ended");
check(document.querySelectorAll(".map .mark.new").length > 0, "a tile is marked as new");
const told = [...document.querySelectorAll(".map g title")].map(squeeze);
check(told.some((it) => it.includes("✚ +3.0 MB (new since the baseline)")), "a tile tells that it is new");
document.title = wrong.length ? wrong.join("; ") : "compared";
