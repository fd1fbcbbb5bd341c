// @ts-check
/** @typedef {import('./identity.js').Attempt} Attempt */
/** @typedef {{values: Record<string, string>, firstInputAt: number, attempt?: Attempt}} Draft */

// sessionStorage ends with the tab, so an unsent text outlives a reload but not the visitor's leaving. The
// attempt is kept with it: a text sent again after a reload keeps its id.
const KEY = 'contactflow.draft';

/** @returns {Draft | undefined} */
export function readDraft() {
  try {
    const draft = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    return draft && typeof draft.values === 'object' ? draft : undefined;
  } catch {
    return undefined; // storage refused by the browser's settings, or written by somebody else
  }
}

/** @param {Draft} draft */
export function keepDraft(draft) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(draft));
  } catch {
    // Storage is refused or full: the text is still in the form.
  }
}

export function clearDraft() {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Storage is refused: nothing was kept.
  }
}
