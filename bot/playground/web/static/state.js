// What the server said last, and who sits at this keyboard.

export const state = {
  me: null,
  team: "",
  bot: "",
  people: new Map(),
  channels: [],
  commands: [],
  shortcuts: [],
  messages: new Map(),
  modal: { depth: 0, view: null },
  home: null,
  page: { url: null, frame: null, path: "/", version: 0 },
  wire: new Map(),
  faults: [],
  // Only the browser knows these.
  room: null,
  thread: null,
  tab: "messages",
  seen: new Map(),
};

export const nameOf = (id) => state.people.get(id)?.real_name ?? id;
export const channelOf = (id) => state.channels.find((one) => one.id === id);
export const messagesOf = (channel) => state.messages.get(channel) ?? [];
export const repliesTo = (channel, ts) => messagesOf(channel).filter((one) => one.thread === ts);

/** How often something in this channel is new to this person. */
export function unread(channel) {
  const last = state.seen.get(channel) ?? "0";
  return messagesOf(channel).filter((one) => one.ts > last && one.user !== state.me.id).length;
}

export function markSeen(channel) {
  const newest = messagesOf(channel).at(-1);
  if (newest) state.seen.set(channel, newest.ts);
}
