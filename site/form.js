// @ts-check
import { problemOf, ruleOf } from './rules.js';

/** @typedef {import('./texts.js').Texts} Texts */
/** @typedef {HTMLInputElement | HTMLTextAreaElement} Control */
/** @typedef {{control: Control, problem: HTMLElement, rule: import('./rules.js').Rule}} Field */

export const NAMES = ['name', 'email', 'subject', 'message'];

/** @param {string} id @returns {any} */
export const byId = (id) => document.getElementById(id);

/** @returns {Field[]} */
export function findFields() {
  return NAMES.map((name) => ({ control: byId(name), problem: byId(`${name}-problem`), rule: ruleOf(byId(name)) }));
}

/** @param {Field[]} fields @returns {Record<string, string>} */
export const valuesOf = (fields) => Object.fromEntries(fields.map(({ control }) => [control.name, control.value]));

/** @param {Texts} texts @param {Field} field @param {string} key '' clears it */
function showProblem(texts, { control, problem, rule }, key) {
  problem.hidden = key === '';
  texts.say(problem, key, { limit: rule.maxLength });
  if (key) control.setAttribute('aria-invalid', 'true');
  else control.removeAttribute('aria-invalid');
}

/** Shows what is wrong with a field; true when nothing is. @param {Texts} texts @param {Field} field */
function check(texts, field) {
  const kind = problemOf(field.control.value, field.rule);
  showProblem(texts, field, kind && `problem.${field.control.name}.${kind}`);
  return kind === '';
}

/** Shows every field's problem and goes to the first; the number of them. @param {Texts} texts @param {Field[]} fields */
export function checkAll(texts, fields) {
  const bad = fields.filter((field) => !check(texts, field));
  bad[0]?.control.focus();
  return bad.length;
}

/** @param {Texts} texts @param {Field[]} fields */
export function clearProblems(texts, fields) {
  fields.forEach((field) => showProblem(texts, field, ''));
}

/**
 * Runs a thing now or, while a pointer is pressed, after its click: a problem that appears between press and
 * release moves the button away from under the pointer, and the click is lost.
 */
export function watchPress() {
  let pressed = false;
  addEventListener('pointerdown', () => (pressed = true), true);
  ['pointerup', 'pointercancel'].forEach((type) => addEventListener(type, () => (pressed = false), true));
  return (/** @type {() => void} */ run) => {
    if (pressed) addEventListener('pointerup', () => setTimeout(run), { once: true });
    else run();
  };
}

/**
 * A field speaks up when it is left, and falls silent while it is being mended.
 * @param {Texts} texts @param {Field} field @param {ReturnType<typeof watchPress>} whenReleased
 */
export function watchField(texts, field, whenReleased) {
  const { control, problem, rule } = field;
  control.addEventListener('blur', () => {
    // Passing an empty field by is no mistake yet: only sending makes it one.
    if (control.value !== '') whenReleased(() => control.value !== '' && check(texts, field));
  });
  control.addEventListener('input', () => {
    if (!problem.hidden) check(texts, field);
  });
  control.addEventListener('paste', (event) => {
    const pasted = /** @type {ClipboardEvent} */ (event).clipboardData?.getData('text') ?? '';
    // maxlength cuts a pasted text without a word.
    if (control.value.length - selected(control) + pasted.length <= rule.maxLength) return;
    setTimeout(() => showProblem(texts, field, 'problem.cut'));
  });
}

/** The length of the selection; an e-mail input tells none. @param {Control} control */
const selected = ({ selectionStart, selectionEnd }) => (selectionEnd ?? 0) - (selectionStart ?? 0);

/** @param {Texts} texts @param {Field} field */
export function watchLength(texts, { control, rule }) {
  const [count, left] = [byId('message-count'), byId('message-left')];
  let timer = 0;
  const update = () => {
    const rest = rule.maxLength - control.value.length;
    texts.say(count, 'form.count', { used: control.value.length, limit: rule.maxLength });
    count.classList.toggle('count-low', rest <= rule.maxLength / 10);
    clearTimeout(timer);
    // A screen reader hears it when it begins to matter, and not at every key.
    timer = setTimeout(() => (rest <= 100 ? texts.say(left, 'form.left', { left: rest }) : texts.say(left, '')), 800);
  };
  control.addEventListener('input', update);
  return update;
}

/** While a message is under way its fields stay readable and keep the focus, but do not change. @param {Field[]} fields @param {boolean} locked */
export function lock(fields, locked) {
  fields.forEach(({ control }) => {
    control.readOnly = locked;
  });
}
