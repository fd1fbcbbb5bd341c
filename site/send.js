// @ts-check
/** @typedef {{kind: 'accepted', messageId: string}} Accepted */
/** @typedef {{kind: 'refused', reason: 'invalid' | 'setup' | 'tooLarge' | 'stopped'}} Refused not to be repeated by machine */
/** @typedef {{kind: 'later', reason: 'busy' | 'unavailable' | 'slow' | 'unreachable' | 'offline'}} Later */
/** @typedef {Accepted | Refused | Later} Outcome */
/** @typedef {{submissionId: string, [field: string]: string | number}} Submission as schemas/submission.py says */

export const ATTEMPTS = 5;
const PATIENCE = 15_000;
const MESSAGE_ID = /^[A-Za-z0-9-]{1,80}$/;

/** @type {Record<number, Refused['reason']>} */
const REFUSALS = { 400: 'invalid', 413: 'tooLarge' };

/**
 * Milliseconds before the next attempt: a random half to whole of a span that doubles from 1 s to 20 s.
 * @param {number} attempt from 1 @param {() => number} random
 */
export function backoff(attempt, random) {
  const most = Math.min(20_000, 1000 * 2 ** (attempt - 1));
  return Math.round(most * (0.5 + random() / 2));
}

/** @param {number} status @returns {Refused | Later} */
export function failureOf(status) {
  if (status === 429) return { kind: 'later', reason: 'busy' };
  if (status >= 500 || status === 408) return { kind: 'later', reason: 'unavailable' };
  return { kind: 'refused', reason: REFUSALS[status] ?? 'setup' };
}

/**
 * One POST. `stop` aborts it.
 * @param {string} api @param {Submission} submission @param {AbortSignal} stop @returns {Promise<Outcome>}
 */
export async function post(api, submission, stop) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  const abort = () => patience.abort();
  stop.addEventListener('abort', abort);
  try {
    return await answerOf(await fetch(`${api}/sendEmail`, request(submission, patience.signal)), submission.submissionId);
  } catch {
    // fetch has one error, TypeError, for no network, no CORS and a refused connection: https://fetch.spec.whatwg.org/#fetch-method
    if (stop.aborted) return { kind: 'refused', reason: 'stopped' };
    if (patience.signal.aborted) return { kind: 'later', reason: 'slow' };
    return { kind: 'later', reason: navigator.onLine ? 'unreachable' : 'offline' };
  } finally {
    clearTimeout(timer);
    stop.removeEventListener('abort', abort);
  }
}

/** @param {object} submission @param {AbortSignal} signal @returns {RequestInit} */
function request(submission, signal) {
  return {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(submission),
    credentials: 'omit',
    cache: 'no-store',
    redirect: 'error',
    signal,
  };
}

/** @param {Response} response @param {string} submissionId @returns {Promise<Outcome>} */
async function answerOf(response, submissionId) {
  if (!response.ok) return failureOf(response.status);
  const { messageId } = await response.json().catch(() => ({}));
  // The status line has said yes; a broken body changes nothing about that, and our id is the message's.
  return { kind: 'accepted', messageId: MESSAGE_ID.test(messageId ?? '') ? messageId : submissionId };
}

/**
 * Waits, but not longer than until the network is back or `stop`.
 * @param {number} milliseconds @param {AbortSignal} stop @returns {Promise<void>}
 */
export function pause(milliseconds, stop) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      stop.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    addEventListener('online', done);
    stop.addEventListener('abort', done);
  });
}

/**
 * Posts until it is accepted, refused, stopped, or ATTEMPTS are used up.
 * @param {() => Promise<Outcome>} attemptOnce
 * @param {(reason: Later['reason'], attempt: number) => void} report called before each wait with the attempt to come
 * @param {AbortSignal} stop
 * @param {typeof pause} [wait] @param {() => number} [random] @returns {Promise<Outcome>}
 */
export async function deliver(attemptOnce, report, stop, wait = pause, random = Math.random) {
  for (let attempt = 1; !stop.aborted; attempt += 1) {
    const outcome = await attemptOnce();
    if (outcome.kind !== 'later' || attempt === ATTEMPTS) return outcome;
    report(outcome.reason, attempt + 1);
    await wait(outcome.reason === 'offline' ? 30_000 : backoff(attempt, random), stop);
  }
  return { kind: 'refused', reason: 'stopped' };
}
