import type { Agent } from '../agent.ts';
import { defineAnswer } from '../answer-shape.ts';
import { ask } from '../ask.ts';
import { taskObservationPrompt } from '../prompts/task-observation.ts';
import { tell } from '../tell.ts';
import { observationState, planState } from './multi-state.ts';

const shape = defineAnswer('observation', {
  type: 'object',
  properties: {
    result: { type: 'string', description: 'What is there now.' },
    has_worked: { type: 'boolean', description: 'Whether the step has worked.' },
    still_open: { type: 'string', description: "What of the user's task is still to be done; empty for nothing." },
  },
  required: ['result', 'has_worked', 'still_open'],
  additionalProperties: false,
});

/** Looks at what came of the step. Where it cannot be understood, the next plan goes by the results themselves. */
export const taskObservationAgent: Agent = {
  key: 'task_observation',
  async *run(context) {
    const { node, view } = context;
    const plan = planState.of(view.state);
    if (plan === undefined || observationState.of(view.state)?.node === node) return { type: 'done' };
    const end = yield* ask(context, { instruction: taskObservationPrompt(plan), shape, takesGuidance: true });
    if (end.type === 'unclear') return { type: 'done' };
    if (end.type !== 'answered') return end;
    const { result, still_open: stillOpen } = end.answer;
    const content = stillOpen === '' ? result : `${result}\n\nStill open: ${stillOpen}`;
    yield tell(context, { type: 'observation', content }, [observationState.entry({ node, stillOpen })]);
    return { type: 'done' };
  },
};
