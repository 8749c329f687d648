const most = 64;

/**
 * The words that `a{b,c}d` stands for, as source: quotes and escapes stay. A word without such braces, and one that stands for
 * too many, is given back alone.
 */
export function expandBraces(word: string): readonly string[] {
  const found = word.split('{').length > most ? undefined : findBraces(word);
  if (found === undefined) return [word];
  const { open, commas, close } = found;
  const cuts = [open, ...commas, close];
  const inner = cuts.slice(1).map((end, i) => word.slice((cuts[i] ?? 0) + 1, end));
  const rests = expandBraces(word.slice(close + 1));
  const words = inner
    .flatMap((text) => expandBraces(text))
    .flatMap((text) => rests.map((rest) => word.slice(0, open) + text + rest));
  return words.length > most ? [word] : words;
}

interface Braces {
  readonly open: number;
  /** Those between its words. */
  readonly commas: readonly number[];
  readonly close: number;
}

function findBraces(word: string): Braces | undefined {
  for (let open = nextBrace(word, 0); open !== -1; open = nextBrace(word, open + 1)) {
    const commas: number[] = [];
    let depth = 0;
    for (let i = open; i < word.length; i = next(word, i)) {
      if (word[i] === '{') depth += 1;
      if (word[i] === ',' && depth === 1) commas.push(i);
      if (word[i] === '}' && --depth === 0) {
        if (commas.length > 0) return { open, commas, close: i };
        break;
      }
    }
  }
  return undefined;
}

/** The next `{` that is not quoted and no part of `${…}`. */
function nextBrace(word: string, from: number): number {
  for (let i = 0; i < word.length; i = next(word, i)) {
    if (i >= from && word[i] === '{' && word[i - 1] !== '$') return i;
  }
  return -1;
}

/** Behind a character, an escape, or a text in quotes. */
function next(word: string, i: number): number {
  const char = word[i] ?? '';
  if (char === '\\') return i + 2;
  if (char !== "'" && char !== '"') return i + 1;
  for (let j = i + 1; j < word.length; j += 1) {
    if (word[j] === char) return j + 1;
    if (char === '"' && word[j] === '\\') j += 1;
  }
  return word.length;
}
