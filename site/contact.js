// @ts-check
import { clearDraft, keepDraft, readDraft } from './draft.js';
import { byId, checkAll, clearProblems, findFields, lock, valuesOf, watchField, watchLength, watchPress } from './form.js';
import { createIdentity } from './identity.js';
import { ATTEMPTS, deliver, post } from './send.js';
import { createStamper } from './stamp.js';

/** @typedef {import('./texts.js').Texts} Texts */
/** @typedef {import('./draft.js').Draft} Draft */

const LONGEST_FILL = 604_800_000; // the schema's maximum

/** Milliseconds as the schema takes them; 0 when nothing was typed. @param {number} firstInputAt @param {number} now */
export function fillTime(firstInputAt, now) {
  return firstInputAt && Math.min(Math.max(now - firstInputAt, 1), LONGEST_FILL);
}

/** The contact form: keeps what is typed, works at the stamp meanwhile, sends. */
export class Contact {
  #fields = findFields();
  #stamper = createStamper();
  #identity = createIdentity();
  #attempt = /** @type {import('./identity.js').Attempt | undefined} */ (undefined);
  #firstInputAt = 0;
  #sending = /** @type {AbortController | undefined} */ (undefined);

  /** @param {string} api @param {string} form '' for the stack's first @param {Texts} texts @param {(messageId: string) => void} onAccepted */
  constructor(api, form, texts, onAccepted) {
    this.api = api;
    this.form = form;
    this.texts = texts;
    this.onAccepted = onAccepted;
    this.updateCount = watchLength(texts, this.#fields[3]);
  }

  /** Takes over the form: from here on it can be sent. */
  open() {
    const [form, send] = [byId('form'), byId('send')];
    form.noValidate = true; // the page says it in its own words
    const whenReleased = watchPress();
    this.#fields.forEach((field) => watchField(this.texts, field, whenReleased));
    form.addEventListener('input', () => this.#onInput());
    form.addEventListener('submit', (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      if (!this.#sending) void this.#submit();
    });
    byId('stop').addEventListener('click', () => {
      send.focus();
      this.#sending?.abort();
    });
    this.#restore(readDraft(this.form));
    send.disabled = false;
  }

  /** @param {Draft | undefined} draft */
  #restore(draft) {
    if (!draft || !Object.values(draft.values).some(Boolean)) return;
    this.#fields.forEach(({ control }) => {
      control.value = draft.values[control.name] ?? '';
    });
    this.#attempt = draft.attempt;
    this.#identity = createIdentity(draft.attempt);
    this.#firstInputAt = draft.firstInputAt;
    this.updateCount();
    this.texts.say(byId('progress'), 'form.restored');
    void this.#stamper.prepare(this.#identity.idFor(this.#content()));
  }

  #content() {
    return JSON.stringify([...Object.values(valuesOf(this.#fields)), byId('website').value]);
  }

  #keep() {
    keepDraft(this.form, { values: valuesOf(this.#fields), firstInputAt: this.#firstInputAt, attempt: this.#attempt });
  }

  #onInput() {
    this.#firstInputAt ||= Date.now();
    this.#keep();
    this.texts.say(byId('progress'), '');
    this.#showFailure('');
    void this.#stamper.prepare(this.#identity.idFor(this.#content()));
  }

  async #submit() {
    const count = checkAll(this.texts, this.#fields);
    this.#showFailure('');
    this.texts.say(byId('progress'), count ? '' : 'sending.now');
    if (count) {
      this.texts.say(byId('failure'), 'problems', { count });
      return;
    }
    const stop = new AbortController();
    this.#showSending(stop);
    const outcome = await this.#deliver(stop.signal);
    this.#showSending(undefined);
    this.texts.say(byId('progress'), '');
    if (outcome.kind !== 'accepted') {
      this.#showFailure(outcome.reason);
      return;
    }
    this.#clear();
    this.onAccepted(outcome.messageId);
  }

  /** @param {AbortSignal} stop */
  async #deliver(stop) {
    const fillMilliseconds = fillTime(this.#firstInputAt, Date.now());
    const { id: submissionId } = (this.#attempt = this.#identity.post(this.#content()));
    this.#keep();
    const stamp = await this.#stamper.take(submissionId);
    const values = { ...valuesOf(this.#fields), website: byId('website').value, ...(this.form && { form: this.form }) };
    return deliver(
      () => post(this.api, { ...values, submissionId, fillMilliseconds, stamp }, stop),
      (reason, attempt) => this.texts.say(byId('progress'), `sending.${reason}`, { attempt, attempts: ATTEMPTS }),
      stop,
    );
  }

  /** @param {AbortController | undefined} stop */
  #showSending(stop) {
    const busy = Boolean(stop);
    this.#sending = stop;
    lock(this.#fields, busy);
    byId('form').setAttribute('aria-busy', String(busy));
    byId('send').setAttribute('aria-disabled', String(busy));
    byId('stop').hidden = !busy;
    if (busy) this.texts.say(byId('send'), 'form.sending');
  }

  /** @param {string} reason '' when there is none */
  #showFailure(reason) {
    this.texts.say(byId('failure'), reason && `failed.${reason}`);
    this.texts.say(byId('send'), reason ? 'form.again' : 'form.send');
  }

  #clear() {
    byId('form').reset();
    clearDraft(this.form);
    clearProblems(this.texts, this.#fields);
    this.#showFailure('');
    this.updateCount();
    this.#identity = createIdentity();
    this.#attempt = undefined;
    this.#firstInputAt = 0;
  }
}
