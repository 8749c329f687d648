import { inUsersLanguage } from './language.ts';

export function planPrompt(): string {
  return `Before anything is changed, make a plan for the task. Look around with your tools as far as the plan needs it; they only read.
Then write the plan: what is to be reached, the steps in their order with the files and commands they are about, how it will be checked, and
what is still open and only the user can decide. Do not begin the work.
${inUsersLanguage}`;
}

/** Where looking around has taken long enough. */
export function planNowPrompt(): string {
  return 'You have looked around long enough. Write the plan now, with what you know.';
}

export function planDecisionPrompt(): string {
  return `Decide what comes after the plan. "start_execution": the user wants the task done, and the plan leaves nothing open that only they can
decide. "wait_for_user": they asked for the plan only, wanted to see it first, or something is open that only they can decide.`;
}

export function startPrompt(): string {
  return 'Carry out the plan now.';
}
