import { assembleMessages } from '../messages/assemble.ts';
import { textOf, type Message, type MessageChunk } from '../messages/message.ts';
import type { Run } from '../runtime/run.ts';
import type { RunOutcome } from '../runtime/run-outcome.ts';

/** What a reader saw of a run. */
export interface Transcript {
  readonly chunks: readonly MessageChunk[];
  /** The chunks, folded. */
  readonly messages: readonly Message[];
  /** The text of what the assistant said; agents that worked for it are not in it. */
  readonly text: string;
  readonly outcome: RunOutcome;
}

/** Reads a run to its end. */
export async function record(run: Run): Promise<Transcript> {
  const chunks: MessageChunk[] = [];
  for await (const batch of run) chunks.push(...batch);
  const spoken = chunks.filter(
    ({ role, message_type, session_id }) =>
      role === 'assistant' && message_type === 'assistant_text' && session_id === run.sessionId,
  );
  return { chunks, messages: assembleMessages(chunks), text: spoken.map(textOf).join(''), outcome: await run.outcome };
}
