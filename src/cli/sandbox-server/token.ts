import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { HttpError } from './http.ts';

/** What the protocol calls its key. */
const header = 'open-sandbox-api-key';

/** Returns a check that takes the same time however much of the token was guessed. @throws {HttpError} 401 from it. */
export function createTokenCheck(token: string): (request: IncomingMessage) => void {
  const expected = digest(token);
  return (request) => {
    const given = request.headers[header];
    if (typeof given === 'string' && timingSafeEqual(digest(given), expected)) return;
    throw new HttpError(401, 'UNAUTHORIZED', `The token in the header "${header}" is missing or wrong.`);
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
