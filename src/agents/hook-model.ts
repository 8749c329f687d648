import type { Message, MessageChunk } from '../messages/message.ts';
import { isVisible } from '../messages/visibility.ts';
import type { Entry } from '../session/entry.ts';
import type { Session } from '../session/session.ts';
import type { AgentContext, NodeOutcome } from './agent.ts';
import type { HookEnd, HookRunner } from './hook-runner.ts';
import type { Stop } from './hooks.ts';
import { readStop, readUserMessage } from './read-hook-results.ts';
import { tellHidden } from './tell.ts';

type Ended = Extract<NodeOutcome, { type: 'stopped' | 'hook-stopped' }>;

/** The session keeps the number of the newest message that the hook has seen. */
const stateKey = 'on_user_message';

/**
 * Begins a model call, if the hooks let it: `begin` stores that. Every message of the user that is in the history then has been shown
 * to its hook, also what came meanwhile. Returns what ends the run, if anything does.
 */
export async function* beginWithHooks(
  context: AgentContext,
  { isHelper, begin }: { readonly isHelper: boolean; readonly begin: () => MessageChunk[] },
): AsyncGenerator<MessageChunk[], Ended | undefined> {
  const { hooks, session, prompt } = context;
  let isAsked = false;
  while (hooks !== undefined) {
    // Whoever acts takes guidance before a model call.
    const takes = !isHelper && session.guidance.size > 0;
    if (hooks.has('onUserMessage') && (takes || newMessages(context).length > 0)) {
      if (takes) yield session.takeGuidance();
      const ended = await hooks.inTurn(session.id, () => showNewMessages(context, hooks));
      if (ended !== undefined) return ended;
    } else if (isAsked) break;
    else {
      isAsked = true;
      const request = { model: prompt.parameters.model, isHelper, messages: session.history().length };
      const ended = endOf(await hooks.run('beforeModel', request, context, readStop));
      if (ended !== undefined) return ended;
    }
  }
  // Nothing is waited for in between.
  yield begin();
  return undefined;
}

async function showNewMessages(context: AgentContext, hooks: HookRunner): Promise<Ended | undefined> {
  const { session } = context;
  // From here on, also in later runs, what was not shown to the end is shown again.
  if (seenBy(session) === undefined) session.append([seenUntil(session.beganAt)]);
  for (const { message, seq } of newMessages(context)) {
    const { message_id: messageId, content, metadata = {} } = message;
    const end = await hooks.run('onUserMessage', { messageId, content, metadata }, context, readUserMessage);
    const said = end.type === 'said' && 'context' in end.result ? end.result.context : undefined;
    const seen = [seenUntil(seq)];
    if (said === undefined) {
      const ended = endOf(end as HookEnd<Stop>);
      if (ended !== undefined) return ended;
      session.append(seen);
    } else tellHidden(context, said, seen);
  }
  return undefined;
}

/** What users have said since the hook was called last; in a session that had no hooks before, since its run began. */
function newMessages({ session }: AgentContext): { readonly message: Message; readonly seq: number }[] {
  const seen = seenBy(session) ?? session.beganAt;
  return session.ledger.whole
    .filter(({ message }) => message.role === 'user' && isVisible(message))
    .map(({ message, replacedAt = message.seq }) => ({ message, seq: replacedAt }))
    .filter(({ seq }) => seq > seen)
    .toSorted((one, other) => one.seq - other.seq);
}

function seenBy({ toolState }: Session): number | undefined {
  // Only `seenUntil` writes it.
  return toolState.get(stateKey) as number | undefined;
}

function seenUntil(seq: number): Entry {
  return { type: 'state', key: stateKey, value: seq };
}

function endOf(end: HookEnd<Stop>): Ended | undefined {
  if (end.type === 'stopped') return { type: 'stopped' };
  if (end.type === 'said') return { type: 'hook-stopped', reason: end.result.reason };
  return end.type === 'failed' ? { type: 'hook-stopped', reason: end.reason } : undefined;
}
