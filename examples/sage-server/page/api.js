/** What the server answered with, where that was a refusal. */
export class Refusal extends Error {
  /** @param {string} code @param {string} message */
  constructor(code, message) {
    super(message);
    this.code = code;
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
  if (!response.ok) throw new Refusal(answer.error?.code ?? 'internal', answer.error?.message ?? response.statusText);
  return answer;
}

/** @param {string} sessionId @param {string} [rest] */
export const session = (sessionId, rest = '') => `sessions/${encodeURIComponent(sessionId)}${rest}`;
