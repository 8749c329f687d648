const leastLetters = 3;

/** The words of a text that may tell what it is about, each once. Shorter ones count in scripts where a few signs are a word. */
export function wordsOf(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const isWord = (word: string) => word.length >= leastLetters || /[^\p{ASCII}\p{Script=Latin}]/u.test(word);
  return [...new Set(words.filter(isWord))];
}
