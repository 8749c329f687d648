import { defineState } from '../state-piece.ts';

/** Answers that are looked at in one run: what is wrong with the last is told in the outcome only. */
export const selfCheckRounds = 3;

/** What the condition `self_check_should_retry` looks at. */
export const passedState = defineState<boolean>('self_check_passed');

export interface Checked {
  readonly node: string;
  readonly round: number;
  readonly issues: readonly string[];
}

export const checkedState = defineState<Checked>('self_check');

/** What the checks of a run came to; `undefined` where nothing was checked. */
export function selfCheckOf(state: { get(key: string): unknown }) {
  const passed = passedState.of(state);
  return passed === undefined ? undefined : { passed, issues: passed ? [] : (checkedState.of(state)?.issues ?? []) };
}
