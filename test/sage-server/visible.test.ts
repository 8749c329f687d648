import { expect, test } from 'vitest';
import { visible } from '../../examples/visible.ts';

interface PageText {
  visible(text: string): string;
  visibleJson(json: string): string;
}

const page = (await import(new URL('../../examples/sage-server/page/visible.js', import.meta.url).href)) as PageText;

test.each([
  ['echo \u202E/ krow/cba fr- mr\u202C # …', 'echo \\u{202E}/ krow/cba fr- mr\\u{202C} # …'],
  ['notes\u200B.txt', 'notes\\u{200B}.txt'],
  ['a\u001B[2K\rb\u009B', 'a\\u{1B}[2K\\u{D}b\\u{9B}'],
  ['a\u2028b\u2029c\u0085', 'a\\u{2028}b\\u{2029}c\\u{85}'],
  ['a\u{E0041}b\u3164c\uFE0F', 'a\\u{E0041}b\\u{3164}c\\u{FE0F}'],
  ['a\uD800b', 'a\\u{D800}b'],
  ['Olá, Порту – 東京 🍷 \\u{202E}', 'Olá, Порту – 東京 🍷 \\u{202E}'],
])('nothing hides in %j, in a terminal or on the page', (text, shown) => {
  expect(visible(text)).toBe(shown);
  expect(page.visible(text)).toBe(shown);
});

test('lines and tabs stay on the page, and do not break the line of a terminal', () => {
  expect(page.visible('a\n\tb')).toBe('a\n\tb');
  expect(visible('a\n\tb')).toBe('a\\u{A}\\u{9}b');
});

test('JSON that is edited on the page hides nothing, and reads the same', () => {
  const value = { 'a\u202E': ['\u200B', '\u{E0041}', '\u009B', 'é'] };
  const json = page.visibleJson(JSON.stringify(value, null, 2));
  expect(json).not.toMatch(/[^\n\u0020-\u007Eé]/);
  expect(JSON.parse(json)).toEqual(value);
});
