import type { Agent } from './agent.ts';
import { taskSummaryPrompt } from './prompts/task-summary.ts';
import { streamReply } from './stream-reply.ts';

/** Gives the user the answer that the work has come to. */
export const taskSummaryAgent: Agent = {
  key: 'task_summary',
  async *run(context) {
    const { session, node, signal, budget } = context;
    const said = session.ledger.find(session.replyOf(node) ?? '');
    if (said !== undefined && said.metadata?.['incomplete'] === undefined) return { type: 'done' };
    if (signal.aborted) return { type: 'stopped' };
    if (budget.isSpent()) return { type: 'budget' };
    const reply = yield* streamReply(context, {
      messageType: 'final_answer',
      instruction: taskSummaryPrompt(),
      isHelper: true,
    });
    return reply.type === 'replied' ? { type: 'done' } : reply;
  },
};
