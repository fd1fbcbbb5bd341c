// @ts-check
/** @typedef {{status: string, acceptedAt?: string, updatedAt?: string, sentAt?: string, settledAt?: string}} Record */
/** @typedef {'done' | 'current' | 'todo' | 'held'} Step */

/** @type {{[status: string]: [Step, Step, Step]}} received, sent, delivered */
const STEPS = {
  checking: ['todo', 'todo', 'todo'],
  unknown: ['todo', 'todo', 'todo'],
  queued: ['done', 'current', 'todo'],
  sending: ['done', 'current', 'todo'],
  sent: ['done', 'done', 'current'],
  delayed: ['done', 'done', 'current'],
  delivered: ['done', 'done', 'done'],
  outcome_unknown: ['done', 'held', 'todo'],
  review: ['done', 'held', 'todo'],
  rejected: ['done', 'held', 'todo'],
  suppressed: ['done', 'held', 'todo'],
  discarded: ['done', 'held', 'todo'],
  soft_bounced: ['done', 'done', 'held'],
  bounced: ['done', 'done', 'held'],
  complained: ['done', 'done', 'done'],
};

const SETTLED = new Set(['delivered', 'bounced', 'complained', 'rejected', 'suppressed', 'discarded']);

/** A status this page does not know yet is shown as being worked on. @param {string} status */
export const known = (status) => (Object.hasOwn(STEPS, status) ? status : 'queued');

/** @param {string} status */
export const stepsOf = (status) => STEPS[known(status)];

/** @param {string} status */
export const isSettled = (status) => SETTLED.has(status);

/** @param {string} status */
export const needsPerson = (status) => stepsOf(status).includes('held') || status === 'complained';

/** Milliseconds until the next look: from 1 s, half as much again each time, to 15 s. @param {number} look from 0 */
export const interval = (look) => Math.min(15_000, Math.round(1000 * 1.5 ** look));

/** A look every 15 s at last: about ten minutes. */
export const LOOKS = 45;

/**
 * What the API says, undefined when it cannot be asked. Right after the 202 the queue has the message and the
 * table does not: a fresh id's 404 is "queued".
 * @param {string} api @param {string} id @param {boolean} fresh @returns {Promise<Record | undefined>}
 */
export async function look(api, id, fresh) {
  try {
    const response = await fetch(`${api}/messages/${id}`, { credentials: 'omit', cache: 'no-store' });
    if (response.status === 404) return { status: fresh ? 'queued' : 'unknown' };
    if (response.status === 400) return { status: 'unknown' };
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined; // no network, no CORS, or no JSON: asked again later
  }
}

/**
 * Looks until the message is settled; not while the page is hidden.
 * @param {() => Promise<Record | undefined>} ask
 * @param {(record: Record | undefined) => void} show @param {() => void} rest called when the looks are used up
 */
export function follow(ask, show, rest) {
  let looks = 0;
  let timer = 0;
  // Whoever finds the round changed after waiting for an answer has been replaced or stopped.
  let round = 0;

  const next = async () => {
    if (document.hidden) return;
    const mine = round;
    const record = await ask();
    if (mine !== round) return;
    show(record);
    if (record && isSettled(record.status)) stop();
    else if (looks === LOOKS) rest();
    else timer = setTimeout(next, interval(looks));
    looks += 1;
  };
  const pause = () => {
    clearTimeout(timer);
    round += 1;
  };
  const restart = () => {
    pause();
    looks = 0;
    void next();
  };
  const onVisibility = () => (document.hidden ? pause() : restart());
  const stop = () => {
    pause();
    document.removeEventListener('visibilitychange', onVisibility);
  };

  document.addEventListener('visibilitychange', onVisibility);
  void next();
  return { restart, stop };
}
