// @ts-check
/** Zero bits a stamp must have; the starter checks against the same number. */
export const STAMP_BITS = 18;
const PATIENCE = 10_000;

const startWorker = () => new Worker(new URL('./stamp-worker.js', import.meta.url), { type: 'module' });

/**
 * The proof of work for one submission at a time, '' when it cannot be had: the message then goes without.
 * @param {() => Worker} [start]
 */
export function createStamper(start = startWorker) {
  let id = '';
  let cancel = () => {};
  let stamp = Promise.resolve('');

  /** @param {string} submissionId */
  const begin = (submissionId) =>
    /** @type {Promise<string>} */ (
      new Promise((resolve) => {
        const worker = start();
        const end = (/** @type {string} */ nonce) => {
          worker.terminate();
          resolve(nonce);
        };
        cancel = () => end('');
        worker.onmessage = ({ data }) => end(data);
        worker.onerror = cancel;
        worker.postMessage({ submissionId, bits: STAMP_BITS });
      })
    ).catch(() => ''); // new Worker throws where workers are forbidden

  /** Starts the work for an id, or goes on with it. @param {string} submissionId @returns {Promise<string>} */
  const prepare = (submissionId) => {
    if (id !== submissionId) {
      cancel();
      id = submissionId;
      stamp = begin(submissionId);
    }
    return stamp;
  };

  return {
    prepare,
    /** The stamp, if it is there in time. @param {string} submissionId @returns {Promise<string>} */
    take: (submissionId) =>
      Promise.race([prepare(submissionId), new Promise((resolve) => setTimeout(resolve, PATIENCE, ''))]),
  };
}
