import { describe, expect, test } from 'vitest';
import { splitNotes } from '../../src/memory/split-notes.ts';
import { splitText } from '../../src/memory/split-text.ts';
import { splitTurns } from '../../src/memory/split-turns.ts';
import type { Message } from '../../src/messages/message.ts';

describe('a long text is split, and none of it is lost', () => {
  test.each([
    ['at the end of a sentence', `${'a'.repeat(700)}. ${'b'.repeat(700)}`, [701, 700]],
    ['at the end of a line', `${'a'.repeat(700)}\n${'b'.repeat(700)}`, [700, 700]],
    ['at the end of a Chinese sentence', `${'天'.repeat(700)}。${'气'.repeat(700)}`, [701, 700]],
    ['else between words', 'word '.repeat(300), [1199, 299]],
    ['else anywhere', 'a'.repeat(2500), [1200, 1200, 100]],
  ])('%s', (_, text, lengths) => {
    const pieces = splitText(text);
    expect(pieces.map(({ length }) => length)).toEqual(lengths);
    expect(pieces.join('').replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
  });

  test('and a short one is as it was', () => {
    expect(splitText('One. Two.\nThree')).toEqual(['One. Two.\nThree']);
    expect(splitText(' \n')).toEqual([]);
  });
});

test('a Markdown text becomes notes, each under its heading', () => {
  const text = `# Title\nFirst.\n\nSecond.\n## Part\n\nThird.\n\n\n# Empty\n\n# Long\n${'word '.repeat(300)}`;
  expect(splitNotes('f.md', text).map((note) => [note.heading, note.text.slice(0, 10)])).toEqual([
    ['Title', 'First.'],
    ['Title', 'Second.'],
    ['Part', 'Third.'],
    ['Long', 'word word '],
    ['Long', 'word word '],
  ]);
});

describe('a conversation', () => {
  const message = (fields: Partial<Message>, index = 0): Message => ({
    role: 'user',
    message_id: `m${index}`,
    session_id: 's',
    content: 'Hi',
    timestamp: 0,
    seq: index,
    message_type: 'user_input',
    ...fields,
  });
  const turns = (count: number, begin = 0) =>
    Array.from({ length: count }, (_, i) => message({ content: `Turn ${begin + i + 1}` }, i));

  test('has ten recent turns, and older ones with what was answered', () => {
    const answer = message({ role: 'assistant', content: 'Well said.', message_type: 'assistant_text' });
    const { older, recent } = splitTurns([...turns(1), answer, ...turns(11, 1)]);
    expect(older.map(({ source, text }) => [source, text])).toEqual([
      ['turn 1', 'Turn 1\nWell said.'],
      ['turn 2', 'Turn 2'],
    ]);
    expect(recent).toEqual(turns(10, 2).map(({ content }) => content));
  });

  test('is without what tools said, what is hidden, and what only readers are shown', () => {
    const others = [
      message({ role: 'tool', content: 'Found.', message_type: 'tool_call_result' }),
      message({ content: 'Go on.', metadata: { hidden_from_chat: true } }),
      message({ role: 'assistant', content: 'HTTP 400', message_type: 'error' }),
      message({ role: 'tool', content: 'Looking', message_type: 'tool_progress' }),
      message({ role: 'assistant', content: 'Ask me this', message_type: 'query_suggest' }),
    ];
    expect(splitTurns([...turns(1), ...others, ...turns(10, 1)]).older.map(({ text }) => text)).toEqual(['Turn 1']);
  });

  test('is read as far back as there is room for: the newest of the older turns first', () => {
    const long = turns(40).map((one) => ({ ...one, content: `${one.content as string} ${'word '.repeat(5_000)}` }));
    const sources = new Set(splitTurns(long).older.map(({ source }) => source));
    expect([...sources]).toEqual(Array.from({ length: 15 }, (_, i) => `turn ${i + 16}`));
  });

  test('is cut between signs, where a turn is too long', () => {
    const { recent } = splitTurns([message({ content: `a${'😀'.repeat(10_000)}` })]);
    expect(recent[0]?.isWellFormed()).toBe(true);
    expect(recent[0]).toHaveLength(20_000);
  });
});
