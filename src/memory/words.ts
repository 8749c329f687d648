/** Where words are not kept apart by spaces, or one or two signs are a word. */
const denseScripts =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Shorter words are left out. */
const least = { letters: 3, denseSigns: 1 };
/** Most of the shorter ones are grammar, in most languages. */
const leastOfTelling = { letters: 4, denseSigns: 2 };

/** Made when it is needed: that takes some milliseconds, and so does the first text it reads. */
let segmenter: Intl.Segmenter | undefined;

/** The words of a text that may tell what it is about, each once. */
export function wordsOf(text: string): string[] {
  const words = withSpaces(text.toLowerCase()).match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return [...new Set(words)].filter((word) => isAtLeast(word, least));
}

/** The words of a text that say something even if they stand alone. */
export function tellingWordsOf(text: string): string[] {
  return wordsOf(text).filter((word) => isAtLeast(word, leastOfTelling));
}

function isAtLeast(word: string, { letters, denseSigns }: typeof least): boolean {
  return word.length >= letters || (word.length >= denseSigns && denseScripts.test(word));
}

/** Texts that have spaces go without the segmenter, which takes ten times as long. */
function withSpaces(text: string): string {
  if (!denseScripts.test(text)) return text;
  segmenter ??= new Intl.Segmenter('en', { granularity: 'word' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment).join(' ');
}
