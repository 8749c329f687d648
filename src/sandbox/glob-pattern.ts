import picomatch from 'picomatch';
import { SageError } from '../errors.ts';

const longest = 1_000;

/**
 * A glob pattern as a regular expression for paths relative to the folder where the search begins: `*`, `**`, `?`, `[…]`,
 * `{a,b}`. As in ripgrep and .gitignore, a pattern without `/` fits names at any depth. Names that begin with a dot are
 * found as all others are.
 *
 * @throws {SageError} `sandbox-error` for what no path can fit.
 */
export function toGlobRegExp(pattern: string): RegExp {
  const relative = pattern.startsWith('./') ? pattern.slice(2) : pattern;
  const reason = whyNot(relative);
  if (reason !== undefined) {
    const message = `The pattern ${JSON.stringify(pattern)} ${reason}. Give one such as "**/*.ts", relative to the folder.`;
    throw new SageError('sandbox-error', message, {});
  }
  const isPlaced = pattern.includes('/');
  return picomatch.makeRe(isPlaced ? relative : `**/${relative}`, { dot: true, strictBrackets: false });
}

function whyNot(pattern: string): string | undefined {
  if (pattern === '') return 'is empty';
  if (pattern.length > longest) return `is longer than ${longest} characters`;
  if (pattern.startsWith('/')) return 'is absolute: the folder is another argument';
  return pattern.split('/').includes('..') ? 'leaves the folder' : undefined;
}
