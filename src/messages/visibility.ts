import type { Message, MessageType, Metadata } from './message.ts';

/** Whether clients see it. Hidden messages stay in the ledger, and the model sees them; Sage's three flags all hide. */
export function isVisible({ metadata }: { readonly metadata?: Metadata }): boolean {
  if (metadata === undefined) return true;
  return (
    metadata['hidden_from_chat'] !== true && metadata['hide_from_chat'] !== true && metadata['sse_visible'] !== false
  );
}

const forReadersOnly: readonly MessageType[] = [
  'error',
  'token_usage',
  'tool_progress',
  'confirmation',
  'query_suggest',
];

/** Whether no model is ever shown it. */
export function isForReadersOnly({ message_type }: Pick<Message, 'message_type'>): boolean {
  return forReadersOnly.includes(message_type);
}
