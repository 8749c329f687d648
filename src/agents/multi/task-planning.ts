import { SageError } from '../../errors.ts';
import { firstSentence } from '../../tools/first-sentence.ts';
import type { Agent, AgentContext } from '../agent.ts';
import { defineAnswer } from '../answer-shape.ts';
import { ask } from '../ask.ts';
import { taskPlanningPrompt } from '../prompts/task-planning.ts';
import { tell } from '../tell.ts';
import { completedState, planState } from './multi-state.ts';
import { stopWork } from './stop-work.ts';

const shape = defineAnswer('next_step', {
  type: 'object',
  properties: {
    next_step: { type: 'string', pattern: '\\S', description: 'What is to be done next.' },
    expected_result: { type: 'string', pattern: '\\S', description: 'By what it is seen to have worked.' },
  },
  required: ['next_step', 'expected_result'],
  additionalProperties: false,
});

/** Decides on the next step of the task. It ends the run when all rounds are used up. */
export const taskPlanningAgent: Agent = {
  key: 'task_planning',
  async *run(context) {
    const { node, view, budget } = context;
    const last = planState.of(view.state);
    if (last?.node === node) return { type: 'done' };
    const round = (last?.round ?? 0) + 1;
    const rounds = budget.maxLoopCount;
    if (round > rounds) return yield* stopWork(context, 'rounds');
    if (budget.stepsLeft() <= 0) return yield* stopWork(context, 'calls');
    const instruction = taskPlanningPrompt({ tools: describeTools(context), round, rounds });
    const end = yield* ask(context, { instruction, shape, takesGuidance: true });
    if (end.type === 'unclear') return { type: 'failed', error: noPlan() };
    if (end.type !== 'answered') return end;
    const { next_step: nextStep, expected_result: expectedResult } = end.answer;
    const kept = [planState.entry({ node, round, nextStep, expectedResult }), completedState.entry(false)];
    yield tell(context, { type: 'planning', content: `${nextStep}\n\n→ ${expectedResult}` }, kept);
    return { type: 'done' };
  },
};

function noPlan(): SageError {
  const agent = 'task_planning';
  const message = `Agent "${agent}" got no usable plan from the model, in two tries. Choose a model that follows a JSON schema, or agentMode 'simple'.`;
  return new SageError('flow-error', message, { agent });
}

function describeTools({ tools }: AgentContext): string[] {
  return tools.listTools().map(({ name, description }) => `- ${name}: ${firstSentence(description)}`);
}
