import { describe, expect, test } from 'vitest';
import type { Note } from '../../src/memory/note.ts';
import { searchNotes } from '../../src/memory/search-notes.ts';

const fact = 'My project has the codename Bluebird.';
const fillers = Array.from({ length: 10 }, (_, i) => `What was the price of the ${i}? It was high.`);

function found(texts: readonly string[], query: string, beside: readonly string[] = []): string[] {
  const notes: Note[] = texts.map((text) => ({ source: 'x', heading: '', text }));
  return searchNotes(notes, query, beside).map(({ text }) => text);
}

test.each([
  ['the words they share', 'weather tomorrow', ['The weather of tomorrow is rainy.']],
  ['no single common word', 'Which flowers bloom tomorrow?', []],
  ['a single word, where it is all there is', 'weather', ['The weather of tomorrow is rainy.']],
  ['nothing short', 'is it so', []],
  ['words of other scripts', '天气', ['天气 很好']],
])('notes are found by %s', (_, query, texts) => {
  expect(found(['The weather of tomorrow is rainy.', 'Bob cooks tomorrow.', '天气 很好'], query)).toEqual(texts);
});

describe('a plain fact is found', () => {
  test.each(['What was the codename?', 'Who is Bluebird?', 'Please tell me again which codename we had'])(
    'by %j',
    (query) => {
      expect(found([fact, ...fillers], query)).toEqual([fact]);
    },
  );

  test('by a word in two of fifteen notes', () => {
    const start = 'Bluebird starts in May.';
    expect(found([fact, start, ...fillers, ...fillers.slice(0, 3)], 'Who is Bluebird?')).toEqual([start, fact]);
  });

  test('in a script without spaces', () => {
    const weather = Array.from({ length: 10 }, (_, i) => `城市${i}的天气怎么样？今天是晴天。`);
    expect(found(['我的项目代号是蓝鸟，请记住。', ...weather], '我的项目代号是什么？')).toEqual([
      '我的项目代号是蓝鸟，请记住。',
    ]);
  });
});

test('by a heading too', () => {
  const note = { source: 'MEMORY.md', heading: 'Deployment', text: 'Run make stage.' };
  expect(searchNotes([note], 'deployment')).toEqual([note]);
});

describe('what is common tells nothing', () => {
  test('in the notes', () => {
    expect(found([...fillers, fact], 'What was the price?')).toEqual([]);
  });

  test('in what was said besides, where there is one note', () => {
    expect(found([fact], 'What was the price?', fillers)).toEqual([]);
  });

  test('unless it is rare in the notes: a topic of late is not a common word', () => {
    const recent = Array.from({ length: 10 }, (_, i) => `Bluebird needs ${i} more people.`);
    expect(found([fact, ...fillers], 'Who is Bluebird?', recent)).toEqual([fact]);
  });
});

test('the rarest words come first, and the later of two notes that are alike', () => {
  const older = 'The codename is Bluebird.';
  const newer = 'The codename is Falcon.';
  const rarest = 'A budget was made.';
  const notes = [rarest, older, newer, ...fillers, ...fillers];
  expect(found(notes, 'Tell me the codename and the budget')).toEqual([rarest, newer, older]);
});
