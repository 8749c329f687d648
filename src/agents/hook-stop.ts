import type { Message, MessageChunk } from '../messages/message.ts';
import type { Session } from '../session/session.ts';
import type { HookPlace, HookRunner } from './hook-runner.ts';
import { stoppedBy, type HookStopped } from './hook-stopped.ts';
import { readContinue } from './read-hook-results.ts';
import { defineState } from './state-piece.ts';
import { tellHidden } from './tell.ts';

/** How often the hook has had a run go on, and the message of which nothing has come yet. */
const continuedState = defineState<{ readonly times: number; readonly messageSeq: number }>('on_stop');

/** A run must come to an end, whatever its hooks think of it. */
const mostTimes = 3;

interface Place extends HookPlace {
  readonly hooks: HookRunner;
}

/**
 * Asks the hook whether the work is done. What it wants to be done is told to the model, hidden from clients. Returns what
 * ends the run otherwise than done: nobody can tell whether it is, where the hook fails.
 */
export async function* continueByHook(
  place: Place,
  { lastMessage, mayGoOn }: { readonly lastMessage: Message | undefined; readonly mayGoOn: boolean },
): AsyncGenerator<MessageChunk[], HookStopped | undefined> {
  const { hooks, session } = place;
  const times = continuedState.of(session.runState)?.times ?? 0;
  if (times >= mostTimes || isToContinue(session)) return undefined;
  const end = await hooks.run('onStop', { lastMessage }, place, readContinue);
  if (end.type !== 'said') return stoppedBy(end);
  // What nobody can do in this run is not left for the next one.
  if (!mayGoOn) return undefined;
  const kept = continuedState.entry({ times: times + 1, messageSeq: session.nextSeq });
  yield tellHidden(place, end.result.message, [kept]);
  return undefined;
}

/** Whether the hook has said something that no model has answered. */
export function isToContinue({ runState, ledger }: Session): boolean {
  const continued = continuedState.of(runState);
  if (continued === undefined) return false;
  const last = ledger.whole.findLast(({ message }) => message.role === 'assistant');
  return (last?.message.seq ?? 0) < continued.messageSeq;
}
