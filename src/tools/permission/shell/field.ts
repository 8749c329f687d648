/**
 * A word of a command after its expansion, as far as that can be told without running anything. In the place of what cannot
 * stand marks: characters of Unicode's private use, which are taken out of what a model writes.
 */
export type Field = string;

export const marks = {
  /** Any text, also none: what a command puts out, a loop's variable. */
  unknown: '\uE000',
  /** What an unquoted `*` stands for. */
  star: '\uE001',
  /** What an unquoted `?` or `[…]` stands for. */
  one: '\uE002',
  /** A variable that comes with the environment: any text, and maybe a secret. */
  variable: '\uE003',
  /** What is unknown and not in quotes: any number of words, each of which may be an option. */
  words: '\uE004',
  /** One of more texts than are looked at. */
  cut: '\uE005',
} as const;

/** Text without characters that would be taken for marks. */
export function withoutMarks(text: string): string {
  return text.replaceAll(/[\uE000-\uE005]/g, '\uFFFD');
}

/** Whether nothing in it depends on what only running would tell. */
export function isLiteral(field: Field): boolean {
  return !/[\uE000-\uE005]/.test(field);
}

/** Whether it holds text that can be anything, not only names of files. */
export function isUnknown(field: Field): boolean {
  return /[\uE000\uE003-\uE005]/.test(field);
}

/** Whether it may be anything, because there were too many to look at each. */
export function isCut(field: Field): boolean {
  return field.includes(marks.cut);
}

export function isPattern(field: Field): boolean {
  return /[\uE001\uE002]/.test(field);
}

/** Whether it may stand for several words, or for none. */
export function mayBeSeveral(field: Field): boolean {
  return isPattern(field) || field.includes(marks.words) || isCut(field);
}

/** Whether a program could read it, or a word of it, as an option nobody has seen: names of files may begin with `-` too. */
export function mayBeUnseenOption(field: Field): boolean {
  return field.includes(marks.words) || /^[\uE000-\uE005]|^-.*[\uE000-\uE005]/s.test(field);
}

/** For people. */
export function show(field: Field): string {
  return unmarkPatterns(field)
    .replaceAll(/[\uE000\uE003-\uE005]+/g, '…')
    .replaceAll(/\/home\/~(?![^/\s])/g, '~');
}

/** Patterns in text that was not quoted, as marks. */
export function markPatterns(text: string): Field {
  return text
    .replaceAll('*', marks.star)
    .replaceAll(/\[[^\]/]*\]/g, marks.one)
    .replaceAll('?', marks.one);
}

/** Text that a shell will read once more: its patterns are patterns again. */
export function unmarkPatterns(field: Field): string {
  return field.replaceAll(marks.star, '*').replaceAll(marks.one, '?');
}

/** Whether a part of a path, maybe with patterns, fits this name. */
export function fitsName(part: Field, name: string): boolean {
  if (!isPattern(part)) return part === name;
  const pattern = part
    .replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
    // Several of them are as good as one, and much quicker.
    .replaceAll(/[\uE001\uE002]*\uE001[\uE001\uE002]*/g, '.*')
    .replaceAll(marks.one, '.');
  return new RegExp(`^${pattern}$`, 's').test(name);
}
