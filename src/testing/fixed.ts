/** A clock for `SAgent`: it starts at `start` (milliseconds since 1970) and goes on by `stepMs` at each look. */
export function fixedClock(start = Date.UTC(2026, 0, 1), stepMs = 0): () => number {
  let now = start - stepMs;
  return () => (now += stepMs);
}

/** Ids for `SAgent`: `id-1`, `id-2`, … */
export function countingIds(prefix = 'id'): () => string {
  let last = 0;
  return () => `${prefix}-${(last += 1)}`;
}
