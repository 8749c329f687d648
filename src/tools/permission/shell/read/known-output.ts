import { isUnknown, marks, unmarkPatterns, type Field } from '../field.ts';
import { nameOf, type SimpleCommand } from '../command.ts';
import { readFind } from './inner-of-find.ts';
import { isStandardInput, type FileReader } from './known-files.ts';
import { joined } from './product.ts';
import { hasOption, readOptions } from '../read-options.ts';

/** Each text a command may put out, where reading it is enough to tell: for a few that only pass text on. */
export function knownOutput(
  command: Pick<SimpleCommand, 'fields' | 'input'>,
  files: FileReader,
): readonly string[] | undefined {
  const [, ...args] = command.fields;
  const input = command.input?.texts;
  switch (nameOf(command)) {
    // Assignments and redirects alone.
    case '':
      return [''];
    case 'echo': {
      const text = args.filter((arg, i) => i > 0 || !/^-[neE]+$/.test(arg)).join(' ');
      // Some shells' echo reads escapes, and some does not.
      return [...new Set([text, unescape(text)])].map((one) => `${one}\n`);
    }
    case 'printf':
      return args[0] === '-v' ? undefined : [format(args[0] === '--' ? args.slice(1) : args)];
    case 'cat':
    case 'tee': {
      const paths = nameOf(command) === 'tee' ? [] : args.filter((arg) => arg === '-' || !arg.startsWith('-'));
      return paths.length === 0 ? input : textsOf(paths, input, files);
    }
    case 'find':
      return [foundBy(args)];
    case ':':
    case 'true':
    case 'cd':
    case 'set':
    case 'export':
    case 'mkdir':
    case 'sleep':
      return [''];
    case 'base64': {
      const { options, operands } = readOptions(args, { valued: 'w' });
      if (!hasOption(options, 'dD', 'decode')) return undefined;
      return textsOf(operands.length === 0 ? ['-'] : operands, input, files)?.map((text) =>
        isUnknown(text) ? text : atBest(text),
      );
    }
    default:
      return undefined;
  }
}

/** Of files, one after the other. */
function textsOf(
  paths: readonly Field[],
  input: readonly string[] | undefined,
  files: FileReader,
): readonly string[] | undefined {
  const texts = paths.map((path) => (isStandardInput(path) ? input : files.textsOf(path)));
  const known = texts.filter((one) => one !== undefined);
  return known.length < texts.length ? undefined : joined(known);
}

/** What `find` begins with, and what else it may find. */
function foundBy(args: readonly Field[]): Field {
  const { roots, finds } = readFind(args);
  const below = roots.map((root) => `${root}/${marks.unknown}`);
  return [...(finds === 'all' ? roots : []), ...below].map((path) => `${path}\n`).join('');
}

function atBest(base64: string): string {
  return Buffer.from(base64, 'base64').toString();
}

function format([pattern = '', ...values]: readonly Field[]): Field {
  let at = 0;
  const once = () =>
    unescape(unmarkPatterns(pattern)).replaceAll(/%(%|[-+ #0-9.]*[bcdiqsux])/g, (_, kind: string) => {
      if (kind === '%') return '%';
      const value = values[at] ?? '';
      at += 1;
      return kind.endsWith('b') ? unescape(value) : value;
    });
  let text = once();
  // The pattern is used again until all values are.
  for (let round = 0, used = 0; at > used && at < values.length && round < 64; round += 1) {
    used = at;
    text += once();
  }
  return text;
}

const letters: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '', b: '', f: '\f', v: '\v', e: '' };

function unescape(text: string): string {
  return text.replaceAll(
    /\\(?:x([\da-f]{1,2})|u([\da-f]{1,4})|0?([0-7]{1,3})|(.))/gis,
    (whole, hex: string | undefined, unicode: string | undefined, octal: string | undefined, letter = '') => {
      const digits = hex ?? unicode;
      if (digits !== undefined) return String.fromCharCode(Number.parseInt(digits, 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      return letter === '\\' ? '\\' : (letters[String(letter)] ?? whole);
    },
  );
}
