import type { MessageChunk } from '../../src/messages/message.ts';

let seq = 0;

/** One piece of a streamed message `m`, as a run yields it. */
export function chunk(fields: Partial<MessageChunk>): MessageChunk {
  seq += 1;
  return {
    role: 'assistant',
    message_id: 'm',
    session_id: 's',
    agent_name: 'simple',
    chunk_id: `m-${seq}`,
    timestamp: seq,
    message_type: 'assistant_text',
    is_chunk: true,
    is_final: false,
    seq,
    ...fields,
  };
}

/** A whole message, as a run yields it. */
export function whole(fields: Partial<MessageChunk>): MessageChunk {
  return chunk({ is_chunk: false, is_final: true, ...fields });
}
