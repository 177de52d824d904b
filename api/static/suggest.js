// Suggests skills while one types. The pages work without it.
"use strict";

const field = document.getElementById("skill");
const list = document.getElementById("skills");
let latest = 0;
let waiting;

async function suggest() {
  const text = field.value.trim();
  const mine = ++latest;
  if (text.length < 2) return;
  const answer = await fetch("/api/v1/skills?" + new URLSearchParams({ q: text, limit: "8" }));
  if (!answer.ok || mine !== latest) return;
  const found = await answer.json();
  list.replaceChildren(...found.results.map(({ name }) => {
    const option = document.createElement("option");
    option.value = name;
    return option;
  }));
}

if (field && list) {
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(suggest, 120);
  });
}

// On a narrow screen the filters would hide the results.
const filters = document.querySelector("details.filters");
if (filters && matchMedia("(max-width: 52rem)").matches) filters.open = false;
