// @ts-check
// crypto.subtle.digest answers by promise, one per hash: tens of times slower here than arithmetic in a loop.

/**
 * The first 32 bits of the fractional parts of the primes' roots: the constants of FIPS 180-4, 4.2.2 and 5.3.3.
 * @param {(prime: number) => number} root @param {number} count
 */
function fractions(root, count) {
  const found = [];
  for (let candidate = 2; found.length < count; candidate += 1) {
    if (isPrime(candidate)) found.push(((root(candidate) % 1) * 2 ** 32) | 0);
  }
  return Int32Array.from(found);
}

/** @param {number} candidate */
function isPrime(candidate) {
  for (let divisor = 2; divisor * divisor <= candidate; divisor += 1) {
    if (candidate % divisor === 0) return false;
  }
  return true;
}

const K = fractions(Math.cbrt, 64);
const H = fractions(Math.sqrt, 8);
const W = new Int32Array(64);

/** One padded block for a text of at most 55 ASCII characters. @param {string} text */
export function blockOf(text) {
  if (text.length > 55) throw new RangeError('longer than one block');
  const block = new Uint8Array(64);
  block.set(new TextEncoder().encode(text));
  block[text.length] = 0x80;
  new DataView(block.buffer).setUint32(60, text.length * 8);
  return block;
}

/** @param {DataView} view */
function schedule(view) {
  for (let t = 0; t < 16; t += 1) W[t] = view.getInt32(t * 4);
  for (let t = 16; t < 64; t += 1) {
    const x = W[t - 15];
    const y = W[t - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    W[t] = (W[t - 16] + s0 + W[t - 7] + s1) | 0;
  }
}

/** The first 32 bits of SHA-256 of one padded block. @param {DataView} view */
export function firstWord(view) {
  schedule(view);
  let a = H[0];
  let b = H[1];
  let c = H[2];
  let d = H[3];
  let e = H[4];
  let f = H[5];
  let g = H[6];
  let h = H[7];
  for (let t = 0; t < 64; t += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[t] + W[t]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  return (H[0] + a) | 0;
}
