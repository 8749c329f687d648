/** Of one word. */
const mostWords = 10_000;
/** In one word. */
const mostBraces = 512;

/**
 * The words that `a{b,c}d` and `a{1..3}` stand for, as source: quotes and escapes stay. A word without such braces is given back
 * alone; `undefined` for one that stands for too many.
 */
export function expandBraces(word: string): readonly string[] | undefined {
  if (word.split('{').length > mostBraces) return undefined;
  const found = findBraces(word);
  if (found === undefined) return [word];
  const { open, texts, close } = found;
  const inner = texts?.map(expandBraces);
  const rests = expandBraces(word.slice(close + 1));
  if (inner === undefined || rests === undefined || inner.includes(undefined)) return undefined;
  const words = inner.flatMap((all) => all ?? []);
  if (words.length * rests.length > mostWords) return undefined;
  return words.flatMap((text) => rests.map((rest) => word.slice(0, open) + text + rest));
}

interface Braces {
  readonly open: number;
  /** What stands between them; `undefined` for a sequence that is too long. */
  readonly texts: readonly string[] | undefined;
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
        const cuts = [open, ...commas, i];
        const texts = cuts.slice(1).map((end, at) => word.slice((cuts[at] ?? 0) + 1, end));
        const isSequence = /^(-?\d{1,15}|[a-zA-Z])\.\.(-?\d{1,15}|[a-zA-Z])(\.\.-?\d{1,15})?$/.test(texts[0] ?? '');
        if (commas.length > 0) return { open, texts, close: i };
        if (isSequence) return { open, texts: sequence(texts[0] ?? ''), close: i };
        break;
      }
    }
  }
  return undefined;
}

/** `1..3`, `c..a`, `01..10..2`. */
function sequence(text: string): readonly string[] | undefined {
  const [first = '', last = '', step = '1'] = text.split('..');
  const isNumbers = /\d/.test(first) && /\d/.test(last);
  const [from, to] = isNumbers ? [Number(first), Number(last)] : [first.charCodeAt(0), last.charCodeAt(0)];
  const by = Math.abs(Number(step)) || 1;
  const count = Math.floor(Math.abs(to - from) / by) + 1;
  if (count > mostWords) return undefined;
  const width = /^-?0\d/.test(first) || /^-?0\d/.test(last) ? Math.max(first.length, last.length) : 0;
  return Array.from({ length: count }, (_, i) => {
    const value = from + (to < from ? -by : by) * i;
    return isNumbers ? String(value).padStart(width, '0') : String.fromCharCode(value);
  });
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
