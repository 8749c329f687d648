import { expect, test } from 'vitest';
import { tellingWordsOf, wordsOf } from '../../src/memory/words.ts';

test.each([
  ['My dog, my DOG is called Rex-2.', ['dog', 'called', 'rex']],
  ['naïve Größe Привет', ['naïve', 'größe', 'привет']],
  ['हिन्दी', ['हिन्दी']],
  ['我的项目代号是 Bluebird', ['我的', '项目', '代号', '是', 'bluebird']],
  ['ウェブサイトを公開して', ['ウェブサイト', 'を', '公開', 'し', 'て']],
  ['코드 네임', ['코드', '네임']],
  ['It is so.', []],
])('the words of %j are %j', (text, words) => {
  expect(wordsOf(text)).toEqual(words);
});

test.each([
  ['How was my dog called again?', ['called', 'again']],
  ['你能做什么？', ['什么']],
  ['Hi, how are you?', []],
])('of %j %j say something by themselves', (text, words) => {
  expect(tellingWordsOf(text)).toEqual(words);
});
