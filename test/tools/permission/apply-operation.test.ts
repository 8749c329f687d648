import { parse, type Word } from 'unbash';
import { expect, test } from 'vitest';
import { marks } from '../../../src/tools/permission/shell/field.ts';
import { applyOperation } from '../../../src/tools/permission/shell/read/apply-operation.ts';

/** What `${…}` comes to with this value, where words in it are as they are written. */
function applied(expansion: string, value: string): readonly string[] {
  const command = parse(`: ${expansion}`).commands[0]?.command;
  const arg = command?.type === 'Command' ? command.args[0] : undefined;
  const part = arg?.type === 'Word' ? arg.parts?.[0] : undefined;
  if (part?.type !== 'ParameterExpansion' || part.operation === undefined) throw new Error(`${expansion} is none.`);
  return applyOperation(value, part.operation, (word: Word) => [word.value]);
}

test.each([
  ['${x%.ts}', 'a.b.ts', 'a.b'],
  ['${x%.*}', 'a.b.ts', 'a.b'],
  ['${x%%.*}', 'a.b.ts', 'a'],
  ['${x#*/}', 'a/b/c', 'b/c'],
  ['${x##*/}', 'a/b/c', 'c'],
  ['${x#z}', 'a', 'a'],
  ['${x%%[a-z]*}', '/home/u', '/'],
  ['${x##[!/]}', 'a/b', '/b'],
  ['${x%"$"}', 'a$', 'a'],
  ['${x/b/X}', 'abcb', 'aXcb'],
  ['${x//b/X}', 'abcb', 'aXcX'],
  ['${x/#a/X}', 'aba', 'Xba'],
  ['${x/#b/X}', 'aba', 'aba'],
  ['${x/%a/X}', 'aba', 'abX'],
  ['${x//[bc]}', 'abcb', 'a'],
  ['${x:1}', 'abc', 'bc'],
  ['${x:1:1}', 'abc', 'b'],
  ['${x: -2}', 'abc', 'bc'],
  ['${x:0:-1}', 'abc', 'ab'],
  ['${x^}', 'ab', 'Ab'],
  ['${x^^}', 'ab', 'AB'],
  ['${x,}', 'AB', 'aB'],
  ['${x,,}', 'AB', 'ab'],
])('%s of %j is %j', (expansion, value, result) => {
  expect(applied(expansion, value)).toEqual([result]);
});

test.each(['${x%+(a)}', '${x%[[:alpha:]]}', '${x/a/&}', '${x:y}', '${x@Q}', '${x//a/b}'])(
  'only running would tell what %s is',
  (expansion) => {
    expect(applied(expansion, 'a'.repeat(300))).toEqual([marks.unknown]);
  },
);

test('what is unknown stays so, and a secret stays one', () => {
  expect(applied('${x%a}', `b${marks.unknown}`)).toEqual([marks.unknown]);
  expect(applied('${x%a}', `b${marks.variable}`)).toEqual([marks.variable]);
});
