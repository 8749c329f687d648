import type { ModelFailure } from './model-failure.ts';

/** How often a request is sent at most. */
const maxTries = 5;

const longestWaitMs = 60_000;
const firstBackOffMs = 500;
const longestBackOffMs = 8_000;

/**
 * How long to wait before the next try, in milliseconds, or `undefined` where there is none.
 *
 * Retried are HTTP 408, 409, 429 and 5xx (also as the code of an error reported before the first piece), a lost
 * connection, and a stream that ended without an answer; never a deadline. The wait is the one the provider asks for,
 * if it is a minute at most; else 500 ms, doubled with each try up to 8 s, of which `random` takes away up to the half.
 */
export function nextTryMs(failure: ModelFailure, tries: number, random: () => number): number | undefined {
  if (tries >= maxTries || !isRetried(failure)) return undefined;
  const { retryAfterMs } = failure;
  if (retryAfterMs !== undefined) return retryAfterMs <= longestWaitMs ? retryAfterMs : undefined;
  const backOffMs = Math.min(firstBackOffMs * 2 ** (tries - 1), longestBackOffMs);
  return Math.round(backOffMs * (1 - random() / 2));
}

function isRetried({ kind, status, shouldRetry }: ModelFailure): boolean {
  switch (kind) {
    case 'http':
    case 'reported':
      return shouldRetry ?? (status !== undefined && (status >= 500 || [408, 409, 429].includes(status)));
    case 'connection':
    case 'unfinished':
      return true;
    case 'overflow':
    case 'garbled':
    case 'client':
      return false;
    default:
      return kind satisfies never;
  }
}
