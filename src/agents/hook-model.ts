import type { Message, MessageChunk } from '../messages/message.ts';
import { isVisible } from '../messages/visibility.ts';
import type { Entry } from '../session/entry.ts';
import type { AgentContext, NodeOutcome } from './agent.ts';
import type { HookEnd, HookRunner } from './hook-runner.ts';
import type { Stop } from './hooks.ts';
import { readStop, readUserMessage } from './read-hook-results.ts';
import { tellHidden } from './tell.ts';

type Ended = Extract<NodeOutcome, { type: 'stopped' | 'hook-stopped' }>;

/** The session keeps the number of the newest message that the hook has seen. */
const stateKey = 'on_user_message';

/** What hooks say before a model is called: what ends the run, if anything does. Whoever acts takes guidance before it. */
export async function* beforeModel(
  context: AgentContext,
  { isHelper }: { readonly isHelper: boolean },
): AsyncGenerator<MessageChunk[], Ended | undefined> {
  const { hooks, session, prompt } = context;
  if (hooks === undefined) return undefined;
  if (hooks.has('onUserMessage')) {
    // More may come while the hook is asked about what has come.
    do {
      if (!isHelper && session.guidance.size > 0) yield session.takeGuidance();
      const ended = yield* showUserMessages(context, hooks);
      if (ended !== undefined) return ended;
    } while (!isHelper && session.guidance.size > 0);
  }
  const request = { model: prompt.parameters.model, isHelper, messages: session.history().length };
  return endOf(await hooks.run('beforeModel', request, context, readStop));
}

async function* showUserMessages(
  context: AgentContext,
  hooks: HookRunner,
): AsyncGenerator<MessageChunk[], Ended | undefined> {
  const { session } = context;
  for (const message of newMessages(context)) {
    const { message_id: messageId, content, metadata = {} } = message;
    const end = await hooks.run('onUserMessage', { messageId, content, metadata }, context, readUserMessage);
    const said = end.type === 'said' && 'context' in end.result ? end.result.context : undefined;
    const seen: Entry[] = [{ type: 'state', key: stateKey, value: message.seq }];
    if (said === undefined) {
      const ended = endOf(end as HookEnd<Stop>);
      if (ended !== undefined) return ended;
      session.append(seen);
    } else yield tellHidden(context, said, seen);
  }
  return undefined;
}

/** What users have said since the hook was called last; in a session that had no hooks before, since the last answer. */
function newMessages({ session: { ledger, toolState } }: AgentContext): Message[] {
  const messages = ledger.whole.map(({ message }) => message);
  const answered = messages.findLast(({ role }) => role === 'assistant')?.seq ?? 0;
  const seen = (toolState.get(stateKey) as number | undefined) ?? answered;
  return messages.filter((message) => message.role === 'user' && message.seq > seen && isVisible(message));
}

function endOf(end: HookEnd<Stop>): Ended | undefined {
  if (end.type === 'stopped') return { type: 'stopped' };
  if (end.type === 'said') return { type: 'hook-stopped', reason: end.result.reason };
  return end.type === 'failed' ? { type: 'hook-stopped', reason: end.reason } : undefined;
}
