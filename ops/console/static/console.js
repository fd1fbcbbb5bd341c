// Fetches each page's content with the token in a header, and puts the server's fragments where they belong.
import { ask, keepToken, parse, token } from "./ask.js";
import { listen } from "./keys.js";

const main = document.getElementById("main");
const dialog = document.getElementById("dialog");
const said = document.getElementById("said");
let etag = "";
let refreshed = Date.now();
let took = 0;

const fragmentOf = (location) => `/fragment${location.pathname === "/" ? "/" : location.pathname}${location.search}`;

export function say(text) {
  said.textContent = text;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => (said.textContent = ""), 5000);
}

function show(content, { keep }) {
  const focused = main.contains(document.activeElement) ? document.activeElement.id : "";
  const open = keep ? [...main.querySelectorAll("details[open][id]")].map((details) => details.id) : [];
  const kept = keep ? [...main.querySelectorAll("[data-keep]")] : [];
  main.replaceChildren(content);
  main.setAttribute("aria-busy", "false");
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  for (const region of kept) document.getElementById(region.id)?.replaceWith(region);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: keep });
  const page = main.querySelector("[data-title]");
  document.title = `${page.dataset.title} · ContactFlow console`;
  if (page.dataset.held !== undefined) badge(page.dataset.held);
  for (const link of document.querySelectorAll(".tabs a")) {
    const here = link.pathname === location.pathname || (link.pathname === "/review" && location.pathname.startsWith("/messages/"));
    here ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
  }
}

function badge(held) {
  const link = document.querySelector('.tabs a[href="/review"]');
  link.textContent = held === "0" ? "Review" : `Review (${held})`;
}

function locked() {
  main.replaceChildren(document.getElementById("locked").content.cloneNode(true));
  main.setAttribute("aria-busy", "false");
}

async function load({ keep = false } = {}) {
  const wanted = fragmentOf(location);
  const asked = Date.now();
  const answer = await ask(wanted, keep && etag ? { headers: { "If-None-Match": etag } } : {});
  if (wanted !== fragmentOf(location)) return;
  refreshed = Date.now();
  took = refreshed - asked;
  if (answer.status === 304) return;
  if (answer.status === 401) return locked();
  if (keep && !answer.ok) return say("The console answered with an error; it goes on trying.");
  etag = answer.headers.get("ETag") ?? "";
  show(parse(await answer.text()), { keep });
}

export async function go(address) {
  history.pushState(null, "", address);
  await load();
  main.focus();
  scrollTo(0, 0);
}

async function into(answer, target) {
  target.replaceChildren(parse(await answer.text()));
}

async function converse(answer) {
  if (answer.status === 401) return dialog.close(), locked();
  await into(answer, dialog);
  if (!dialog.open) dialog.showModal();
  (dialog.querySelector("[autofocus]") ?? dialog.querySelector("button:not([hidden])"))?.focus();
  for (const button of dialog.querySelectorAll("[data-close]")) button.hidden = false;
  const follow = dialog.querySelector("[data-follow]");
  if (follow) setTimeout(async () => follow.isConnected && dialog.open && converse(await ask(follow.dataset.follow)), 500);
}

function fieldsOf(form, submitter) {
  const fields = new FormData(form, submitter);
  for (const input of form.querySelectorAll("[data-as-is]")) if (input.value === input.dataset.asIs) fields.delete(input.name);
  return new URLSearchParams(fields);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog") return;
  event.preventDefault();
  if (form.id === "unlock") {
    keepToken(new FormData(form).get("address"));
    return run(load());
  }
  const fields = fieldsOf(form, event.submitter);
  if (form.dataset.navigate !== undefined) {
    for (const [name, value] of [...fields]) if (!value || (name === "status" && value === "review")) fields.delete(name);
    return run(go(`${form.getAttribute("action")}${fields.size ? `?${fields}` : ""}`));
  }
  if (form.dataset.dialog === undefined) return;
  const chosen = event.submitter?.dataset.needsRows === undefined || fields.has("item") || fields.has("all");
  if (!chosen) return say("Choose a message first: x, or its box.");
  const path = event.submitter?.getAttribute("formaction") ?? form.getAttribute("action");
  run(ask(path, { method: "POST", body: fields }).then(converse));
});

document.addEventListener("change", (event) => {
  const { form, dataset } = event.target;
  if (dataset.now !== undefined) form.requestSubmit();
  if (dataset.again !== undefined) form.requestSubmit(form.querySelector("[data-preview]"));
  if (dataset.all !== undefined) for (const box of form.querySelectorAll("[name=item]")) box.checked = event.target.checked;
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  const plain = !event.defaultPrevented && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (link && plain && link.origin === location.origin && !link.getAttribute("href").startsWith("#")) {
    event.preventDefault();
    return run(go(link.href));
  }
  const button = event.target.closest("button");
  if (button?.dataset.close !== undefined) return dialog.close();
  if (button?.dataset.fetch) {
    const target = document.getElementById(button.dataset.into);
    run(ask(button.dataset.fetch).then(async (answer) => {
      await into(answer, target);
      target.querySelector("[tabindex]")?.focus();
    }));
  }
});

dialog.addEventListener("close", () => {
  // What was done shows at once, and the list forgets what was chosen.
  if (dialog.querySelector("[data-changed], [data-follow]")) run(load());
  dialog.replaceChildren();
});
addEventListener("popstate", () => run(load()));
addEventListener("hashchange", () => token() && run(load()));

async function run(work) {
  try {
    await work;
  } catch (problem) {
    // fetch rejects with a TypeError when nothing listens; the console may come back.
    if (!(problem instanceof TypeError)) throw problem;
    say("The console does not answer. Is it still running?");
  }
}

setInterval(() => {
  const seconds = Number(main.querySelector("[data-live]")?.dataset.live ?? 0);
  // Looking on leaves a busy laptop time for what is looked at, and is never late for long.
  const due = seconds && Date.now() - refreshed >= Math.max(seconds * 1000, Math.min(10 * took, 10_000));
  if (!due || document.visibilityState !== "visible" || dialog.open) return;
  refreshed = Date.now();
  run(load({ keep: true }));
}, 500);

listen({ main, dialog, help: document.getElementById("keys") });
token();
run(load());
