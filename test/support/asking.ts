import { expect } from 'vitest';
import {
  defineTool,
  textOf,
  type ConfirmationAnswer,
  type Message,
  type MessageChunk,
  type PendingConfirmation,
  type Run,
  type RunOutcome,
  type Tool,
} from '../../src/index.ts';

/** What a reader is shown of a call that waits for a person. */
export type ShownConfirmation = Omit<PendingConfirmation, 'session_id'>;

const parameters = {
  properties: { to: { type: 'string' }, amount: { type: 'integer', minimum: 1 } },
  required: ['to', 'amount'],
} as const;

/** Asks before it pays. `paid` is told whom it has paid how much, and under which key. */
export function payTool(paid: string[], more: Partial<Tool> = {}): Tool {
  const pay = defineTool({
    name: 'pay',
    description: 'Pays somebody.',
    parameters,
    approval: 'ask',
    execute: ({ to, amount }) => {
      paid.push(`${to} ${amount}`);
      return `paid ${to}`;
    },
  });
  return { ...pay, ...more };
}

export const pay = (to: string, amount = 1) => ({ name: 'pay', arguments: { to, amount } });

/** The questions among these chunks, without the words on what became of them. */
export function asked(chunks: readonly MessageChunk[]): ShownConfirmation[] {
  return shown(chunks).filter((confirmation) => 'tool' in confirmation);
}

/** What became of questions, as readers are told: `allow-once by anna`, `expired`. */
export function closed(chunks: readonly MessageChunk[]): string[] {
  return shown(chunks)
    .filter((confirmation) => 'decision' in confirmation)
    .map(({ decision, by }) => (by === undefined ? `${decision}` : `${decision} by ${by}`));
}

/** Reads a run to its end, and does something about each question the moment it is shown; there must be one. */
export async function readAsked(
  run: Run,
  act: (confirmation: ShownConfirmation) => unknown,
  { least = 1 }: { readonly least?: number } = {},
): Promise<{ chunks: MessageChunk[]; outcome: RunOutcome }> {
  const chunks: MessageChunk[] = [];
  for await (const batch of run) {
    chunks.push(...batch);
    for (const confirmation of asked(batch)) await act(confirmation);
  }
  expect(asked(chunks).length).toBeGreaterThanOrEqual(least);
  return { chunks, outcome: await run.outcome };
}

export const yes: ConfirmationAnswer = { decision: 'allow-once', by: 'anna' };
export const always: ConfirmationAnswer = { decision: 'allow-session', by: 'anna' };
export const no: ConfirmationAnswer = { decision: 'deny', by: 'anna' };

/** What the model was told of each call, in order: the text of a result, or of an error. */
export function told(messages: readonly Message[]): string[] {
  return messages
    .filter(({ message_type }) => message_type === 'tool_call_result')
    .map(({ content }) => {
      const text = textOf({ content });
      return text.startsWith('{') ? String((JSON.parse(text) as { message?: string }).message ?? text) : text;
    });
}

export const refusedAs = (why: string) => ({ code: 'confirmation-refused', facts: expect.objectContaining({ why }) });

/** A clock that goes when it is told to. */
export function handClock(now = Date.UTC(2026, 0, 1)) {
  const clock = () => now;
  return { clock, pass: (ms: number) => void (now += ms) };
}

export const minutes = 60_000;
export const days = 24 * 60 * minutes;

interface Shown extends ShownConfirmation {
  readonly decision?: string;
  readonly by?: string;
}

function shown(chunks: readonly MessageChunk[]): Shown[] {
  return chunks.flatMap(({ message_type, metadata }) =>
    message_type === 'confirmation' ? [metadata?.['confirmation'] as Shown] : [],
  );
}
