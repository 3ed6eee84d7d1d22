// Blocks as DOM nodes. A surface says what a click does and how a field of a view looks.

import { timeOf } from "./dates.js";
import { make } from "./dom.js";
import { emoji } from "./emoji.js";
import { follow, isAddress, link, mention, mrkdwn, textNodes, unescape } from "./mrkdwn.js";
import { menuButton } from "./menu.js";
import { confirmed } from "./confirm.js";
import { channelOf, nameOf, state } from "./state.js";

const BLOCKS = {
  header: (block) => make("h3", { className: "b-header" }, textNodes(block.text)),
  divider: () => make("hr"),
  section,
  context: (block) => make("div", { className: "b-context" }, block.elements.map(inContext)),
  actions: (block, surface) =>
    make("div", { className: "b-actions" }, block.elements.map((one) => drawElement(block, one, surface))),
  image: (block) => make("p", { className: "b-image" }, `[picture: ${block.alt_text}]`),
  markdown: (block) => make("div", { className: "b-text pre" }, block.text),
  alert: (block) => make("div", { className: `b-alert ${block.level ?? "default"}` }, textNodes(block.text)),
  rich_text: (block) => make("div", { className: "b-rich" }, block.elements.map(richPart)),
  table,
};

export function drawBlock(block, surface) {
  const drawn = BLOCKS[block.type]?.(block, surface) ?? make("p", { className: "b-image" }, `[${block.type}]`);
  drawn.classList.add("block");
  return drawn;
}

function section(block, surface) {
  const fields = block.fields?.map((one) => make("div", { className: "b-field" }, textNodes(one)));
  return make(
    "div",
    { className: "b-section" },
    make(
      "div",
      { className: "b-text" },
      block.text ? make("div", {}, textNodes(block.text)) : null,
      fields ? make("div", { className: "b-fields" }, fields) : null,
    ),
    block.accessory ? drawElement(block, block.accessory, surface) : null,
  );
}

const inContext = (one) =>
  one.type === "image" ? make("span", {}, `[${one.alt_text}]`) : make("span", {}, textNodes(one));

function table(block) {
  const cell = (one) => (one.type === "rich_text" ? one.elements.map(richPart) : [one.text ?? String(one.value)]);
  const [head, ...rest] = block.rows;
  return make(
    "table",
    {},
    make("thead", {}, make("tr", {}, head.map((one) => make("th", { scope: "col" }, cell(one))))),
    make("tbody", {}, rest.map((row) => make("tr", {}, row.map((one) => make("td", {}, cell(one)))))),
  );
}

// --- elements ---

export function drawElement(block, element, surface) {
  switch (element.type) {
    case "button":
      return button(block, element, surface);
    case "overflow":
      return overflow(block, element, surface);
    case "image":
      return make("span", { className: "b-image" }, `[picture: ${element.alt_text}]`);
    default:
      return surface.field?.(block, element) ?? choice(block, element, surface);
  }
}

function button(block, element, surface) {
  const press = async () => {
    if (element.confirm && !(await confirmed(element.confirm))) return;
    if (element.url && isAddress(element.url)) follow(element.url);
    await surface.click(block, element, null, made);
  };
  const made = make(
    "button",
    {
      type: "button",
      className: `btn ${element.style ?? ""}`,
      "aria-label": element.accessibility_label,
      "data-focus": `${block.block_id} ${element.action_id}`,
      onclick: press,
    },
    textNodes(element.text),
    element.url ? make("span", { "aria-hidden": "true" }, " ↗") : null,
  );
  return made;
}

function overflow(block, element, surface) {
  const items = element.options.map((option) => ({
    text: unescape(option.text.text),
    about: option.description && unescape(option.description.text),
    act: async () => {
      if (element.confirm && !(await confirmed(element.confirm))) return;
      if (option.url && isAddress(option.url)) follow(option.url);
      await surface.click(block, element, option.value);
    },
  }));
  return menuButton("⋯", "More", items, { className: "btn", "data-focus": `${block.block_id} ${element.action_id}` });
}

/** A select or radio buttons in a message: each choice goes to the bot at once. */
function choice(block, element, surface) {
  const name = element.placeholder ? unescape(element.placeholder.text) : "Choose";
  if (!["static_select", "radio_buttons"].includes(element.type)) {
    return make("span", { className: "b-image" }, `[${element.type}]`);
  }
  const select = make(
    "select",
    {
      "aria-label": name,
      "data-focus": `${block.block_id} ${element.action_id}`,
      onchange: () => surface.click(block, element, select.value),
    },
    element.initial_option ? null : make("option", { value: "", disabled: true, selected: true }, name),
    optionNodes(element),
  );
  if (element.initial_option) select.value = element.initial_option.value;
  return select;
}

/** The options of a select, inside groups or not. */
export function optionNodes(element) {
  const entry = (one) => {
    const node = make("option", { title: one.description?.text }, unescape(one.text.text));
    node.value = one.value;
    return node;
  };
  const groups = (element.option_groups ?? []).map((group) =>
    make("optgroup", { label: unescape(group.label.text) }, group.options.map(entry)),
  );
  return [...(element.options ?? []).map(entry), ...groups];
}

// --- rich text ---

function richPart(part) {
  switch (part.type) {
    case "rich_text_quote":
      return make("blockquote", {}, part.elements.map(inline));
    case "rich_text_preformatted":
      return make("pre", {}, make("code", {}, part.elements.map(inline)));
    case "rich_text_list":
      return make(
        part.style === "ordered" ? "ol" : "ul",
        {},
        part.elements.map((one) => make("li", {}, one.elements.map(inline))),
      );
    default:
      return make("div", { className: "pre" }, part.elements.map(inline));
  }
}

const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u" };

function inline(part) {
  let node = inlineContent(part);
  for (const [style, tag] of Object.entries(STYLES)) if (part.style?.[style]) node = make(tag, {}, node);
  return node;
}

function inlineContent(part) {
  switch (part.type) {
    case "link":
      return link(part.url, part.text ?? part.url);
    case "user":
      return mention(`@${nameOf(part.user_id)}`, part.user_id === state.me?.id);
    case "channel":
      return mention(`#${channelOf(part.channel_id)?.name ?? part.channel_id}`);
    case "usergroup":
      return mention(`@${part.usergroup_id}`);
    case "broadcast":
      return mention(`@${part.range}`, true);
    case "emoji":
      return emoji(`:${part.name}:`);
    case "date":
      return timeOf(part.timestamp, part.format, part.fallback, part.url);
    default:
      return part.text ?? part.value ?? "";
  }
}

/** The content of a message: its blocks, else its text, then its attachments. */
export function content(message, surface) {
  const own = message.blocks.length
    ? message.blocks.map((one) => drawBlock(one, surface))
    : [make("div", { className: "b-text" }, mrkdwn(message.text))];
  return [...(message.text || message.blocks.length ? own : []), ...message.attachments.map((one) => attached(one, surface))];
}

const COLOURS = { good: "#2eb67d", warning: "#ecb22e", danger: "#e01e5a" };

function attached(attachment, surface) {
  const node = make(
    "div",
    { className: "attached" },
    attachment.pretext ? make("div", { className: "b-text" }, mrkdwn(attachment.pretext)) : null,
    attachment.title ? make("strong", {}, link(attachment.title_link ?? "", unescape(attachment.title))) : null,
    attachment.text ? make("div", { className: "b-text" }, mrkdwn(attachment.text)) : null,
    attachment.blocks.map((one) => drawBlock(one, surface)),
    attachment.footer ? make("div", { className: "b-context" }, mrkdwn(attachment.footer)) : null,
  );
  const colour = attachment.color ?? "";
  const known = COLOURS[colour] ?? `#${colour.replace("#", "")}`;
  if (/^#[0-9a-f]{6}$/i.test(known)) node.style.borderLeftColor = known;
  return node;
}
