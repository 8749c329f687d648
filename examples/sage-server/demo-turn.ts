/** What a model is sent: the history, in OpenAI's shape. */
export interface WireMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string | null;
}

/** What there is to answer, read from the history. */
export interface DemoTurn {
  /** The system message: who is asked. */
  readonly who: string;
  readonly question: string;
  /** What was said since. */
  readonly guidance: readonly string[];
  /** Of the tools that were called since. */
  readonly results: readonly string[];
  /** Of those that were called before. */
  readonly earlier: readonly string[];
  readonly hasTools: boolean;
}

export interface DemoAnswer {
  readonly thought?: string;
  readonly text: string;
  readonly calls?: readonly { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> }[];
  /** Times the usual pause between two words. Default 1. */
  readonly slowness?: number;
}

export function readTurn(messages: readonly WireMessage[], hasTools: boolean): DemoTurn {
  const who = messages.find(({ role }) => role === 'system')?.content ?? '';
  const said = messages.filter(({ role }) => role === 'user').map(({ content }) => content ?? '');
  // The newest input comes with a block of facts before it; what was said since is guidance.
  const start = said.findLastIndex((text) => text.startsWith('<context>'));
  const question = (said[start] ?? '').replace(/^<context>.*?<\/context>\s*/s, '');
  const place = messages.findLastIndex(({ content }) => content === said[start]);
  const resultsIn = (some: readonly WireMessage[]) =>
    some.flatMap(({ role, content }) => (role === 'tool' ? [content ?? ''] : []));
  const [earlier, results] = [resultsIn(messages.slice(0, place)), resultsIn(messages.slice(place + 1))];
  return { who, question, guidance: said.slice(start + 1), results, earlier, hasTools };
}

/** The first word that could be the name of a place. */
export function cityIn(question: string): string {
  return /\b[A-Z]\p{L}{3,}\b/u.exec(question.slice(1))?.[0] ?? 'Lisbon';
}

export function quote(guidance: readonly string[]): string {
  return guidance.map((text) => `> ${text}`).join('\n>\n');
}

/** Text in a cell of a table. */
export function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
