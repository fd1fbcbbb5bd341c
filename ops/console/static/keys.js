// The keyboard: a key presses the button or follows the link that names it in data-shortcut.
const KEPT = "contactflow-keys";
const TYPING = "input:not([type=checkbox]), textarea, select";

export function listen({ main, dialog, help }) {
  const enabled = document.getElementById("keys-on");
  // WCAG 2.1.4: who dictates or hits keys by accident can switch them off.
  enabled.checked = sessionStorage.getItem(KEPT) !== "off";
  enabled.addEventListener("change", () => sessionStorage.setItem(KEPT, enabled.checked ? "on" : "off"));
  document.getElementById("keys-open").addEventListener("click", () => help.showModal());
  document.addEventListener("keydown", (event) => {
    const modified = event.ctrlKey || event.metaKey || event.altKey;
    if (modified || !enabled.checked || help.open || event.target.closest(TYPING)) return;
    if (press(event.key, dialog.open ? dialog : main, dialog.open)) event.preventDefault();
  });
}

function press(key, area, inDialog) {
  if (!inDialog && move(key, area)) return true;
  if (key === "/" && !inDialog) return focus(area.querySelector("[data-filter]"));
  const found = (inDialog ? area : document).querySelector(`[data-shortcut="${CSS.escape(key)}"]`);
  if (!found) return false;
  if (found.dataset.needsRows !== undefined) chooseCurrent(area);
  found.click();
  return true;
}

function move(key, area) {
  const rows = [...area.querySelectorAll("[data-row]")].filter((row) => row.querySelector("[data-open], button"));
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  if (key === "j") return focus(handle(rows[Math.min(here + 1, rows.length - 1)]));
  if (key === "k") return focus(handle(rows[Math.max(here - 1, 0)]));
  const box = rows[here]?.querySelector("[name=item]");
  if (key !== "x" || !box) return false;
  box.checked = !box.checked;
  return true;
}

const handle = (row) => row?.querySelector("[data-open]") ?? row?.querySelector("button");

function focus(element) {
  element?.focus();
  element?.scrollIntoView({ block: "nearest" });
  return Boolean(element);
}

// An action without a choice is for the message that has the focus.
function chooseCurrent(area) {
  if (area.querySelector("[name=item]:checked, [name=all]:checked")) return;
  const box = document.activeElement.closest("[data-row]")?.querySelector("[name=item]");
  if (box) box.checked = true;
}
