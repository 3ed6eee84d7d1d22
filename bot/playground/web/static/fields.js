// The fields of modals and of the Home tab. `form` sends what is written and knows the values.

import { optionNodes } from "./blocks.js";
import { combobox } from "./combobox.js";
import { make, newId } from "./dom.js";
import { textNodes, unescape } from "./mrkdwn.js";
import { state } from "./state.js";

const TEXTS = new Set(["plain_text_input", "email_text_input", "url_text_input", "number_input"]);
const CLOCKS = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" };

/** An input block: label, field, hint, and room for what is wrong. */
export function drawInput(block, form, known) {
  const id = newId("field");
  const about = [`${id}-hint`, `${id}-error`];
  const { element } = block;
  const control = drawControl(block, element, form, { id, describedBy: about.join(" ") }, known);
  const many = control.matches("[role=group], [role=radiogroup]");
  const optional = block.optional ? make("span", { className: "optional" }, "optional") : null;
  const label = many
    ? make("span", { id: `${id}-label`, className: "label" }, textNodes(block.label))
    : make("label", { for: id, className: "label" }, textNodes(block.label));
  if (many) control.setAttribute("aria-labelledby", `${id}-label`);
  return make(
    "div",
    { className: "input", "data-block": block.block_id },
    make("div", { className: "label-line" }, label, optional),
    control,
    make("p", { id: `${id}-hint`, className: "hint" }, block.hint ? textNodes(block.hint) : "", zone(element)),
    make("p", { id: `${id}-error`, className: "error", role: "alert" }),
  );
}

const zone = (element) =>
  element.type === "datetimepicker" ? make("span", { className: "zone" }, `Your time zone: ${state.me.tz}`) : null;

/** Shows what is wrong with a field, or that nothing is. */
export function setError(node, text) {
  const place = node.querySelector(".error");
  const control = node.querySelector("input, select, textarea, [role=group], [role=radiogroup]");
  if (place.textContent !== (text ?? "")) place.textContent = text ?? "";
  node.classList.toggle("wrong", Boolean(text));
  if (text) control?.setAttribute("aria-invalid", "true");
  else control?.removeAttribute("aria-invalid");
}

/** The control alone; outside input blocks it is named by `name`. */
export function drawControl(block, element, form, facts, known) {
  const value = form.value(block, element);
  const common = { id: facts.id, "aria-describedby": facts.describedBy, "aria-label": facts.name };
  if (TEXTS.has(element.type)) return text(block, element, form, common, value, known);
  if (element.type in CLOCKS) return when(block, element, form, common, value);
  switch (element.type) {
    case "static_select":
      return select(block, element, form, common, value);
    case "checkboxes":
      return boxes("checkbox", block, element, form, facts, value.selected_options);
    case "radio_buttons":
      return boxes("radio", block, element, form, facts, value.selected_option ? [value.selected_option] : []);
    default:
      return element.type.endsWith("_select")
        ? search(block, element, form, facts, value)
        : make("p", { ...common, className: "quiet" }, `[${element.type}]`);
  }
}

function text(block, element, form, common, value, known) {
  const tag = element.multiline ? "textarea" : "input";
  const before = known?.querySelector("[data-text]");
  const types = { email_text_input: "email", url_text_input: "url" };
  const input = make(tag, {
    ...common,
    type: tag === "input" ? (types[element.type] ?? "text") : undefined,
    inputmode: element.type === "number_input" ? "decimal" : undefined,
    rows: element.multiline ? 5 : undefined,
    autocomplete: "off",
    placeholder: element.placeholder && unescape(element.placeholder.text),
    "data-text": JSON.stringify([block.block_id, element.action_id]),
    "data-focus": `${block.block_id} ${element.action_id}`,
    autofocus: element.focus_on_load,
    onchange: () => form.typed(),
  });
  input.value = before ? before.value : (value.value ?? "");
  const most = element.max_length;
  const left = most ? make("span", { className: "counter", "aria-live": "off" }) : null;
  const count = () => {
    const used = [...input.value].length;
    left.textContent = `${used} / ${most}`;
    left.classList.toggle("over", used > most);
    left.hidden = used < most * 0.8;
  };
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  let pause;
  input.addEventListener("input", () => {
    if (left) count();
    form.touched(block.block_id);
    if (!block.dispatch_action || !triggers.includes("on_character_entered")) return;
    clearTimeout(pause);
    pause = setTimeout(() => form.write(block, element, input.value), 250);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    if (block.dispatch_action && !element.multiline && triggers.includes("on_enter_pressed")) {
      event.preventDefault();
      form.write(block, element, input.value);
    } else if (!element.multiline || event.ctrlKey || event.metaKey) {
      event.preventDefault();
      form.submit();
    }
  });
  if (!left) return input;
  count();
  return make("div", { className: "counted" }, input, left);
}

function when(block, element, form, common, value) {
  const input = make("input", {
    ...common,
    type: CLOCKS[element.type],
    "data-focus": `${block.block_id} ${element.action_id}`,
    onchange: () => form.write(block, element, input.value),
  });
  const shown = { datepicker: value.selected_date, timepicker: value.selected_time };
  input.value = (element.type === "datetimepicker" ? form.local(block, element) : shown[element.type]) ?? "";
  return input;
}

function select(block, element, form, common, value) {
  const hint = element.placeholder ? unescape(element.placeholder.text) : "Choose an option";
  const input = make(
    "select",
    {
      ...common,
      "data-focus": `${block.block_id} ${element.action_id}`,
      onchange: () => form.write(block, element, input.value ? [input.value] : []),
    },
    value.selected_option && !block.optional ? null : make("option", { value: "" }, hint),
    optionNodes(element),
  );
  input.value = value.selected_option?.value ?? "";
  return input;
}

function boxes(type, block, element, form, facts, chosen) {
  const values = new Set(chosen.map((one) => one.value));
  const alone = element.options.length === 1 && type === "checkbox";
  const group = make("div", { className: "boxes", role: alone ? null : type === "radio" ? "radiogroup" : "group" });
  const send = () => {
    const ticked = [...group.querySelectorAll("input:checked")].map((one) => one.value);
    form.write(block, element, ticked);
  };
  element.options.forEach((option, index) => {
    const id = alone && facts.id ? facts.id : newId("box");
    const box = make("input", {
      id,
      type,
      name: `${facts.id ?? id}-choice`,
      "aria-describedby": facts.describedBy,
      "data-focus": `${block.block_id} ${element.action_id} ${index}`,
      onchange: send,
    });
    box.value = option.value;
    box.checked = values.has(option.value);
    const about = option.description ? make("small", {}, textNodes(option.description)) : null;
    group.append(make("div", { className: "box" }, box, make("label", { for: id }, textNodes(option.text), about)));
  });
  if (facts.name && !alone) group.setAttribute("aria-label", facts.name);
  return group;
}

/** Selects with a search: in the element's own options, among people and channels, or by the bot. */
function search(block, element, form, facts, value) {
  const many = element.type.startsWith("multi_");
  const kind = element.type.replace("multi_", "");
  const own = kind === "external_select" ? null : offered(kind, element);
  const local = (query) => own.filter((one) => `${one.group ?? ""} ${one.text}`.toLowerCase().includes(query.toLowerCase()));
  return combobox({
    id: facts.id,
    describedBy: facts.describedBy,
    many,
    placeholder: element.placeholder ? unescape(element.placeholder.text) : "Choose an option",
    chosen: chosenIn(value, own),
    search: (query) => (own ? { options: local(query) } : form.search(block, element, query)),
    change: (values) => form.write(block, element, values),
  });
}

function chosenIn(value, own) {
  const [, content] = Object.entries(value).find(([name]) => name.startsWith("selected_")) ?? [];
  const listed = content === null || content === undefined ? [] : [content].flat();
  return listed.map((one) =>
    typeof one === "string"
      ? (own?.find((other) => other.value === one) ?? { text: one, value: one })
      : { text: unescape(one.text.text), value: one.value },
  );
}

function offered(kind, element) {
  if (kind === "users_select") {
    return [...state.people.values()].map((one) => ({ text: one.real_name, value: one.id, group: null }));
  }
  if (kind !== "static_select") {
    return state.channels.map((one) => ({ text: one.direct ? one.name : `#${one.name}`, value: one.id, group: null }));
  }
  const entry = (one, group) => ({
    text: unescape(one.text.text),
    value: one.value,
    group,
    description: one.description && unescape(one.description.text),
  });
  const groups = (element.option_groups ?? []).flatMap((group) =>
    group.options.map((one) => entry(one, unescape(group.label.text))),
  );
  return [...(element.options ?? []).map((one) => entry(one, null)), ...groups];
}
