// Makes pages quicker; every page works without it.
import { initAll } from "./vendor/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");

// A question that hangs on another is shown only while one of its answers is given.
function answersOf(form, name) {
  return [...form.elements]
    .filter((each) => each.name === name && (each.tagName === "SELECT" || each.checked))
    .map((each) => each.value);
}

function reveal(form) {
  for (const each of form.querySelectorAll("[data-hangs-on]")) {
    const given = answersOf(form, each.dataset.hangsOn);
    const codes = each.dataset.codes.split(" ");
    // What is wrong stays in sight, or its link in the summary would lead nowhere.
    const wrong = each.querySelector(".govuk-error-message") !== null;
    each.hidden = !wrong && !given.some((code) => codes.includes(code));
  }
}

for (const form of document.forms) {
  if (form.querySelector("[data-hangs-on]")) {
    form.addEventListener("change", () => reveal(form));
    reveal(form);
  }
}

initAll();
