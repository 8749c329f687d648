import { tool } from '../conversation.ts';
import type { Contender, Conversation, ToolArguments } from '../conversation.ts';

/** What one piece of a reply adds. */
export interface Delta {
  readonly content?: string | null;
  readonly tool_calls?: readonly {
    readonly index: number;
    readonly id?: string;
    readonly function?: { readonly name?: string; readonly arguments?: string };
  }[];
}

interface Call {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; arguments: string };
}

type Message =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | { readonly role: 'assistant'; readonly content: string; readonly tool_calls?: Call[] }
  | { readonly role: 'tool'; readonly tool_call_id: string; readonly content: string };

export type Body = ReturnType<typeof bodyOf>;

/** Sends a body and tells each delta of the reply, in order. */
export type Ask = (body: Body, onDelta: (delta: Delta) => void) => Promise<void>;

/** The loop people write by hand: in memory, nothing stored, one way to send and read. */
export function createBareLoop(ask: Ask): Contender {
  const sessions = new Map<string, Message[]>();
  return {
    async converse({ id, prior = [], input, onPiece, runTool }: Conversation) {
      const messages: Message[] = sessions.get(id) ?? [...prior];
      sessions.set(id, messages);
      messages.push({ role: 'user', content: input });
      for (;;) {
        let content = '';
        const calls: Call[] = [];
        await ask(bodyOf(messages), (delta) => {
          if (delta.content) {
            content += delta.content;
            onPiece(delta.content);
          }
          for (const piece of delta.tool_calls ?? []) {
            const fragment = piece.function?.arguments ?? '';
            const call = (calls[piece.index] ??= {
              id: piece.id ?? '',
              type: 'function',
              function: { name: piece.function?.name ?? '', arguments: '' },
            });
            call.function.arguments += fragment;
            if (fragment !== '') onPiece(fragment);
          }
        });
        if (calls.length === 0) {
          messages.push({ role: 'assistant', content });
          return;
        }
        messages.push({ role: 'assistant', content, tool_calls: calls });
        for (const call of calls) {
          const result = runTool(JSON.parse(call.function.arguments) as ToolArguments);
          messages.push({ role: 'tool', tool_call_id: call.id, content: result });
        }
      }
    },
    async close() {},
  };
}

function bodyOf(messages: Message[]) {
  return {
    model: 'bench',
    messages,
    tools: [
      {
        type: 'function' as const,
        function: {
          ...tool,
          parameters: { type: 'object', properties: { n: { type: 'number' }, text: { type: 'string' } } },
        },
      },
    ],
    stream: true as const,
    stream_options: { include_usage: true },
  };
}
