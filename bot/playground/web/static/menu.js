// Menus that open from a button: arrow keys walk, Escape closes, focus returns.

import { arrows, make, newId } from "./dom.js";

/** A button with a menu of `items` ({text, about, act}). */
export function menuButton(sign, name, items, facts = {}) {
  const id = newId("menu");
  const menu = make("div", { id, className: "menu", role: "menu", "aria-label": name, hidden: true });
  const button = make(
    "button",
    { type: "button", "aria-label": name, title: name, "aria-haspopup": "menu", "aria-expanded": "false", ...facts },
    sign,
  );
  const close = (back) => {
    menu.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (back) button.focus();
  };
  const open = () => {
    menu.replaceChildren(...items.map((item) => entry(item, close)));
    if (!items.length) menu.append(make("p", { className: "quiet" }, "Nothing here yet"));
    menu.hidden = false;
    button.setAttribute("aria-expanded", "true");
    menu.classList.toggle("up", button.getBoundingClientRect().bottom > innerHeight - 220);
    menu.querySelector("[role=menuitem]")?.focus();
  };
  button.addEventListener("click", () => (menu.hidden ? open() : close(true)));
  const holder = make("span", { className: "menu-holder" }, button, menu);
  holder.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || menu.hidden) return;
    event.preventDefault();
    event.stopPropagation();
    close(true);
  });
  holder.addEventListener("focusout", (event) => {
    if (!menu.hidden && !holder.contains(event.relatedTarget)) close(false);
  });
  arrows(menu, "[role=menuitem]");
  return holder;
}

function entry(item, close) {
  const press = () => {
    close(true);
    item.act();
  };
  const about = item.about ? make("small", {}, item.about) : null;
  return make("button", { type: "button", role: "menuitem", tabindex: "-1", onclick: press }, item.text, about);
}
