// Where to start, for somebody who is here for the first time.

import { make } from "./dom.js";

const NAME = "playground-hint";
const place = document.getElementById("hint");

/** Shows the hint until it is dismissed or a command was sent; `start` writes the first one. */
export function showHint(start) {
  if (remembered()) return;
  place.append(
    make(
      "p",
      {},
      make("b", {}, "Start here: "),
      "type ",
      make("code", {}, "/incident"),
      " below and press Enter. The page on the right is what customers see; ",
      make("b", {}, "Faults"),
      " breaks things, to train for them.",
    ),
    make("button", { type: "button", className: "btn", onclick: start }, "Write /incident"),
    make("button", { type: "button", className: "plain", "aria-label": "Dismiss the hint", onclick: dismissHint }, "×"),
  );
  place.hidden = false;
}

export function dismissHint() {
  place.hidden = true;
  try {
    localStorage.setItem(NAME, "seen");
  } catch {
    // Without storage it shows again next time.
  }
}

function remembered() {
  try {
    return localStorage.getItem(NAME) !== null;
  } catch {
    return false;
  }
}
