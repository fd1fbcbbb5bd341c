// Requests to the console. The token came behind the # of its address, which no browser sends anywhere.
const KEPT = "contactflow-token";
// The one place where text becomes elements; the server has escaped all that is not its own, and the policy of the page
// (Content-Security-Policy) lets no script run that is not a file of the console.
const policy = globalThis.trustedTypes?.createPolicy("console", { createHTML: (text) => text }) ?? { createHTML: (text) => text };

export function keepToken(text) {
  sessionStorage.setItem(KEPT, /(?:#token=)?([\w-]+)$/.exec(text.trim())?.[1] ?? "");
}

export function token() {
  if (location.hash.startsWith("#token=")) {
    keepToken(location.hash);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return sessionStorage.getItem(KEPT) ?? "";
}

export function ask(path, options = {}) {
  const headers = { ...options.headers, "X-ContactFlow-Token": token() };
  return fetch(path, { ...options, headers, cache: "no-store", redirect: "error" });
}

export function parse(text) {
  const parsed = new DOMParser().parseFromString(policy.createHTML(text), "text/html");
  const content = document.createDocumentFragment();
  content.append(...parsed.body.childNodes);
  return content;
}
