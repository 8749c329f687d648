import type { MessageChunk } from '../messages/message.ts';
import type { AgentContext } from './agent.ts';
import { hasUnheard, hearUsers } from './hear-users.ts';
import { stoppedBy, type HookStopped } from './hook-stopped.ts';
import { readStop } from './read-hook-results.ts';

/**
 * Begins a model call, if the hooks let it: `begin` stores that. All that users have said has been heard then, also what came
 * meanwhile. Returns what ends the run, if anything does.
 */
export async function* beginWithHooks(
  context: AgentContext,
  {
    model,
    isHelper,
    begin,
  }: { readonly model: string; readonly isHelper: boolean; readonly begin: () => MessageChunk[] },
): AsyncGenerator<MessageChunk[], HookStopped | undefined> {
  const { hooks, session } = context;
  // Whoever acts takes guidance before a model call.
  const options = { takesGuidance: !isHelper };
  let isAsked = false;
  for (;;) {
    let ended: HookStopped | undefined;
    if (hasUnheard(context, options)) {
      ended = yield* hearUsers(context, options);
      context.enter('model');
    } else if (isAsked || hooks === undefined) break;
    else {
      isAsked = true;
      const request = { model, isHelper, messages: session.history().length };
      ended = stoppedBy(await hooks.run('beforeModel', request, context, readStop));
    }
    if (ended !== undefined) return ended;
  }
  // Nothing is waited for in between.
  yield begin();
  return undefined;
}
