import { setTimeout as wait } from 'node:timers/promises';
import type { ChatModel } from 'sagents';

/** What a model is sent: the history, in OpenAI's shape. */
interface WireMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string | null;
  readonly tool_call_id?: string;
  readonly tool_calls?: readonly {
    readonly id: string;
    readonly function: { readonly name: string; readonly arguments: string };
  }[];
}

interface Answer {
  readonly thought?: string;
  readonly text: string;
  readonly calls?: readonly { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> }[];
}

/**
 * The built-in demo model: a few rules in the place of a network. It knows one job, and decides each step from the history it
 * is sent, so tool results and guidance change what it does next. It streams a word every `paceMs` milliseconds.
 */
export function createDemoModel({ paceMs }: { readonly paceMs: number }): ChatModel {
  return {
    chat: {
      completions: {
        create: async ({ messages }, { signal }) =>
          stream(answer(messages as WireMessage[]), messages.length, { paceMs, signal }),
      },
    },
  };
}

const totalByRegion = `awk -F, 'NR > 1 { sum[$1] += $2 } END { for (region in sum) print region, sum[region] }' sales.csv | sort -k2,2nr`;

function answer(messages: readonly WireMessage[]): Answer {
  const said = messages.filter(({ role }) => role === 'user').map(({ content }) => withoutContext(content ?? ''));
  if (said.at(-1)?.endsWith('?')) return remember(said);

  const results = resultsByTool(messages);
  const inEuros = said.some((text) => /euro/i.test(text));
  if (!results.has('file_read')) {
    return {
      thought: 'They want totals by region. First I need to know what is in that file.',
      text: 'I look at the folder and at the file.',
      calls: [
        { name: 'list_dir', arguments: {} },
        { name: 'file_read', arguments: { file_path: 'sales.csv' } },
      ],
    };
  }
  if (!results.has('execute_shell_command')) {
    const heard = inEuros ? 'You want euros: I convert the totals at the end. ' : '';
    return {
      text: `${heard}Now I add up each region.`,
      calls: [{ name: 'execute_shell_command', arguments: { command: totalByRegion } }],
    };
  }
  if (inEuros && !results.has('exchange_rate')) {
    return {
      text: 'For euros I need a rate.',
      calls: [{ name: 'exchange_rate', arguments: { from: 'USD', to: 'EUR' } }],
    };
  }
  const report = writeReport(results, inEuros);
  if (!messages.some(({ tool_calls = [] }) => tool_calls.some((call) => isWriting(report, call)))) {
    return {
      text: 'That is all I need. I write the report.',
      calls: [{ name: 'file_write', arguments: { file_path: 'report.md', content: report } }],
    };
  }
  return { text: `Done: report.md has the totals in ${inEuros ? 'euros' : 'dollars'}, the highest first.` };
}

function remember(said: readonly string[]): Answer {
  const [task = 'nothing', ...later] = said.slice(0, -1);
  const changed =
    later.length === 0 ? 'Nothing: you let me work.' : `While I worked you told me: "${later.join('" and "')}"`;
  return { text: `You asked me: "${task}" ${changed} What I wrote is in report.md.` };
}

function writeReport(results: ReadonlyMap<string, string>, inEuros: boolean): string {
  const { stdout = '' } = read<{ stdout?: string }>(results.get('execute_shell_command'));
  const { rate = 1 } = inEuros ? read<{ rate?: number }>(results.get('exchange_rate')) : {};
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
    .map(([region, total]) => `- ${region}: ${inEuros ? '€' : '$'} ${(Number(total) * rate).toFixed(2)}`);
  return ['# Sales by region', '', ...lines, ''].join('\n');
}

function isWriting(
  report: string,
  call: { readonly function: { readonly name: string; readonly arguments: string } },
): boolean {
  return call.function.name === 'file_write' && read<{ content?: string }>(call.function.arguments).content === report;
}

/** The newest result of each tool. */
function resultsByTool(messages: readonly WireMessage[]): Map<string, string> {
  const calls = messages.flatMap(({ tool_calls = [] }) => tool_calls);
  const names = new Map(calls.map((call) => [call.id, call.function.name]));
  return new Map(
    messages.flatMap(({ tool_call_id = '', content }) => {
      const name = names.get(tool_call_id);
      return name === undefined ? [] : [[name, content ?? ''] as const];
    }),
  );
}

/** A result that is no JSON tells of an error: nothing can be read from it. */
function read<Shape>(json = '{}'): Partial<Shape> {
  try {
    return JSON.parse(json) as Shape;
  } catch {
    return {};
  }
}

/** The newest input comes with a block of facts before it, such as the time. */
function withoutContext(content: string): string {
  return content.replace(/^<context>.*<\/context>\s*/s, '');
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

function words(text: string): string[] {
  return text.match(/\s*\S+\s*?/g) ?? [];
}

function choice(delta: unknown, finish_reason: string | null = null): unknown {
  return { object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] };
}
