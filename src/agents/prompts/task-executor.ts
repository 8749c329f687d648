import { inUsersLanguage } from './language.ts';

export interface TaskExecutorFacts {
  readonly nextStep: string;
  readonly expectedResult: string;
}

export function taskExecutorPrompt({ nextStep, expectedResult }: TaskExecutorFacts): string {
  return `Carry out this step of the plan now, with your tools where they help, and nothing beyond it:
${nextStep}
It has worked when: ${expectedResult}
When you are through, say in a few sentences what you did and what came of it. If it cannot be done, say what stands in the way.
${inUsersLanguage}`;
}
