/** Every agent but `simple`: loaded together, with the first of them that is run. */
export { memoryRecallAgent } from './memory-recall.ts';
export { taskCompletionJudgeAgent } from './multi/task-completion-judge.ts';
export { taskExecutorAgent } from './multi/task-executor.ts';
export { taskObservationAgent } from './multi/task-observation.ts';
export { taskPlanningAgent } from './multi/task-planning.ts';
export { planAgent } from './plan/plan.ts';
export { querySuggestAgent } from './query-suggest.ts';
export { selfCheckAgent } from './self-check/self-check.ts';
export { taskSummaryAgent } from './task-summary.ts';
export { toolSuggestionAgent } from './tool-suggestion.ts';
