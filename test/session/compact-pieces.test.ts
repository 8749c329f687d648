import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MessageDraft } from '../../src/messages/assemble.ts';
import type { Piece } from '../../src/messages/message.ts';
import { fromCompact, spanOf, toCompact } from '../../src/session/entry.ts';

const text = fc.string({ maxLength: 6 });
const call = fc.record(
  {
    index: fc.nat(3),
    id: text,
    type: fc.constant('function' as const),
    function: fc.record({ name: text, arguments: text }, { requiredKeys: [] }),
  },
  { requiredKeys: ['index'] },
);
const piece: fc.Arbitrary<Piece> = fc.record(
  { content: text, reasoning_content: text, tool_calls: fc.array(call, { maxLength: 2 }) },
  { requiredKeys: [] },
);

function fold(pieces: readonly Piece[]): unknown {
  const draft = new MessageDraft();
  for (const one of pieces) draft.add(one);
  return [draft.content, draft.reasoning, draft.toolCalls(), draft.pieces];
}

describe('a compact piece', () => {
  test('comes back from JSON to the same message', () => {
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const stored = JSON.parse(JSON.stringify(pieces.map(toCompact))) as typeof compact;
        const compact = pieces.map(toCompact);
        expect(fold(stored.map(fromCompact))).toEqual(fold(pieces));
      }),
    );
  });

  test.each<[Piece, unknown]>([
    [{ content: 'Hi' }, 'Hi'],
    [{ tool_calls: [{ index: 1, function: { arguments: '{"a' } }] }, [1, '{"a']],
    [{ reasoning_content: 'Hm' }, { reasoning_content: 'Hm' }],
    [
      { content: 'Hi', reasoning_content: 'Hm' },
      { content: 'Hi', reasoning_content: 'Hm' },
    ],
    [{ tool_calls: [{ index: 0, id: 'c' }] }, { tool_calls: [{ index: 0, id: 'c' }] }],
    [{ tool_calls: [{ index: 0, function: { name: 'f' } }] }, { tool_calls: [{ index: 0, function: { name: 'f' } }] }],
  ])('of %j is %j', (given, compact) => {
    expect(toCompact(given)).toEqual(compact);
    expect(fromCompact(toCompact(given))).toEqual(given);
  });

  test('takes a number of its own', () => {
    expect(spanOf({ type: 'pieces', of: 1, pieces: ['a', [0, 'b'], {}] })).toBe(3);
    expect(spanOf({ type: 'closed', of: 1 })).toBe(1);
  });
});
