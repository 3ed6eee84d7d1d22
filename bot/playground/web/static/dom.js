// Small tools over the DOM. Text goes in as text: nothing here, or anywhere, parses HTML.

/** Makes an element; `facts` are attributes, or listeners when they begin with "on". */
export function make(tag, facts = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(facts)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "className") node.className = value;
    else if (name === "value") node.value = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

/**
 * Makes `parent` hold one child for each item, in order. A child whose item reads the same stays
 * as it is, so that focus, selection and scrolling live on.
 */
export function keep(parent, items, keyOf, draw) {
  const old = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  const wanted = items.map((item) => {
    const key = keyOf(item);
    const reads = JSON.stringify(item);
    const known = old.get(key);
    old.delete(key);
    if (known && known.reads === reads) return known;
    const drawn = draw(item, known);
    drawn.dataset.key = key;
    drawn.reads = reads;
    if (known && known !== drawn) replace(known, drawn);
    return drawn;
  });
  for (const gone of old.values()) {
    rescue(gone);
    gone.remove();
  }
  wanted.forEach((child, index) => {
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
}

/**
 * Puts `drawn` in the place of `known`; focus moves to what bears the same `data-focus`, else to
 * `drawn` itself if it can have it.
 */
function replace(known, drawn) {
  const focused = known.contains(document.activeElement) ? document.activeElement : null;
  const name = focused?.dataset.focus;
  known.replaceWith(drawn);
  if (!focused) return;
  const heir = name && [drawn, ...drawn.querySelectorAll("[data-focus]")].find((one) => one.dataset.focus === name);
  if (heir) heir.focus();
  else if (drawn.tabIndex >= 0) drawn.focus();
  else fallback();
}

function rescue(gone) {
  if (gone.contains(document.activeElement)) fallback();
}

/** Where focus goes when the thing that had it is gone. */
export function fallback() {
  const dialog = document.querySelector("dialog[open]");
  const place = dialog
    ? dialog.querySelector("input, select, textarea, button")
    : document.querySelector("#composer textarea");
  place?.focus();
}

let count = 0;
export const newId = (word) => `${word}-${(count += 1)}`;

/** Makes arrow keys walk over `selector` inside `parent`, as in tab lists and menus. */
export function arrows(parent, selector, after = () => {}) {
  parent.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
    const all = [...parent.querySelectorAll(selector)];
    const at = all.indexOf(document.activeElement);
    if (!(event.key in steps) || at < 0) return;
    event.preventDefault();
    const next = all[(at + steps[event.key] + all.length) % all.length];
    next.focus();
    after(next);
  });
}
