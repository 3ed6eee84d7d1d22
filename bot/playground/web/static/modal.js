// The modal: the top of the person's stack of views.

import { fallback, make } from "./dom.js";
import { textNodes } from "./mrkdwn.js";
import { act } from "./server.js";
import { state } from "./state.js";
import { trouble, ViewForm } from "./views.js";

const dialog = document.getElementById("modal");
const title = make("h2", { id: "modal-title" });
const cross = make("button", { type: "button", className: "plain cross", "aria-label": "Close dialog", onclick: () => close(true) }, "×");
const complaint = trouble();
const body = make("div", { className: "modal-body" });
const cancel = make("button", { type: "button", className: "btn", onclick: () => close(false) });
const submitButton = make("button", { type: "submit", className: "btn primary" });
const form = make(
  "form",
  { method: "dialog", novalidate: true },
  make("header", {}, title, cross),
  complaint,
  body,
  make("footer", { className: "buttons" }, cancel, submitButton),
);
dialog.append(form);

const fields = new ViewForm(body, {
  submit: () => form.requestSubmit(submitButton),
  trouble: (text) => {
    complaint.textContent = text ?? "";
    complaint.hidden = !text;
  },
});
let waiting = null;
let closing = null;
let opener = null;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!waiting && fields.view?.submit) submit();
});
dialog.addEventListener("cancel", (event) => {
  event.preventDefault();
  if (event.target === dialog) close(false);
});

async function submit() {
  waiting = fields.view.id;
  drawButtons();
  const answer = await fields.send(fields.order("submit"));
  waiting = null;
  drawButtons();
  if (answer.errors) fields.wrong(answer.errors);
}

/** Closes the view on top, once: a key that is pressed again meanwhile asks for nothing more. */
async function close(everything) {
  const { view } = fields;
  if (!view || closing === view.id) return;
  closing = view.id;
  const answer = await act({ do: "close", view: view.id, everything });
  if (answer.refused) closing = null;
}

/** Shows the top of the stack as the server has it, or nothing. */
export function drawModal() {
  const { view } = state.modal;
  if (!view) return dialog.open && hide();
  const another = fields.view?.id !== view.id;
  title.replaceChildren(...textNodes(view.title));
  if (another) fields.trouble(null);
  fields.show(view);
  drawButtons();
  if (!dialog.open) {
    opener = document.activeElement;
    dialog.showModal();
  }
  if (another) focusFirst();
  else if (!dialog.contains(document.activeElement) || document.activeElement.hidden) cancel.focus();
}

function drawButtons() {
  const { view } = fields;
  if (!view) return;
  const isWaiting = waiting === view.id;
  submitButton.hidden = !view.submit;
  submitButton.replaceChildren(...(view.submit ? textNodes(view.submit) : []));
  submitButton.classList.toggle("busy", isWaiting);
  submitButton.setAttribute("aria-disabled", String(isWaiting));
  const words = view.close ? textNodes(view.close) : [view.depth ? "Back" : "Cancel"];
  cancel.replaceChildren(...words);
}

function focusFirst() {
  body.scrollTop = 0;
  const first = body.querySelector("[autofocus]") ?? body.querySelector("input, select, textarea") ?? cancel;
  first.focus();
}

function hide() {
  fields.view = null;
  waiting = null;
  body.replaceChildren();
  dialog.close();
  if (opener?.isConnected) opener.focus();
  else fallback();
}
