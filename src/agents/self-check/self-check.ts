import { textOf } from '../../messages/message.ts';
import { readTasks, type TodoTask } from '../../tools/builtin/todo.ts';
import type { Agent, AgentContext } from '../agent.ts';
import { finishOf } from '../fibre/finish-task.ts';
import { selfCheckPrompt } from '../prompts/self-check.ts';
import { tellHidden } from '../tell.ts';
import { checkFiles } from './check-files.ts';
import { linkedFiles, unbalancedTags } from './check-text.ts';
import { checkedState, passedState, selfCheckRounds } from './self-check-state.ts';

/** Checks the newest answer for what can be seen without a model, and has the agent before it mend what is wrong. */
export const selfCheckAgent: Agent = {
  key: 'self_check',
  async *run(context) {
    const { session, node, view } = context;
    const before = checkedState.of(view.state);
    if (before?.node === node) return { type: 'done' };
    const issues = await findIssues(context);
    if (context.signal.aborted) return { type: 'stopped' };
    const round = (before?.round ?? 0) + 1;
    const hasPassed = issues.length === 0;
    const kept = [checkedState.entry({ node, round, issues }), passedState.entry(hasPassed)];
    // Nobody would answer a remark on the last round but the next turn of the user.
    if (hasPassed || round >= selfCheckRounds) yield session.append(kept);
    else yield tellHidden(context, selfCheckPrompt({ issues }), kept);
    return { type: 'done' };
  },
};

async function findIssues(context: AgentContext): Promise<string[]> {
  const answer = context.view.messages.findLast(({ role }) => role === 'assistant');
  if (answer === undefined) return [];
  const finish = finishOf(context.session.toolState);
  const text = finish?.message_id === answer.message_id ? finish.result : textOf(answer);
  return [
    ...unbalancedTags(text),
    ...openTasks(readTasks(context.session.toolState), text),
    ...(await checkFiles(linkedFiles(text), context)),
  ];
}

/** A list nobody has begun is a plan; and who asks something is not through yet. */
function openTasks(tasks: readonly TodoTask[], text: string): string[] {
  const open = tasks.filter(({ status }) => status !== 'completed');
  const isBegun = tasks.some(({ status }) => status !== 'pending');
  if (open.length === 0 || !isBegun || /[?？]\s*$/.test(text)) return [];
  const names = open.map(({ id, content }) => `${id} (${content})`).join(', ');
  return [`The todo list has tasks that are not completed: ${names}. Do them, or say in the list why not.`];
}
