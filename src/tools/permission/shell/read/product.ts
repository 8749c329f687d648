import { marks, type Field } from '../field.ts';

/** How many texts and values are looked at each: of more, these and a mark. Nobody writes so many by accident. */
const mostAlternatives = 1_000;

/** Of all of them together, in characters: texts that are put together again and again grow quickly. */
const mostLength = 50_000;

/** Stands for one of too many: maybe the worst there is, maybe a secret, maybe several words. */
export const oneOfTooMany: Field = marks.variable + marks.words + marks.cut;

/** Every way to take one of each. Of too many, some, and ways with `cut` in the place of what was left out. */
export function product<Item>(choices: readonly (readonly Item[])[], cut: Item): readonly (readonly Item[])[] {
  let all: Item[][] = [[]];
  // What could be anything where there is a choice.
  const worst: Item[] = [];
  let isTooMany = false;
  for (const choice of choices) {
    const [first] = choice;
    if (first === undefined) return [];
    worst.push(choice.length === 1 ? first : cut);
    isTooMany ||= all.length * choice.length > mostAlternatives;
    if (choice.length === 1 || isTooMany) for (const one of all) one.push(first);
    else all = all.flatMap((head) => choice.map((item) => [...head, item]));
  }
  return isTooMany ? [...all, worst] : all;
}

/** Every way to put texts together, one of each. */
export function joined(choices: readonly (readonly Field[])[]): readonly Field[] {
  const ways = product(choices.map(limited), oneOfTooMany);
  const length = choices.reduce((sum, texts) => sum + lengthOf(texts) / texts.length, 0);
  const isTooMuch = length * ways.length > mostLength;
  return isTooMuch ? [(ways[0] ?? []).join(''), oneOfTooMany] : limited(ways.map((parts) => parts.join('')));
}

/** Each once, and not too many of them: of names that differ in long numbers alone, some are as good as all. */
export function limited(texts: readonly Field[]): readonly Field[] {
  const all = new Set(texts);
  if (all.size <= mostAlternatives && lengthOf(all) <= mostLength) return [...all];
  const kept: Field[] = [];
  let length = 0;
  for (const text of all) {
    length += text.length;
    if (length <= mostLength && kept.length < mostAlternatives) kept.push(text);
  }
  const shapes = new Set(kept.map(toShape));
  return [...all].every((text) => shapes.has(toShape(text))) ? kept : [...kept, oneOfTooMany];
}

function lengthOf(texts: Iterable<Field>): number {
  let length = 0;
  for (const text of texts) length += text.length;
  return length;
}

function toShape(text: Field): string {
  return text.replaceAll(/\d{3,}/g, '000');
}
