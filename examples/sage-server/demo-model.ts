import { setTimeout as wait } from 'node:timers/promises';
import type { ChatModel } from 'sagents';

/** What a model is sent: the history, in OpenAI's shape. */
interface WireMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string | null;
}

interface Answer {
  readonly thought?: string;
  readonly text: string;
  readonly calls?: readonly { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> }[];
}

/**
 * A few rules in the place of a network, so that a newcomer can steer an agent without a key. It decides each step from the
 * history it is sent: tool results and guidance change what it says next. It streams a word every `paceMs` milliseconds.
 */
export function createDemoModel({ paceMs }: { readonly paceMs: number }): ChatModel {
  return {
    chat: {
      completions: {
        create: async ({ messages, tools }, { signal }) =>
          stream(answer(messages as WireMessage[], tools !== undefined), messages.length, { paceMs, signal }),
      },
    },
  };
}

function answer(messages: readonly WireMessage[], hasTools: boolean): Answer {
  const role = messages.find(({ role: one }) => one === 'system')?.content ?? '';
  const said = messages.filter(({ role: one }) => one === 'user').map(({ content }) => content ?? '');
  // The newest input comes with a block of facts before it; what was said since is guidance.
  const start = said.findLastIndex((text) => text.startsWith('<context>'));
  const question = (said[start] ?? '').replace(/^<context>.*?<\/context>\s*/s, '');
  const guidance = said.slice(start + 1);
  if (role.includes('sceptic')) return { text: doubts(question) };
  const since = messages.slice(messages.findLastIndex(({ content }) => content === said[start]) + 1);
  const results = since.flatMap(({ role: one, content }) => (one === 'tool' ? [content ?? ''] : []));
  if (hasTools && results.length === 0) {
    return {
      thought: 'I should know the weather first, and what our notes say. Both can be asked at once.',
      text: `Let me look into **${question.slice(0, 60)}**. I ask two tools at once:`,
      calls: [
        { name: 'get_weather', arguments: { city: /\b[A-Z]\p{L}{3,}\b/u.exec(question.slice(1))?.[0] ?? 'Lisbon' } },
        { name: 'search_notes', arguments: { query: question.slice(0, 40) } },
      ],
    };
  }
  return { text: report(question, results, guidance) };
}

function doubts(question: string): string {
  return `Before we trust any answer to *${question.slice(0, 60)}*: the notes are a week old, and one station is not a forecast.`;
}

function report(question: string, results: readonly string[], guidance: readonly string[]): string {
  const heard =
    guidance.length === 0
      ? 'You let me work. Next time, type something *while I write*: I read it before my next step.'
      : `You steered me while I worked:\n\n${guidance.map((text) => `> ${text}`).join('\n>\n')}\n\nSo I took that into account.`;
  return `## What I found

You asked: *${question}*

| Source | What it says |
| --- | --- |
| Weather | ${cell(results[0])} |
| Notes | ${cell(results[1])} |

${heard}

### A plan for the day

1. **Morning** – the harbour market, before it gets crowded.
2. **Noon** – lunch in the old town, inside if it rains.
3. **Evening** – the long walk home along the river.

You can follow this run from anywhere:

\`\`\`ts
for await (const chunks of agent.followSession(sessionId, { afterSeq })) {
  for (const chunk of chunks) process.stdout.write(textOf(chunk));
}
\`\`\`

Reload the page, cut the network, open a second tab: not a word is lost.`;
}

function cell(result = 'nothing was asked'): string {
  return result.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** The answer as OpenAI streams one: a chunk a word, then the calls, then why it ends. */
async function* stream(
  { thought = '', text, calls = [] }: Answer,
  turn: number,
  { paceMs, signal }: { readonly paceMs: number; readonly signal: AbortSignal },
): AsyncGenerator<unknown> {
  for (const reasoning_content of words(thought)) yield await paced(choice({ reasoning_content }));
  for (const content of words(text)) yield await paced(choice({ content }));
  for (const [index, call] of calls.entries()) {
    const named = { name: call.name, arguments: JSON.stringify(call.arguments) };
    yield await paced(
      choice({ tool_calls: [{ index, id: `call_${turn}_${index}`, type: 'function', function: named }] }),
    );
  }
  yield choice({}, calls.length > 0 ? 'tool_calls' : 'stop');

  async function paced(chunk: unknown): Promise<unknown> {
    if (paceMs > 0) await wait(paceMs, undefined, { signal });
    return chunk;
  }
}

/** Each with the blanks around it: line breaks mean something in Markdown. */
function words(text: string): string[] {
  return text.match(/\s*\S+(?:\s+$)?/g) ?? [];
}

function choice(delta: unknown, finish_reason: string | null = null): unknown {
  return { object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] };
}
