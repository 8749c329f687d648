import type { Context } from 'hono';
import { isSageError, type SageErrorCode } from 'sagents';

const statuses: Partial<Record<SageErrorCode, 400 | 404 | 409 | 410 | 429>> = {
  'invalid-argument': 400,
  'not-available-yet': 400,
  'session-not-found': 404,
  'session-busy': 409,
  'session-not-live': 409,
  'flow-changed': 409,
  'cursor-expired': 410,
  'guidance-queue-full': 429,
};

/** What went wrong, for whoever asked; what only we can mend is for our log, and for nobody else. */
export function errorResponse(error: Error, context: Context): Response {
  if (isSageError(error, 'confirmation-refused')) {
    const { code, message, facts } = error;
    return context.json({ error: { code, message, why: facts.why } }, facts.why === 'expired' ? 410 : 409);
  }
  const status = isSageError(error) ? statuses[error.code] : undefined;
  if (isSageError(error) && status !== undefined) {
    return context.json({ error: { code: error.code, message: error.message } }, status);
  }
  console.error(error);
  return context.json({ error: { code: 'internal', message: 'The server failed. Its log tells why.' } }, 500);
}
