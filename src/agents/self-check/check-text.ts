import { canParse } from './parse-file.ts';
import { splitCode } from './split-code.ts';

/** The files that links and images of a Markdown text lead to: everything that is no address. */
export function linkedFiles(text: string): string[] {
  const { prose } = splitCode(text);
  const files: string[] = [];
  const open: number[] = [];
  for (const { 0: found, index } of prose.matchAll(/\\[^]|\[|\]\(?|\n[ \t]*\n/g)) {
    if (found === '[') open.push(index);
    else if (found.startsWith('\n')) open.length = 0;
    else if (found.startsWith(']')) {
      const begin = open.pop();
      if (found === ']' || begin === undefined || isBehindWord(prose, begin)) continue;
      const path = toPath(destinationAt(prose, index + found.length));
      if (path !== undefined) files.push(path);
    }
  }
  return [...new Set(files)];
}

/** `f[x](t)` is no link. */
function isBehindWord(prose: string, bracket: number): boolean {
  const place = prose[bracket - 1] === '!' ? bracket - 2 : bracket - 1;
  return /[\w)\]`$]/.test(prose[place] ?? '');
}

function destinationAt(prose: string, place: number): string {
  const destination = /(?:<([^<>\n]+)>|([^\s()<>]+))(?:\s+"[^"\n]*")?\)/y;
  destination.lastIndex = place;
  const [, quoted, plain = ''] = destination.exec(prose) ?? [];
  return quoted ?? plain;
}

const hosts = /^(?:www\.|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|edu|gov|io|dev|app|eu)(?:[:/]|$)|\d+(?:\.\d+){3}\b)/i;

/** One word, without a dot or a slash, may stand for anything. */
function toPath(destination: string): string | undefined {
  const path = destination.replace(/^file:\/\//, '').replace(/[?#].*$/, '');
  const isAddress = /^(?:[a-z][a-z\d+.-]*:|\/\/|~)/i.test(path) || hosts.test(path);
  return isAddress || !/[./]/.test(path) ? undefined : decode(path);
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** What stands in the text as code and may be the name of a file that can be parsed. */
export function namedFiles(text: string): string[] {
  const names = splitCode(text).spans.filter((span) => /^[^\s"'<>|*?(){}$]+$/.test(span) && canParse(span));
  return [...new Set(names)];
}

/** The tags whose end the system message names, `</answer>`: those are to be balanced. */
export function requiredTags(system: readonly string[]): string[] {
  return [...new Set([...system.join('\n').matchAll(/<\/([a-z][\w-]*)>/gi)].map(([, name = '']) => name))];
}

/** A block of code that has no end, and tags of those required that are opened and not closed, or closed and not opened. */
export function unbalancedTags(text: string, required: readonly string[]): string[] {
  const { prose, isOpen } = splitCode(text);
  const counts = new Map<string, number>(required.map((name) => [name, 0]));
  for (const [, end, name = '', itself] of prose.matchAll(/<(\/?)([a-z][\w-]*)(?:\s[^<>]*?)?(\/?)>/gi)) {
    const count = counts.get(name);
    if (count !== undefined && itself === '') counts.set(name, count + (end === '' ? 1 : -1));
  }
  const tags = [...counts].flatMap(([name, open]) => {
    if (open === 0) return [];
    return open > 0 ? [`The tag <${name}> is opened and not closed.`] : [`The tag <${name}> is closed and not opened.`];
  });
  return isOpen ? ['A code fence (```) is opened and not closed.', ...tags] : tags;
}
