// A field that searches as one types: chosen options are chips, the others a list box.

import { make, newId } from "./dom.js";

const PAUSE = 150;

/**
 * `facts`: id, describedBy, many, most, placeholder, chosen ([{text, value}]), search(query), and
 * change(values). `search` resolves to {options} or {least}.
 */
export function combobox(facts) {
  const listId = newId("list");
  let chosen = [...facts.chosen];
  let offered = [];
  let active = -1;
  let asked = 0;
  let waiting;

  const chips = make("ul", { className: "chips", "aria-label": "Chosen" });
  const list = make("div", { id: listId, className: "list", role: "listbox", "aria-multiselectable": facts.many, hidden: true });
  const input = make("input", {
    id: facts.id,
    type: "text",
    role: "combobox",
    autocomplete: "off",
    placeholder: facts.placeholder,
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": listId,
    "aria-describedby": facts.describedBy,
    oninput: () => ask(PAUSE),
    onclick: () => ask(0),
    onkeydown: keyed,
    onblur: () => setTimeout(() => !holder.contains(document.activeElement) && close(), 0),
  });
  const holder = make("div", { className: "combo" }, chips, input, list);

  function ask(pause) {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const number = (asked += 1);
      list.setAttribute("aria-busy", "true");
      const found = await facts.search(input.value.trim());
      if (number !== asked) return;
      list.removeAttribute("aria-busy");
      show(found);
    }, pause);
  }

  function show(found) {
    offered = found.options ?? [];
    active = offered.length && input.value.trim() ? 0 : -1;
    list.replaceChildren();
    const groups = new Map();
    offered.forEach((one, index) => {
      if (!groups.has(one.group)) groups.set(one.group, []);
      groups.get(one.group).push(option(one, index));
    });
    for (const [group, nodes] of groups) {
      if (group === null || group === undefined) list.append(...nodes);
      else list.append(make("div", { role: "group", "aria-label": group }, make("div", { className: "group", "aria-hidden": "true" }, group), nodes));
    }
    if (!offered.length) list.append(make("p", { className: "quiet", role: "status" }, silence(found)));
    list.hidden = document.activeElement !== input;
    input.setAttribute("aria-expanded", String(!list.hidden));
    if (!list.hidden) list.scrollIntoView({ block: "nearest" });
    mark();
  }

  function silence(found) {
    if (found.least) return `Type at least ${found.least} characters to search`;
    return found.trouble ?? found.refused ?? "No results";
  }

  function option(one, index) {
    const isChosen = chosen.some((other) => other.value === one.value);
    return make(
      "div",
      {
        id: `${listId}-${index}`,
        role: "option",
        "aria-selected": String(isChosen),
        onmousedown: (event) => event.preventDefault(),
        onclick: () => take(one),
      },
      one.text,
      one.description ? make("small", {}, one.description) : null,
    );
  }

  function mark() {
    const options = list.querySelectorAll("[role=option]");
    options.forEach((node, index) => node.classList.toggle("active", index === active));
    if (active >= 0 && options[active]) {
      input.setAttribute("aria-activedescendant", options[active].id);
      options[active].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  function take(one) {
    const without = chosen.filter((other) => other.value !== one.value);
    if (without.length < chosen.length) chosen = without;
    else chosen = facts.many ? [...chosen, one] : [one];
    input.value = "";
    changed();
    close(); // so that it covers no field below; typing, a click or an arrow opens it again
  }

  function changed() {
    drawChips();
    facts.change(chosen.map((one) => one.value));
  }

  function drawChips() {
    chips.replaceChildren(
      ...chosen.map((one) =>
        make(
          "li",
          {},
          make("span", {}, one.text),
          make("button", { type: "button", "aria-label": `Remove ${one.text}`, onclick: () => drop(one) }, "×"),
        ),
      ),
    );
    chips.hidden = !chosen.length;
  }

  function drop(one) {
    chosen = chosen.filter((other) => other !== one);
    changed();
    input.focus();
  }

  function close() {
    asked += 1;
    clearTimeout(waiting);
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function keyed(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) {
      event.preventDefault();
      if (list.hidden) return ask(0);
      active = (active + steps[event.key] + offered.length) % Math.max(offered.length, 1);
      mark();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (!list.hidden && offered[active]) take(offered[active]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Backspace" && !input.value && chosen.length) {
      drop(chosen.at(-1));
    }
  }

  drawChips();
  return holder;
}
