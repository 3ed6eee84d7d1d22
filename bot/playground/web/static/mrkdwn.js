// Slack's mrkdwn as DOM nodes. Source: https://docs.slack.dev/messaging/formatting-message-text

import { dateOf } from "./dates.js";
import { make } from "./dom.js";
import { emoji } from "./emoji.js";
import { channelOf, nameOf, state } from "./state.js";

const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
export const unescape = (text) => text.replace(/&(lt|gt|amp);/g, (entity) => ENTITIES[entity]);

const MARKS = { "*": "strong", _: "em", "~": "s" };
// A mark opens at the start or after something that is no letter, and closes before the same.
const SPAN = /<([^<>]+)>|`([^`\n]+)`|(?<![\p{L}\p{N}])([*_~])(?=\S)((?:(?!\3).)+?)(?<=\S)\3(?![\p{L}\p{N}])/gsu;

/** A text object of Block Kit as nodes. */
export function textNodes(object) {
  if (object.type === "mrkdwn") return mrkdwn(object.text);
  return [emoji(unescape(object.text))];
}

/** mrkdwn as nodes: fenced code, quotes, then lines. */
export function mrkdwn(text) {
  return text.split(/\n?```\n?([\s\S]*?)\n?```\n?/g).flatMap((part, index) => {
    if (index % 2) return [make("pre", {}, make("code", {}, flat(part)))];
    return part ? quoted(part) : [];
  });
}

function quoted(text) {
  const nodes = [];
  let quote = null;
  const lines = text.split("\n");
  lines.forEach((line, index) => {
    const match = /^(?:>|&gt;) ?(.*)$/s.exec(line);
    if (match) {
      if (!quote) nodes.push((quote = make("blockquote")));
      else quote.append("\n");
      quote.append(...spans(match[1]));
    } else {
      const wasQuote = quote !== null;
      quote = null;
      nodes.push(...spans(line));
      if (index < lines.length - 1 && !(wasQuote && !line)) nodes.push("\n");
    }
  });
  return nodes;
}

function spans(text) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(SPAN)) {
    nodes.push(plain(text.slice(at, found.index)));
    at = found.index + found[0].length;
    if (found[1] !== undefined) nodes.push(token(found[1]));
    else if (found[2] !== undefined) nodes.push(make("code", {}, flat(found[2])));
    else nodes.push(make(MARKS[found[3]], {}, spans(found[4])));
  }
  nodes.push(plain(text.slice(at)));
  return nodes.filter((node) => node !== "");
}

const plain = (text) => emoji(unescape(text));
/** Text in which links lose their brackets and nothing else happens. */
const flat = (text) => unescape(text.replace(/<([^<>|]+)(?:\|([^<>]*))?>/g, (_, target, label) => label ?? target));

function token(inside) {
  const [target, label] = split(inside);
  if (target.startsWith("!date^")) return dateOf(target, label);
  if (target.startsWith("@")) return mention(`@${nameOf(target.slice(1))}`, target.slice(1) === state.me?.id);
  if (target.startsWith("#")) return mention(`#${channelOf(target.slice(1))?.name ?? label ?? target.slice(1)}`);
  if (target.startsWith("!subteam^")) return mention(label ?? `@${target.slice(9)}`);
  if (target.startsWith("!")) return mention(`@${target.slice(1)}`, true);
  return link(unescape(target), label ? plain(label) : unescape(target));
}

function split(inside) {
  const bar = inside.indexOf("|");
  return bar < 0 ? [inside, undefined] : [inside.slice(0, bar), inside.slice(bar + 1)];
}

export const mention = (text, loud = false) => make("span", { className: loud ? "mention loud" : "mention" }, text);

/** A link; only web and mail addresses can be followed, the rest stays text. */
export function link(address, ...content) {
  if (!isAddress(address)) return make("span", {}, ...content);
  const onclick = (event) => {
    if (!framed(address)) return;
    event.preventDefault();
    follow(address);
  };
  return make("a", { rel: "noreferrer", href: address, target: "_blank", onclick }, ...content);
}

export const isAddress = (address) => /^(https?:\/\/|mailto:)/i.test(address);

/** Opens an address: of the public page in the frame beside the workspace, else in a tab of its own. */
export function follow(address) {
  const inside = framed(address);
  window.open(inside ?? address, inside ? "public-page" : "_blank");
}

/** Where the frame has an address of the public page; null for all else. */
function framed(address) {
  const { url, frame } = state.page;
  const inside = url && (address === url || address.startsWith(`${url}/`));
  return inside ? frame + address.slice(url.length) : null;
}
