import type { Entry } from '../../session/entry.ts';
import type { SessionState } from '../../session/session-state.ts';
import { defineState } from '../state-piece.ts';

/** Answers that are looked at in one run: what is wrong with the last is told in the outcome only. */
export const selfCheckRounds = 3;

/** Whether the newest answer has passed. Hosts know it by its name. */
export const passedState = defineState<boolean>('self_check_passed');

export interface Checked {
  readonly node: string;
  readonly round: number;
  readonly issues: readonly string[];
  /** The number in the journal of what the agent was told of them; the next check tells that it has answered. */
  readonly remark?: number;
}

export const checkedState = defineState<Checked>('self_check');

type State = Parameters<typeof checkedState.of>[0];

/** Whether there is an answer to be given, or given again: not where nothing was said of what is wrong with it. */
export function shouldRetry(state: State): boolean {
  const checked = checkedState.of(state);
  return passedState.of(state) !== true && (checked === undefined || checked.remark !== undefined);
}

/** What the checks of a run came to; `undefined` where nothing was checked. */
export function selfCheckOf(state: State) {
  const passed = passedState.of(state);
  return passed === undefined ? undefined : { passed, issues: passed ? [] : (checkedState.of(state)?.issues ?? []) };
}

/** What takes a remark out of the history that was not answered until the run's end: the next run has another task. */
export function withdrawRemark({ ledger, lastRun }: Pick<SessionState, 'ledger' | 'lastRun'>): Entry[] {
  const remark = lastRun && checkedState.of(lastRun.state)?.remark;
  const said = ledger.whole.findLast(({ message }) => message.seq === remark)?.message;
  if (lastRun === undefined || remark === undefined || said === undefined) return [];
  const replies = [...lastRun.replies.values(), ...lastRun.helperReplies.values()];
  // A model that was called and said nothing may have been shown it.
  const wasSent = replies.some((messageId) => (ledger.find(messageId)?.seq ?? Infinity) > remark);
  return [
    { type: 'replaced', message_id: said.message_id, content: '' },
    ...(wasSent ? [{ type: 'prefix_changed', cause: 'replaced-message' } as const] : []),
  ];
}
