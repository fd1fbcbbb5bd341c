// @ts-check
/** @typedef {import('./identity.js').Attempt} Attempt */
/** @typedef {{values: Record<string, string>, firstInputAt: number, attempt?: Attempt}} Draft */

// sessionStorage ends with the tab, so an unsent text outlives a reload but not the visitor's leaving. The
// attempt is kept with it: a text sent again after a reload keeps its id. Each form of a site has its own.
/** @param {string} form */
const keyOf = (form) => (form ? `contactflow.draft.${form}` : 'contactflow.draft');

/** @param {string} form @returns {Draft | undefined} */
export function readDraft(form) {
  try {
    const draft = JSON.parse(sessionStorage.getItem(keyOf(form)) ?? 'null');
    return draft && typeof draft.values === 'object' ? draft : undefined;
  } catch {
    return undefined; // storage refused by the browser's settings, or written by somebody else
  }
}

/** @param {string} form @param {Draft} draft */
export function keepDraft(form, draft) {
  try {
    sessionStorage.setItem(keyOf(form), JSON.stringify(draft));
  } catch {
    // Storage is refused or full: the text is still in the form.
  }
}

/** @param {string} form */
export function clearDraft(form) {
  try {
    sessionStorage.removeItem(keyOf(form));
  } catch {
    // Storage is refused: nothing was kept.
  }
}
