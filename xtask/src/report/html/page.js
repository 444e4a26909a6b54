"use strict";
// All that is shown is in the page already: this only changes the scheme and explores the drawings.
const root = document.documentElement;
document.querySelector("#scheme").addEventListener("click", () => {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = root.dataset.scheme || (dark ? "dark" : "light");
  root.dataset.scheme = now === "dark" ? "light" : "dark";
});

for (const map of document.querySelectorAll(".map")) {
  const status = map.querySelector(".status");
  const drawings = [...map.querySelectorAll("svg.drawing")];
  const boxes = (drawing) => [...drawing.querySelectorAll("g")];
  const say = (box) => { status.textContent = box.querySelector("title").textContent; };
  let at = null;
  const go = (box) => {
    if (at) at.classList.remove("at");
    at = box;
    at.classList.add("at");
    say(at);
  };
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  for (const drawing of drawings) {
    drawing.tabIndex = 0;
    drawing.addEventListener("pointerover", (event) => {
      const box = event.target.closest("g");
      if (box) say(box);
    });
    drawing.addEventListener("keydown", (event) => {
      const all = boxes(drawing);
      const step = steps[event.key];
      if (step === undefined) return;
      event.preventDefault();
      const next = all.indexOf(at) + step;
      go(all[(next + all.length) % all.length]);
    });
  }
  const search = map.querySelector("input[type=search]");
  search.addEventListener("input", () => {
    const wanted = search.value.trim().toLowerCase();
    for (const drawing of drawings) {
      let found = 0;
      const all = boxes(drawing);
      for (const box of all) {
        const text = box.querySelector("title").textContent.toLowerCase();
        const hit = wanted !== "" && text.includes(wanted);
        box.classList.toggle("hit", hit);
        found += hit;
      }
      drawing.classList.toggle("searched", wanted !== "");
      if (wanted !== "" && drawing.getClientRects().length > 0) {
        status.textContent = search.dataset.matches
          .replace("{found}", found).replace("{all}", all.length);
      }
    }
    if (wanted === "") status.textContent = status.dataset.hint;
  });
}
