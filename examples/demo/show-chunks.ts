import { assembleMessages, textOf, type MessageChunk } from 'sagents';
import type { Screen } from './screen.ts';

/** Shows chunks as they come: text while it streams, calls and results when they are whole. */
export function createChunkView(screen: Screen): (chunk: MessageChunk) => void {
  /** Pieces of calls, by message, until its last piece. */
  const calls = new Map<string, MessageChunk[]>();

  function showReply(chunk: MessageChunk): void {
    const { message_id: id, reasoning_content: thought = '' } = chunk;
    if (thought !== '') screen.stream({ label: 'thinks', key: `${id} thought`, colour: 'dim' }, thought);
    if (textOf(chunk) !== '') screen.stream({ label: 'agent', key: `${id} text` }, textOf(chunk));
    if (chunk.tool_calls !== undefined) calls.set(id, [...(calls.get(id) ?? []), chunk]);
    if (!chunk.is_final) return;
    for (const { name, arguments: text } of callsIn(calls.get(id))) screen.note('calls', `${name} ${text}`, 'yellow');
    calls.delete(id);
  }

  return (chunk) => {
    const { message_id: id, message_type, metadata = {} } = chunk;
    if (message_type === 'user_input') screen.note('guidance', `taken by the model: ${textOf(chunk)}`, 'magenta');
    else if (message_type === 'error') screen.say('error', textOf(chunk), 'red');
    else if (message_type === 'tool_progress')
      screen.stream({ label: 'progress', key: id, colour: 'dim' }, textOf(chunk));
    else if (message_type === 'tool_call_result') {
      const isSuccess = metadata['tool_execution_status'] === 'success';
      screen.note(isSuccess ? 'result  ✓' : 'result  ✗', textOf(chunk), isSuccess ? 'green' : 'red');
    } else if (message_type !== 'token_usage') showReply(chunk);
  };
}

function callsIn(chunks: readonly MessageChunk[] = []): { readonly name: string; readonly arguments: string }[] {
  return assembleMessages(chunks).flatMap(({ tool_calls = [] }) => tool_calls.map((call) => call.function));
}
