// The small question before a button acts.

import { make } from "./dom.js";
import { textNodes } from "./mrkdwn.js";

/** Asks; resolves to whether the person confirmed. */
export function confirmed(question) {
  const dialog = document.getElementById("confirm");
  return new Promise((resolve) => {
    let answer = false;
    const end = (value) => () => {
      answer = value;
      dialog.close();
    };
    dialog.replaceChildren(
      make("h2", { id: "confirm-title" }, textNodes(question.title)),
      make("p", {}, textNodes(question.text)),
      make(
        "div",
        { className: "buttons" },
        make("button", { type: "button", className: "btn", onclick: end(false) }, textNodes(question.deny)),
        make(
          "button",
          { type: "button", className: `btn ${question.style ?? "primary"}`, onclick: end(true) },
          textNodes(question.confirm),
        ),
      ),
    );
    dialog.addEventListener("close", () => resolve(answer), { once: true });
    dialog.showModal();
  });
}
