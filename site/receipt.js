// @ts-check
import { byId } from './form.js';
import { follow, known, look, needsPerson, stepsOf } from './status.js';

/** @typedef {import('./texts.js').Texts} Texts */
/** @typedef {import('./status.js').Record} Record */

/** @param {Record} record @param {string} step */
function timeOf(record, step) {
  if (step === 'received') return record.acceptedAt;
  if (step === 'sent') return record.sentAt;
  return record.status === 'delivered' ? record.settledAt : undefined;
}

/** @param {Texts} texts @param {HTMLElement} item @param {string} state @param {string | undefined} time */
function showStep(texts, item, state, time) {
  const [, word, when] = item.children;
  item.className = `step-${state}`;
  if (state === 'current') item.setAttribute('aria-current', 'step');
  else item.removeAttribute('aria-current');
  texts.say(/** @type {HTMLElement} */ (word), `step.${state}`);
  texts.tell(/** @type {HTMLTimeElement} */ (when), state === 'done' ? time : undefined);
}

/** @param {Texts} texts @param {Record} record */
function showRecord(texts, record) {
  const status = record.status === 'checking' ? 'checking' : known(record.status);
  const steps = stepsOf(status);
  byId('receipt').dataset.tone = needsPerson(status) ? 'held' : steps[2];
  texts.say(byId('status-heading'), `status.${status}.heading`);
  texts.say(byId('status-detail'), `status.${status}.detail`);
  [...byId('steps').children].forEach((item, index) => showStep(texts, item, steps[index], timeOf(record, item.dataset.step)));
}

/** @param {Texts} texts @param {string} key '' hides it */
function showNote(texts, key) {
  byId('status-checked').hidden = key === '';
  texts.say(byId('status-checked'), key);
}

/** @param {Texts} texts @param {string} text @param {HTMLElement} [shown] selected where copying is forbidden */
async function copy(texts, text, shown) {
  const note = byId('copied');
  try {
    // `clipboard` exists in secure contexts only, and may be refused there.
    await navigator.clipboard.writeText(text);
    texts.say(note, 'receipt.copied');
  } catch {
    if (shown) getSelection()?.selectAllChildren(shown);
    texts.say(note, 'receipt.copyByHand');
  }
}

/** @typedef {ReturnType<typeof createReceipt>} Receipt */

/**
 * The visitor's receipt: one message's reference and where it is.
 * @param {string} api @param {Texts} texts
 */
export function createReceipt(api, texts) {
  let following = /** @type {ReturnType<typeof follow> | undefined} */ (undefined);
  const reference = byId('reference');

  const check = () => {
    byId('check').hidden = true;
    showNote(texts, '');
    following?.restart();
  };
  byId('check').addEventListener('click', check);
  byId('copy-reference').addEventListener('click', () => copy(texts, reference.textContent, reference));
  byId('copy-link').addEventListener('click', () => copy(texts, location.href));

  return {
    /** @param {string} id @param {boolean} fresh accepted a moment ago, so that the table may not know it yet */
    open(id, fresh) {
      following?.stop();
      reference.textContent = id;
      texts.say(byId('copied'), '');
      byId('check').hidden = true;
      showRecord(texts, { status: fresh ? 'queued' : 'checking' });
      following = follow(
        () => look(api, id, fresh),
        (record) => {
          showNote(texts, record ? '' : 'receipt.offline');
          if (record) showRecord(texts, record);
        },
        () => {
          showNote(texts, 'receipt.paused');
          byId('check').hidden = false;
        },
      );
    },
    close() {
      following?.stop();
    },
  };
}
