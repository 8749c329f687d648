import { inUsersLanguage } from './language.ts';

export function planPrompt(): string {
  return `Before anything is changed, make a plan for the task. Look around with your tools as far as the plan needs it; they only read.
Then write the plan: what is to be reached, the steps in their order with the files and commands they are about, how it will be checked, and
what is still open and only the user can decide. Do not begin the work.
${inUsersLanguage}`;
}

/** What the user has said meanwhile follows it. */
export function planAnewPrompt(): string {
  return `The user has something to add to the plan. Answer what they ask, and write the whole plan anew with what they say. Do not begin the work.
${inUsersLanguage}`;
}

/** Where looking around has taken long enough. */
export function planNowPrompt(): string {
  return 'You have looked around long enough. Write the plan now, with what you know.';
}

export function planDecisionPrompt(): string {
  return `Decide what comes after the plan. "start_execution": the user wants the task done, and the plan leaves nothing open that only they can
decide. "wait_for_user": they asked for the plan only, wanted to see it first, or something is open that only they can decide. Then
"question" is what they are asked: what they are to decide, or whether to start, in one or two sentences.
${inUsersLanguage}`;
}

/** Where the decision could not be understood. */
export function planQuestionPrompt(): string {
  return `The plan waits for the user. Ask them, in one or two sentences, to decide what it leaves open, or whether it is to be carried out. Write
nothing else.
${inUsersLanguage}`;
}

export function startPrompt(): string {
  return 'Carry out the plan now.';
}
