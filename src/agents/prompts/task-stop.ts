import { inUsersLanguage } from './language.ts';

/** What the work ran out of, or that its executor went in a circle. */
export type StopCause = 'rounds' | 'calls' | 'circle';

export interface TaskStopFacts {
  readonly cause: StopCause;
  /** The run's `maxLoopCount`. */
  readonly most: number;
  /** The last one that was planned, from 1; 0 for none. */
  readonly round: number;
  /** By the newest observation; empty for nothing. */
  readonly stillOpen: string;
}

export function taskStopPrompt(facts: TaskStopFacts): string {
  const open = facts.stillOpen === '' ? '' : `\nWhen it was looked at last, this was still open: ${facts.stillOpen}`;
  return `The work has to stop before the user's task is done: ${why(facts)}.${open}
Tell the user in a few sentences that and why it stopped, what has been reached, and what is still open. Do not begin new work, and do not
promise any.
${inUsersLanguage}`;
}

/** What the user is told where no model can be asked. */
export function taskStopText(facts: TaskStopFacts): string {
  const open = facts.stillOpen === '' ? '' : `\n\nStill open: ${facts.stillOpen}`;
  return `I have stopped before the task was done: ${why(facts)}.${open}`;
}

function why({ cause, most, round }: TaskStopFacts): string {
  const inRound = round === 0 ? '' : `, in round ${round}`;
  switch (cause) {
    case 'rounds':
      return `this run has had ${allOf(most, 'round')} it may take (maxLoopCount)`;
    case 'calls':
      return `this run has made ${allOf(most, 'model call')} with tools it may make (maxLoopCount)${inRound}`;
    case 'circle':
      return `the same calls were made again and again, with the same results${inRound}`;
    default:
      return cause satisfies never;
  }
}

function allOf(count: number, thing: string): string {
  return count === 1 ? `the one ${thing}` : `all ${count} ${thing}s`;
}
