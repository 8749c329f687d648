import { textOf } from '../../messages/message.ts';
import type { Agent, AgentContext } from '../agent.ts';
import { finishOf } from '../fibre/finish-task.ts';
import { selfCheckPrompt } from '../prompts/self-check.ts';
import { tellHidden } from '../tell.ts';
import { checkFiles } from './check-files.ts';
import { linkedFiles, namedFiles, requiredTags, unbalancedTags } from './check-text.ts';
import { begunTasks, writtenFiles } from './run-calls.ts';
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
    const checked = { node, round: (before?.round ?? 0) + 1, issues };
    const passed = passedState.entry(issues.length === 0);
    if (issues.length === 0 || checked.round >= selfCheckRounds || !canAnswer(context)) {
      yield session.append([checkedState.entry(checked), passed]);
    } else {
      const kept = [checkedState.entry({ ...checked, remark: session.nextSeq }), passed];
      yield tellHidden(context, selfCheckPrompt({ issues }), kept);
    }
    return { type: 'done' };
  },
};

/** To mend something takes a model call, and maybe a tool's: a run without them would end as if it had not answered at all. */
function canAnswer({ budget }: AgentContext): boolean {
  return budget.stepsLeft() > 0 && budget.toolCallsLeft() > 0 && !budget.isSpent();
}

async function findIssues(context: AgentContext): Promise<string[]> {
  const { view, session, prompt } = context;
  const answer = view.messages.findLast(({ role }) => role === 'assistant');
  if (answer === undefined) return [];
  const finish = finishOf(session.toolState);
  const text = finish?.message_id === answer.message_id ? finish.result : textOf(answer);
  const files = { linked: linkedFiles(text), named: namedFiles(text), written: writtenFiles(context) };
  return [
    ...unbalancedTags(text, requiredTags(prompt.system)),
    ...openTasks(context, text),
    ...(await checkFiles(files, context)),
  ];
}

/** Who asks something is not through yet. */
function openTasks(context: AgentContext, text: string): string[] {
  const open = begunTasks(context).filter(({ status }) => status !== 'completed');
  if (open.length === 0 || /[?？]\s*$/.test(text)) return [];
  const names = open.map(({ id, content }) => `${id} (${content})`).join(', ');
  return [`The todo list has tasks that are not completed: ${names}. Do them, or say in the list why not.`];
}
