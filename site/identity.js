// @ts-check
/** @typedef {{id: string, content: string}} Attempt the id under which a content was last posted */

/** crypto.randomUUID exists in secure contexts only: https://developer.mozilla.org/en-US/docs/Web/API/Crypto/randomUUID */
export function newId() {
  return crypto.randomUUID ? crypto.randomUUID() : uuidOf(crypto.getRandomValues(new Uint8Array(16)));
}

/** A version 4 UUID (RFC 9562, section 5.4) of 16 random bytes. @param {Uint8Array} bytes */
export function uuidOf(bytes) {
  const marked = Uint8Array.from(bytes);
  marked[6] = (marked[6] & 0x0f) | 0x40;
  marked[8] = (marked[8] & 0x3f) | 0x80;
  const hex = Array.from(marked, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/**
 * One id per content: a retry of what was posted keeps its id, so that it cannot arrive twice; edited content
 * is a message of its own.
 * @param {Attempt} [attempt] @param {() => string} [makeId]
 */
export function createIdentity(attempt, makeId = newId) {
  const posted = new Map(attempt && [[attempt.content, attempt.id]]);
  let next = '';

  /** @param {string} content */
  const idFor = (content) => {
    next ||= makeId();
    return posted.get(content) ?? next;
  };

  return {
    idFor,
    /** @param {string} content @returns {Attempt} */
    post(content) {
      const id = idFor(content);
      if (id === next) next = '';
      posted.set(content, id);
      return { id, content };
    },
  };
}
