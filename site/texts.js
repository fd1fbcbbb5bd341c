// @ts-check
/** @typedef {Record<string, string | number>} Values `time` is an instant as on the wire; numbers are written the language's way */
/** @typedef {Record<string, Record<string, string>>} Catalogue language → key → text */

/**
 * The language asked for by ?lang=, else the visitor's first known one, else the first there is.
 * @param {string} search @param {readonly string[]} preferred @param {string[]} known
 */
export function chooseLanguage(search, preferred, known) {
  const asked = new URLSearchParams(search).get('lang') ?? '';
  const wanted = [asked, ...preferred].map((tag) => tag.toLowerCase().split('-')[0]);
  return wanted.find((tag) => known.includes(tag)) ?? known[0];
}

/**
 * A key that exists per plural form (`problems.one`, `problems.other`) is chosen by `values.count`.
 * @param {Record<string, string>} words @param {string} language @param {string} key @param {Values} values
 */
export function render(words, language, key, values) {
  const plural = `${key}.${new Intl.PluralRules(language).select(Number(values.count))}`;
  const text = words[plural] ?? words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => written(language, name, values[name]));
}

/** @param {string} language @param {string} name @param {string | number | undefined} value */
function written(language, name, value) {
  if (name === 'time') return readableTime(language, String(value));
  return typeof value === 'number' ? new Intl.NumberFormat(language).format(value) : String(value ?? '');
}

/** @param {string} language @param {string} instant */
export function readableTime(language, instant) {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return '';
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(date);
}

/** @typedef {ReturnType<typeof createTexts>} Texts */

/**
 * Every text on the page carries its key, so that the language can change under way.
 * @param {Catalogue} catalogue @param {string} language
 */
export function createTexts(catalogue, language) {
  let current = language;

  /** @param {HTMLElement} node */
  const write = (node) => {
    const { text = '', values = '{}' } = node.dataset;
    const rendered = text && render(catalogue[current], current, text, JSON.parse(values));
    // A live region speaks whenever it is written to, so only what changed is.
    if (node.textContent !== rendered) node.textContent = rendered;
  };

  /** @param {HTMLElement} node @param {string} key @param {Values} [values] */
  const say = (node, key, values = {}) => {
    node.dataset.text = key;
    node.dataset.values = JSON.stringify(values);
    write(node);
  };

  return {
    say,
    /** @param {HTMLTimeElement} node @param {string | undefined} instant */
    tell(node, instant) {
      node.dateTime = instant ?? '';
      if (instant) say(node, 'receipt.time', { time: instant });
      else say(node, '');
    },
    /** @param {string} chosen */
    use(chosen) {
      current = chosen;
      document.documentElement.lang = chosen;
      document.querySelectorAll('[data-text]').forEach((node) => write(/** @type {HTMLElement} */ (node)));
    },
  };
}
