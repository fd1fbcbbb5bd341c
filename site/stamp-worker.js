// @ts-check
import { blockOf, firstWord } from './sha256.js';

const DIGITS = 8;
const NINE = 0x39;
const A = 0x61;
const F = 0x66;
const ZERO = 0x30;

/** Counts up the hex digits that end at `last`. @param {Uint8Array} block @param {number} last */
function countUp(block, last) {
  let at = last;
  while (block[at] === F) {
    block[at] = ZERO;
    at -= 1;
  }
  block[at] = block[at] === NINE ? A : block[at] + 1;
}

/**
 * The first hex nonce for which sha256("<submissionId>:<nonce>") begins with so many zero bits (at most 32).
 * @param {string} submissionId @param {number} bits
 */
export function findNonce(submissionId, bits) {
  const start = submissionId.length + 1;
  const block = blockOf(`${submissionId}:${'0'.repeat(DIGITS)}`);
  const view = new DataView(block.buffer);
  while (Math.clz32(firstWord(view)) < bits) countUp(block, start + DIGITS - 1);
  return String.fromCharCode(...block.subarray(start, start + DIGITS));
}

addEventListener('message', ({ data }) => postMessage(findNonce(data.submissionId, data.bits)));
