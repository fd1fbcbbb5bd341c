// Keeps the page fresh: asks for it again and swaps the regions marked data-live that have changed.
const INTERVAL_MS = 2000;
let etag = "";
for (const region of document.querySelectorAll("[data-live]")) region.dataset.shown = region.innerHTML;

function swap(fresh) {
  for (const region of document.querySelectorAll("[data-live]")) {
    const newer = fresh.getElementById(region.id);
    if (!newer || newer.innerHTML === region.dataset.shown) continue;
    const focused = region.contains(document.activeElement) ? document.activeElement.id : "";
    const open = [...region.querySelectorAll("details")].map((details) => details.open);
    region.dataset.shown = newer.innerHTML;
    region.replaceChildren(...newer.cloneNode(true).childNodes);
    region.querySelectorAll("details").forEach((details, index) => (details.open = Boolean(open[index])));
    if (focused) (document.getElementById(focused) ?? document.getElementById("main")).focus();
  }
}

async function refresh() {
  const answer = await fetch(location.href, { headers: etag ? { "If-None-Match": etag } : {} });
  if (!answer.ok) return;
  etag = answer.headers.get("ETag") ?? "";
  swap(new DOMParser().parseFromString(await answer.text(), "text/html"));
}

function say(text) {
  const said = document.getElementById("said");
  said.textContent = text;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => (said.textContent = ""), 4000);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.said) return;
  event.preventDefault();
  const fields = new URLSearchParams(new FormData(form, event.submitter));
  try {
    const answer = await fetch(form.action, { method: "POST", body: fields });
    say(answer.ok ? form.dataset.said : `Refused: ${(await answer.text()).trim()}`);
    await refresh();
  } catch (problem) {
    if (!(problem instanceof TypeError)) throw problem;
    say("The local stack does not answer.");
  }
});

async function keepFresh() {
  try {
    if (document.visibilityState === "visible") await refresh();
  } catch (problem) {
    // fetch rejects with a TypeError when nothing listens; the stack may come back.
    if (!(problem instanceof TypeError)) throw problem;
  } finally {
    setTimeout(keepFresh, INTERVAL_MS);
  }
}

keepFresh();
