// @ts-check
import { Contact } from './contact.js';
import { byId } from './form.js';
import { createReceipt } from './receipt.js';
import { chooseLanguage, createTexts } from './texts.js';

const RECEIPT = /^#m=([A-Za-z0-9-]{1,80})$/;
// A burst waits in the queue before the table knows its ids, so for this long an unknown id is a queued one.
const FRESH_FOR = 3_600_000;

/** @param {string} path */
async function fetchJson(path) {
  const response = await fetch(path, { cache: 'no-cache' });
  if (!response.ok) throw new TypeError(`${path}: HTTP ${response.status}`);
  return response.json();
}

/**
 * The API's address without a final slash, undefined when config.json is missing or wrong; which form this is and
 * its language, said by the form's attributes before config.json.
 */
async function findSetup() {
  const { form, language } = byId('form').dataset;
  const config = await fetchJson('config.json').catch(() => ({})); // no network, no such file, or no JSON
  return { api: apiOf(config.apiUrl), form: String(form || config.form || ''), language: String(language || config.language || '') };
}

/** @param {string} url */
function apiOf(url) {
  try {
    const { protocol, href } = new URL(url);
    return /^https?:$/.test(protocol) ? href.replace(/\/+$/, '') : undefined;
  } catch {
    return undefined; // no URL: nothing can be sent
  }
}

/** @param {string} language */
function markLanguage(language) {
  byId('languages').querySelectorAll('a').forEach((/** @type {HTMLAnchorElement} */ link) => {
    if (link.lang === language) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  });
}

/** Changes the language in place, so that nothing typed is lost. @param {import('./texts.js').Texts} texts */
function watchLanguages(texts) {
  byId('languages').addEventListener('click', (/** @type {MouseEvent} */ event) => {
    const link = /** @type {Element} */ (event.target).closest('a');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.replaceState(history.state, '', `?lang=${link.lang}${location.hash}`);
    texts.use(link.lang);
    markLanguage(link.lang);
  });
}

/**
 * Form or receipt, as the address says.
 * @param {import('./receipt.js').Receipt} receipt @param {boolean} moved the visitor has just gone there
 */
function route(receipt, moved) {
  const id = RECEIPT.exec(location.hash)?.[1];
  byId('form').hidden = Boolean(id);
  byId('receipt').hidden = !id;
  if (!id) {
    receipt.close();
    if (moved) byId('name').focus();
    return;
  }
  receipt.open(id, Date.now() - (history.state?.acceptedAt ?? 0) < FRESH_FOR);
  if (moved) byId('receipt-title').focus();
}

/** @param {string} api @param {string} form @param {import('./texts.js').Texts} texts */
function run(api, form, texts) {
  const receipt = createReceipt(api, texts);
  const contact = new Contact(api, form, texts, (messageId) => {
    // The reference stands after the #, which no browser sends to any server.
    history.pushState({ acceptedAt: Date.now() }, '', `#m=${messageId}`);
    route(receipt, true);
  });
  contact.open();
  byId('another').addEventListener('click', () => {
    history.pushState(null, '', location.pathname + location.search);
    route(receipt, true);
  });
  addEventListener('popstate', () => route(receipt, true));
  route(receipt, false);
}

async function main() {
  const [catalogue, setup] = await Promise.all([fetchJson('texts.json'), findSetup()]);
  const language = chooseLanguage(location.search, [setup.language, ...navigator.languages], Object.keys(catalogue));
  const texts = createTexts(catalogue, language);
  texts.use(language);
  markLanguage(language);
  watchLanguages(texts);
  byId('slow').hidden = true;
  if (setup.api) run(setup.api, setup.form, texts);
  else byId('config-missing').hidden = false;
}

void main();
