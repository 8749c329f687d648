import { defineState } from '../state-piece.ts';

/** What the condition `plan_should_start_execution` looks at. */
export const planStatusState = defineState<'start_execution' | 'pause'>('plan_status');
