import { defineState } from '../state-piece.ts';

/** Each agent of multi keeps the path of the node that said it: one that is entered again knows that it has spoken. */
interface Said {
  readonly node: string;
}

export interface Plan extends Said {
  readonly round: number;
  readonly nextStep: string;
  readonly expectedResult: string;
}

export interface Observation extends Said {
  readonly stillOpen: string;
}

export interface Judgement extends Said {
  readonly verdict: 'completed' | 'continue' | 'need_user_input';
}

export const planState = defineState<Plan>('task_planning');
export const observationState = defineState<Observation>('task_observation');
export const judgementState = defineState<Judgement>('task_completion_judge');
/** What the condition `task_not_completed` looks at. */
export const completedState = defineState<boolean>('task_completed');
