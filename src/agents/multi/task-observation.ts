import type { Agent } from '../agent.ts';
import { defineAnswer } from '../answer-shape.ts';
import { ask } from '../ask.ts';
import { marks, taskObservationPrompt } from '../prompts/task-observation.ts';
import { tell } from '../tell.ts';
import { observationState, planState } from './multi-state.ts';

const shape = defineAnswer('observation', {
  type: 'object',
  properties: {
    result: { type: 'string', pattern: '\\S', description: 'What is there now.' },
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
    const { result, has_worked, still_open } = end.answer;
    const said = `${has_worked ? marks.worked : marks.failed} ${result}`;
    const content = still_open === '' ? said : `${said}\n\nStill open: ${still_open}`;
    const kept = [observationState.entry({ node, stillOpen: still_open })];
    yield tell(context, { type: 'observation', content, metadata: { has_worked, still_open } }, kept);
    return { type: 'done' };
  },
};
