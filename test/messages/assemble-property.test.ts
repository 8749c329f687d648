import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assembleMessages } from '../../src/messages/assemble.ts';
import type { Piece } from '../../src/messages/message.ts';
import { chunk } from './helpers.ts';

/** What a message says, and where it may be cut. */
const spoken = fc.record({
  content: fc.string(),
  reasoning: fc.string(),
  calls: fc.array(
    fc.record({ id: fc.string({ minLength: 1 }), name: fc.string({ minLength: 1 }), text: fc.string() }),
    { maxLength: 3 },
  ),
  size: fc.integer({ min: 1, max: 5 }),
});

function cut(text: string, size: number): string[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, place) =>
    text.slice(place * size, (place + 1) * size),
  );
}

test('however a message was cut into pieces, it comes back whole', () => {
  fc.assert(
    fc.property(spoken, fc.infiniteStream(fc.nat(9)), ({ content, reasoning, calls, size }, picks) => {
      const lanes: Piece[][] = [
        cut(content, size).map((text) => ({ content: text })),
        cut(reasoning, size).map((text) => ({ reasoning_content: text })),
        ...calls.map(({ id, name, text }, index): Piece[] => [
          { tool_calls: [{ index, id, function: { name } }] },
          ...cut(text, size).map((part) => ({ tool_calls: [{ index, function: { arguments: part } }] })),
        ]),
      ];
      const pieces: Piece[] = [{}];
      for (let open = lanes; open.length > 0; open = open.filter((lane) => lane.length > 0)) {
        const lane = open[(picks.next().value ?? 0) % open.length];
        pieces.push(...(lane?.splice(0, 1) ?? []));
      }
      const [message] = assembleMessages(pieces.map(chunk));
      expect([message?.content, message?.reasoning_content ?? '']).toEqual([content, reasoning]);
      expect(message?.tool_calls ?? []).toEqual(
        calls.map(({ id, name, text }) => ({ id, type: 'function', function: { name, arguments: text } })),
      );
    }),
  );
});
