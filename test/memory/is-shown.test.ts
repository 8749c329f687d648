import { describe, expect, test } from 'vitest';
import { isShown } from '../../src/memory/is-shown.ts';

const note = { source: 'MEMORY.md', heading: 'Deploy', text: 'Say "ship".\nThen wait.' };
const message = (content: string) => JSON.stringify({ role: 'tool', content });
const numbered = '1 | # Deploy\n2 | Say "ship".\n3 | Then wait.';

describe('a note is shown', () => {
  test.each([
    ['as it was told', message('[MEMORY.md]\nDeploy: Say "ship".\nThen wait.')],
    ['as a tool read it', message(JSON.stringify({ content: numbered }))],
    ['among other things', message(`Before.\n${numbered}\nAfter.`)],
  ])('%s', (_, text) => {
    expect(isShown(note, [message('Else'), text])).toBe(true);
  });
});

describe('a note is not shown', () => {
  test.each([
    ['where a line is missing', [message('Deploy: Say "ship".')]],
    ['without its heading', [message('Say "ship".\nThen wait.')]],
    ['by several messages', [message('Deploy: Say "ship".'), message('Then wait.')]],
    ['by nothing', []],
  ])('%s', (_, history) => {
    expect(isShown(note, history)).toBe(false);
  });
});
