// A view on the screen, in a modal or on the Home tab: its blocks, and the way to the bot.

import { drawBlock } from "./blocks.js";
import { keep, make } from "./dom.js";
import { drawControl, drawInput, setError } from "./fields.js";
import { unescape } from "./mrkdwn.js";
import { act, post } from "./server.js";

/** Draws a view into `place`; `submit` and `trouble` are the surroundings' own. */
export class ViewForm {
  constructor(place, { submit, trouble }) {
    this.place = place;
    this.submit = submit;
    this.trouble = trouble;
    this.view = null;
    this.errors = {};
  }

  show(view) {
    if (this.view?.id !== view.id) this.errors = {};
    this.view = view;
    const key = (block) => `${view.id} ${block.block_id} ${block.type}`;
    keep(this.place, view.blocks, key, (block, known) => this.draw(block, known));
    this.showErrors();
  }

  draw(block, known) {
    if (block.type === "input") return drawInput(block, this, known);
    return drawBlock(block, { click: (...what) => this.click(...what), field: (...what) => this.field(...what) });
  }

  /** A field outside an input block, named by the text beside it. */
  field(block, element) {
    const name = block.text?.text ?? element.placeholder?.text ?? "Choose";
    return drawControl(block, element, this, { name: unescape(name) });
  }

  showErrors() {
    for (const node of this.place.querySelectorAll(".input")) setError(node, this.errors[node.dataset.block]);
  }

  wrong(errors) {
    this.errors = errors;
    this.showErrors();
    this.place.querySelector(".wrong")?.querySelector("input, select, textarea")?.focus();
  }

  touched(block) {
    if (!this.errors[block]) return;
    delete this.errors[block];
    this.showErrors();
  }

  // --- values ---

  value(block, element) {
    return this.view.values[block.block_id]?.[element.action_id] ?? {};
  }

  local(block, element) {
    return this.view.local.find((row) => row[0] === block.block_id && row[1] === element.action_id)?.[2];
  }

  texts() {
    return [...this.place.querySelectorAll("[data-text]")].map((one) => [...JSON.parse(one.dataset.text), one.value]);
  }

  // --- acts ---

  order(what, more = {}) {
    return { do: what, view: this.view.id, typed: this.texts(), ...more };
  }

  async send(order) {
    const answer = await act(order);
    this.trouble(answer.trouble);
    return answer;
  }

  typed() {
    return act(this.order("typed"));
  }

  write(block, element, value) {
    this.touched(block.block_id);
    return this.send(this.order("field", { block: block.block_id, action: element.action_id, value }));
  }

  click(block, element, value = null) {
    return this.send(this.order("click_view", { block: block.block_id, action: element.action_id, value }));
  }

  search(block, element, query) {
    return post({ do: "options", view: this.view.id, block: block.block_id, action: element.action_id, query });
  }
}

export const trouble = () => make("p", { className: "trouble", role: "alert", hidden: true });
