import type { Message, MessageChunk } from '../messages/message.ts';
import { isVisible } from '../messages/visibility.ts';
import type { Entry } from '../session/entry.ts';
import type { Session } from '../session/session.ts';
import type { HookEnd } from './hook-runner.ts';
import { stoppedBy, type HookStopped } from './hook-stopped.ts';
import type { Stop } from './hooks.ts';
import { loadNamedSkills, type LoadingContext } from './named-skills.ts';
import { readUserMessage } from './read-hook-results.ts';
import { namesSkills, unansweredTags } from './skill-tags.ts';
import { tellHidden } from './tell.ts';

interface HearingOptions {
  /** Whether guidance is taken into the history, so that it is heard as well. */
  readonly takesGuidance: boolean;
}

/** The session keeps the number of the newest message that the hook has seen. */
const stateKey = 'on_user_message';

/** Whether something is there for `hearUsers`. Other guidance is taken with the model call. */
export function hasUnheard(context: LoadingContext, { takesGuidance }: HearingOptions): boolean {
  const takes = takesGuidance && isToHear(context);
  return takes || newMessages(context).length > 0 || unansweredTags(context).length > 0;
}

/**
 * Shows its hook what users have said, and then loads the skills they have named: what the hook stops loads none. Returns what
 * ends the run, if anything does.
 */
export async function* hearUsers(
  context: LoadingContext,
  { takesGuidance }: HearingOptions,
): AsyncGenerator<MessageChunk[], HookStopped | undefined> {
  const { session, hooks, signal } = context;
  const taken = takesGuidance && isToHear(context) ? session.takeGuidance() : [];
  // Looked for before anything is waited for: another branch may speak meanwhile, and what was said is no longer the newest.
  const naming = unansweredTags(context);
  if (taken.length > 0) yield taken;
  const hear = async () => (await showNewMessages(context)) ?? (await loadNamedSkills(context, naming));
  try {
    return await (hooks === undefined ? hear() : hooks.inTurn(session.id, hear));
  } catch (error) {
    if (signal.aborted && error === signal.reason) return { type: 'stopped' };
    throw error;
  }
}

/** The same at the start of a run, for skills only: they are there also for whoever works without a model. */
export async function* hearInput(context: LoadingContext): AsyncGenerator<MessageChunk[], HookStopped | undefined> {
  return unansweredTags(context).length > 0 ? yield* hearUsers(context, { takesGuidance: false }) : undefined;
}

/** Whether guidance is pending that has to be a message first, for somebody does something about it. */
function isToHear({ session, hooks, skills }: LoadingContext): boolean {
  const pending = session.guidance.list();
  return hooks?.has('onUserMessage') === true ? pending.length > 0 : skills.length > 0 && pending.some(namesSkills);
}

async function showNewMessages(context: LoadingContext): Promise<HookStopped | undefined> {
  const { session, hooks } = context;
  if (hooks?.has('onUserMessage') !== true) return undefined;
  // From here on, also in later runs, what was not shown to the end is shown again.
  if (seenBy(session) === undefined) session.append([seenUntil(session.beganAt)]);
  for (const { message, seq } of newMessages(context)) {
    const { message_id: messageId, content, metadata = {} } = message;
    const end = await hooks.run('onUserMessage', { messageId, content, metadata }, context, readUserMessage);
    const said = end.type === 'said' && 'context' in end.result ? end.result.context : undefined;
    const seen = [seenUntil(seq)];
    if (said === undefined) {
      const ended = stoppedBy(end as HookEnd<Stop>);
      if (ended !== undefined) return ended;
      session.append(seen);
    } else tellHidden(context, said, seen);
  }
  return undefined;
}

/** What users have said since the hook was called last; in a session that had no hooks before, since its run began. */
function newMessages({ session, hooks }: LoadingContext): { readonly message: Message; readonly seq: number }[] {
  if (hooks?.has('onUserMessage') !== true) return [];
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
