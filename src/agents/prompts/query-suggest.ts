import { inUsersLanguage } from './language.ts';

export function querySuggestPrompt(): string {
  return `Suggest three things the user may want to ask or have done next, after this. Each is one short sentence as the user would say it
to you, leads further, and repeats nothing that has been answered.
${inUsersLanguage}`;
}
