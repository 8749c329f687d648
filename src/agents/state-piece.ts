import type { Entry } from '../session/entry.ts';
import type { RunContext } from './run-context.ts';

/** One agent's own part of what a run keeps, with its type. A continued run has it; the next run begins without it. */
export interface StatePiece<Value> {
  of(state: Pick<RunContext['state'], 'get'>): Value | undefined;
  /** What keeps a value, to be stored in one record with what it is about. */
  entry(value: Value): Entry;
  /** What has the run forget its value. */
  cleared(): Entry;
}

export function defineState<Value>(key: string): StatePiece<Value> {
  return {
    // Nobody else writes under this key.
    of: (state) => state.get(key) as Value | undefined,
    entry: (value) => ({ type: 'run_state', key, value }),
    cleared: () => ({ type: 'run_state', key }),
  };
}
