import { inUsersLanguage } from './language.ts';
import { marksExplained } from './task-observation.ts';

export function taskCompletionJudgePrompt(): string {
  return `You judge whether the user's task is done: all of it, as the user put it, shown by results and not by promises.
"completed": nothing is left to do. "continue": something is left that the executor can do. "need_user_input": nothing can be done before
the user has answered a question or decided something. When in doubt between the first two, it is "continue".
${marksExplained}
${inUsersLanguage}`;
}
