/** What the server answered with, where that was a refusal. */
export class Refusal extends Error {
  /** @param {string} code @param {string} message @param {string} [why] an answer of a person does not count */
  constructor(code, message, why) {
    super(message);
    this.code = code;
    this.why = why;
  }
}

/**
 * @param {string} path
 * @param {{ method?: string, body?: unknown }} [options]
 * @returns {Promise<any>}
 */
export async function call(path, { method = 'GET', body } = {}) {
  const response = await fetch(`/api/${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  const { code = 'internal', message = response.statusText, why } = answer.error ?? {};
  if (!response.ok) throw new Refusal(code, message, why);
  return answer;
}

/** @param {string} sessionId @param {string} [rest] */
export const session = (sessionId, rest = '') => `sessions/${encodeURIComponent(sessionId)}${rest}`;
