import { isLiteral, type Field } from '../field.ts';
import { hasOption, readOptions, type ReadOption } from '../read-options.ts';
import { harmOfUnseen } from './reader.ts';

// In brackets no delimiter, which some versions pass over and others do not.
const bracket = String.raw`\[\^?\]?[^\]/\\\n]*\]`;
const address = String.raw`(\d+|\$|\d+~\d+|\/(?:[^/[\\\n]|${bracket}|\\.)*\/I?)`;
const simple = String.raw`([dpqhHgGxDPnN=]|[aic]\\?[^\n]*)`;
const command = new RegExp(`^\\s*(${address}(\\s*,\\s*(${address}|\\+\\d+))?\\s*!?)?\\s*${simple}\\s*$`);
const substitution = new RegExp(`^\\s*(${address}(\\s*,\\s*(${address}|\\+\\d+))?\\s*!?)?\\s*[sy](.)`);

/** sed writes files with `w`, runs commands with `e`, and changes its input with `-i`. */
export function harmOfSed(args: readonly Field[]): string | undefined {
  const shape = { valued: 'ef', longValued: ['expression'] };
  const { options } = readOptions(args, shape);
  const unseen = harmOfUnseen(args);
  if (unseen !== undefined) return unseen;
  const known = options.every(({ form, name }) =>
    form === 'letter' ? 'nErsuze'.includes(name) : /^(quiet|silent|regexp-extended|expression|posix|debug)$/.test(name),
  );
  if (!known)
    return hasOption(options, 'i', 'in-place') ? 'with -i, which changes files' : 'with an option that is not known';
  // For some versions an option behind an operand is a file, and that operand is the script.
  const front = readOptions(args, { ...shape, endsAtOperand: 'yes' });
  const first = scriptsIn(front.options).length > 0 ? [] : front.operands.slice(0, 1);
  const scripts = [...scriptsIn(options), ...first];
  return scripts.every(isTame) ? undefined : 'with a script that is not known only to read';
}

function scriptsIn(options: readonly ReadOption[]): readonly Field[] {
  return options.filter(({ name }) => name === 'e' || name === 'expression').map(({ value = '' }) => value);
}

function isTame(script: Field): boolean {
  return isLiteral(script) && script.split('\n').every((line) => isTameLine(line));
}

/** Commands that are divided by `;`, where no text or pattern has one. */
function isTameLine(line: string): boolean {
  let rest = line;
  while (rest.trim() !== '') {
    const start = substitution.exec(rest);
    if (start === null) {
      const end = rest.indexOf(';');
      const one = end === -1 ? rest : rest.slice(0, end);
      if (one.trim() !== '' && !command.test(one)) return false;
      rest = end === -1 ? '' : rest.slice(end + 1);
    } else {
      const after = afterSubstitution(rest.slice(start[0].length), start.at(-1) ?? '');
      if (after === undefined) return false;
      rest = after;
    }
  }
  return true;
}

/** What follows `s/…/…/flags`, if its flags neither write nor run. */
function afterSubstitution(text: string, delimiter: string): string | undefined {
  let at = 0;
  // Whether a delimiter in brackets counts is not the same in all versions.
  let isBracket = false;
  for (let found = 0; found < 2; at += 1) {
    if (at >= text.length) return undefined;
    if (text[at] === '\\') at += 1;
    else if (text[at] === delimiter) {
      if (isBracket) return undefined;
      found += 1;
    } else if (found === 0 && text[at] === '[' && !isBracket) {
      isBracket = true;
      at += /^\^?\]?/.exec(text.slice(at + 1))?.[0].length ?? 0;
    } else if (text[at] === ']') isBracket = false;
  }
  const [, flags, end] = /^([gpIiMm0-9]*)\s*(;|$)/.exec(text.slice(at)) ?? [];
  return flags === undefined || end === undefined
    ? undefined
    : text
        .slice(at + flags.length)
        .trimStart()
        .slice(end.length);
}
