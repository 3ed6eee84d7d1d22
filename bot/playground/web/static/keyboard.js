// Keys that work all over the workspace: what is typed beside fields goes into a composer, and
// each message is one stop of Tab, with its own buttons behind Enter.

const FIELDS = "input, textarea, select, [contenteditable]";
const CONTROLS = "a[href], button, select, summary";

/** Lets what is typed anywhere go into the composer that `composerFor(element)` returns. */
export function typeAnywhere(composerFor) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key.length !== 1 || event.key === " " || event.target.closest(`${FIELDS}, dialog`)) return;
    composerFor(event.target).focus(); // the letter follows the focus
  });
}

/** Makes a message one stop of Tab: Enter goes into it, arrows walk, Escape goes out. */
export function oneStop(message) {
  message.tabIndex = 0;
  message.setAttribute("aria-describedby", "message-keys");
  const controls = () => [...message.querySelectorAll(CONTROLS)].filter((one) => !one.closest("[role=menu]"));
  for (const one of controls()) one.tabIndex = -1;
  message.addEventListener("keydown", (event) => {
    const all = controls();
    const at = all.indexOf(event.target);
    if (event.defaultPrevented || (at < 0 && event.target !== message)) return;
    const next = target(event, message, all, at);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    next.focus();
  });
  return message;
}

function target(event, message, all, at) {
  const isSelect = event.target.matches("select");
  if (at < 0) {
    const beside = { ArrowDown: message.nextElementSibling, ArrowUp: message.previousElementSibling }[event.key];
    if (beside) return beside.matches("article") ? beside : null;
    return ["Enter", "ArrowRight"].includes(event.key) ? all[0] : null;
  }
  if (event.key === "Escape") return message;
  const step = { ArrowRight: 1, ArrowDown: isSelect ? 0 : 1, ArrowLeft: -1, ArrowUp: isSelect ? 0 : -1 }[event.key];
  return step ? all[(at + step + all.length) % all.length] : null;
}
