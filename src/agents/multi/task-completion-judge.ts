import type { Agent } from '../agent.ts';
import { defineAnswer } from '../answer-shape.ts';
import { ask } from '../ask.ts';
import { taskCompletionJudgePrompt } from '../prompts/task-completion-judge.ts';
import { tell } from '../tell.ts';
import { completedState, judgementState, type Judgement } from './multi-state.ts';

const shape = defineAnswer('judgement', {
  type: 'object',
  properties: {
    reason: {
      type: 'string',
      pattern: '\\S',
      description: 'Why, in one or two sentences; for need_user_input the question itself.',
    },
    verdict: { type: 'string', enum: ['completed', 'continue', 'need_user_input'] },
  },
  required: ['reason', 'verdict'],
  additionalProperties: false,
});

/** Judges whether the task is done. A judge that cannot be understood has not said so: the work goes on. */
export const taskCompletionJudgeAgent: Agent = {
  key: 'task_completion_judge',
  async *run(context) {
    const { node, view } = context;
    const known = judgementState.of(view.state);
    if (known?.node === node) return outcomeOf(known);
    const end = yield* ask(context, { instruction: taskCompletionJudgePrompt(), shape, takesGuidance: true });
    if (end.type === 'unclear') return { type: 'done' };
    if (end.type !== 'answered') return end;
    const { reason, verdict } = end.answer;
    const judgement = { node, verdict };
    const kept = [judgementState.entry(judgement), completedState.entry(verdict === 'completed')];
    yield tell(context, { type: 'task_completion_judge', content: reason, metadata: { verdict } }, kept);
    return outcomeOf(judgement);
  },
};

function outcomeOf({ verdict }: Judgement): { readonly type: 'need-user-input' | 'done' } {
  return { type: verdict === 'need_user_input' ? 'need-user-input' : 'done' };
}
