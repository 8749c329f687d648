import { inUsersLanguage } from './language.ts';

export function taskSummaryPrompt(): string {
  return `The work is over. Give the user the answer: what they asked for itself, or where it is to be found, and what they must know about it,
what was left undone included. Do not tell of plans, rounds, steps and tools, and do not begin new work.
${inUsersLanguage}`;
}
