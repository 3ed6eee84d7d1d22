// The way to the server: acts go out one after the other, news comes in as a stream.

import { state } from "./state.js";

let queue = Promise.resolve();

/** Sends an act after those before it; resolves to the server's answer. */
export function act(order) {
  const done = queue.then(() => post(order));
  queue = done.catch(() => {});
  return done;
}

/** Sends at once, for searches that overtake each other. */
export async function post(order) {
  let answer;
  try {
    const got = await fetch("/do", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Playground": "1" },
      body: JSON.stringify({ as: state.me.id, ...order }),
    });
    answer = await got.json();
  } catch {
    answer = { refused: "The playground does not answer. Is it still running?" };
  }
  if (answer.refused) tell(answer.refused);
  return answer;
}

/** Sends an act from outside forms, where trouble has no place of its own. */
export async function actOrTell(order) {
  const answer = await act(order);
  if (answer.trouble) tell(`${answer.trouble} (${answer.reason})`);
  return answer;
}

let fading;
export function tell(text) {
  const toast = document.getElementById("toast");
  toast.textContent = text;
  clearTimeout(fading);
  fading = setTimeout(() => (toast.textContent = ""), 8000);
}

let stream;
/** Listens to the screen of this person; `take` gets the name and content of each part. */
export function listen(person, take) {
  stream?.close();
  stream = new EventSource(`/live?as=${encodeURIComponent(person ?? "")}`);
  for (const name of ["place", "messages", "modal", "home", "page", "wire", "faults"]) {
    stream.addEventListener(name, (event) => take(name, JSON.parse(event.data)));
  }
  stream.onopen = () => document.body.classList.remove("lost");
  stream.onerror = () => document.body.classList.add("lost");
}
