import { inUsersLanguage } from './language.ts';

/** How an observation begins, whatever its language. */
export const marks = { worked: '✓', failed: '✗' } as const;

/** Tells those who read observations. */
export const marksExplained = `An observation begins with ${marks.worked} where its step has worked, and with ${marks.failed} where it has not.`;

export interface TaskObservationFacts {
  readonly nextStep: string;
  readonly expectedResult: string;
}

export function taskObservationPrompt({ nextStep, expectedResult }: TaskObservationFacts): string {
  return `You look at what came of the last step of the plan. Trust results of tools, not what was said about them.
The step: ${nextStep}
It has worked when: ${expectedResult}
Say what is there now that was not there before, whether the step has worked, and what of the user's whole task is still open.
${inUsersLanguage}`;
}
