// @ts-check
/** @typedef {{required: boolean, minLength: number, maxLength: number, pattern: RegExp}} Rule */

/**
 * What is wrong with a value, or ''. Lengths are in UTF-16 units, as in maxlength, where the API counts code
 * points: never more of them, so what passes here passes there.
 * @param {string} value @param {Rule} rule @returns {'' | 'missing' | 'tooLong' | 'shape'}
 */
export function problemOf(value, rule) {
  if (rule.required && !/\S/.test(value)) return 'missing';
  if (value === '') return '';
  if (value.length > rule.maxLength) return 'tooLong';
  return value.length < rule.minLength || !rule.pattern.test(value) ? 'shape' : '';
}

/**
 * The attribute's own pattern, not `validity`: Safari calls an address with an umlaut domain a type mismatch.
 * @param {string} source
 */
export function compile(source) {
  try {
    return new RegExp(source, 'v');
  } catch {
    return new RegExp(source, 'u'); // browsers before the v flag: https://caniuse.com/mdn-javascript_builtins_regexp_unicodesets
  }
}

/** @param {HTMLInputElement | HTMLTextAreaElement} control @returns {Rule} */
export function ruleOf(control) {
  const { required, minLength, maxLength } = control;
  return { required, minLength, maxLength, pattern: compile(control.getAttribute('pattern') ?? control.dataset.pattern ?? '') };
}
