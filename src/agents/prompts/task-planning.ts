import { inUsersLanguage } from './language.ts';
import { marksExplained } from './task-observation.ts';

export interface TaskPlanningFacts {
  /** Names and first sentences of what the executor can call. */
  readonly tools: readonly string[];
  /** From 1. */
  readonly round: number;
  readonly rounds: number;
}

export function taskPlanningPrompt({ tools, round, rounds }: TaskPlanningFacts): string {
  return `You plan the work on the user's task; somebody else carries your plan out, one step at a time. This is round ${round} of at most ${rounds}.
Decide on the next step: the one that brings the task furthest with what is known now. Make it small enough to be finished and checked
in one go, and say by what it will be seen to have worked. Do not repeat a step that has been done, and do not carry it out yourself.
${marksExplained}
${tools.length === 0 ? 'The executor has no tools: it can only write.' : `The executor has these tools:\n${tools.join('\n')}`}
${inUsersLanguage}`;
}
