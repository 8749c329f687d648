import { expect, test } from 'vitest';
import { planPrompt } from '../../src/agents/prompts/plan.ts';
import { querySuggestPrompt } from '../../src/agents/prompts/query-suggest.ts';
import { taskCompletionJudgePrompt } from '../../src/agents/prompts/task-completion-judge.ts';
import { taskExecutorPrompt } from '../../src/agents/prompts/task-executor.ts';
import { taskObservationPrompt } from '../../src/agents/prompts/task-observation.ts';
import { taskPlanningPrompt } from '../../src/agents/prompts/task-planning.ts';
import { taskSummaryPrompt } from '../../src/agents/prompts/task-summary.ts';

const step = { nextStep: 'Dig', expectedResult: 'A hole' };

test.each([
  ['the plan', planPrompt()],
  ['suggestions', querySuggestPrompt()],
  ['the judge', taskCompletionJudgePrompt()],
  ['the executor', taskExecutorPrompt(step)],
  ['the observer', taskObservationPrompt(step)],
  ['the planner', taskPlanningPrompt({ tools: [], round: 1, rounds: 2 })],
  ['the summary', taskSummaryPrompt()],
])('the language of %s is the user’s, whose place the runtime’s own English takes in the history', (_, prompt) => {
  const last = prompt.split('\n').at(-1);
  expect(last).toContain('that the user themselves has written');
  expect(last).toContain('This instruction, and others like it, are not theirs.');
});
