// The switches for faults, and the word in the top bar that some are on.

import { keep, make } from "./dom.js";
import { actOrTell } from "./server.js";
import { state } from "./state.js";

const panel = document.getElementById("panel-faults");
const sign = document.getElementById("faults-on");
const list = make("ul", { className: "faults" });
panel.append(
  make(
    "p",
    { className: "quiet" },
    "Break something and work on: report, update, resolve. Turn it off again and see that nothing was lost and nothing came twice.",
  ),
  list,
);

export function drawFaults() {
  keep(list, state.faults, (one) => one.key, row);
  const on = state.faults.filter((one) => one.on).map((one) => one.label);
  sign.hidden = !on.length;
  sign.textContent = `On: ${on.join(", ")}`;
}

function row(one) {
  const about = `about-${one.key}`;
  const box = make("input", {
    type: "checkbox",
    role: "switch",
    checked: one.on,
    "aria-describedby": about,
    "data-focus": `fault ${one.key}`,
    onchange: () => actOrTell({ do: "fault", key: one.key, on: box.checked }),
  });
  return make("li", {}, make("label", {}, box, one.label), make("p", { id: about, className: "quiet" }, one.about));
}
