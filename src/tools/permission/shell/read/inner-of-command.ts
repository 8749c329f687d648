import { nameOf, type SimpleCommand } from '../command.ts';
import { marks, mayBeSeveral, unmarkPatterns, type Field } from '../field.ts';
import { readOptions } from '../read-options.ts';
import { innerOfFind } from './inner-of-find.ts';
import { innerOfGit } from './inner-of-git.ts';
import { isStandardInput, type FileReader } from './known-files.ts';
import type { Inner } from './inner.ts';
import { wrappers, type Wrapper } from './wrappers.ts';

type Outer = Pick<SimpleCommand, 'fields' | 'input'>;

const shells = new Set('sh bash dash ash zsh ksh mksh oksh posh yash fish rbash csh tcsh'.split(' '));

/** What `command` runs besides itself. `files` are texts that the line has put into files. */
export function innerOf(command: Outer, files: FileReader): readonly Inner[] {
  const name = nameOf(command);
  const [, ...args] = command.fields;
  const wrapper = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined;
  if (wrapper !== undefined) {
    const inner = innerOfWrapper(wrapper, args);
    // Without a command they start a shell.
    if (inner.length === 0 && /^(sudo|su|doas|chroot|unshare|nsenter)$/.test(name)) return ofInput(command);
    const folder = folderOf(wrapper, args);
    const where = folder === undefined ? {} : { folder };
    return inner.map((one) => ({ ...withInput(name, one, args, command), ...where }));
  }
  // `time -p ls` where `time` is a word of the shell.
  if (name.startsWith('-')) return innerOfWrapper(wrappers['time'] ?? {}, command.fields);
  if (shells.has(name)) return innerOfShell(args, command, files);
  switch (name) {
    case 'find':
      return innerOfFind(args);
    case 'git':
      return innerOfGit(args);
    case 'eval':
      return args.length === 0 ? [] : [text(args)];
    case 'trap':
      return args.filter((arg) => !arg.startsWith('-')).length < 2
        ? []
        : [text([args.find((arg) => arg !== '--') ?? ''])];
    case 'alias':
      return args.filter((arg) => arg.includes('=')).map((arg) => text([arg.slice(arg.indexOf('=') + 1)]));
    case 'source':
    case '.':
      return ofFile(args[0] ?? '', args.slice(1), command, files);
    case 'at':
    case 'batch':
      return ofInput(command);
    case 'parallel':
      return innerOfParallel(args);
    default:
      // A file that the line has written before.
      return command.fields[0]?.includes('/') === true ? ofFile(command.fields[0], args, command, files) : [];
  }
}

function innerOfWrapper(wrapper: Wrapper, args: readonly Field[]): readonly Inner[] {
  const anywhere = readOptions(args, { ...wrapper, endsAtOperand: 'no' });
  const front = readOptions(args, { ...wrapper, endsAtOperand: 'yes' });
  const found = (wrapper.joins === undefined ? anywhere : front).options.find(({ name }) =>
    wrapper.text?.includes(name),
  );
  const rest = front.operands.slice(wrapper.operands ?? 0);
  if (found !== undefined) return [text([found.value ?? '', ...(wrapper.joins === undefined ? [] : rest)])];
  const isIdle = front.options.some(({ name }) => name.length === 1 && wrapper.idle?.includes(name) === true);
  const at = rest.findIndex((field) => !/^[A-Za-z_]\w*=/.test(field));
  if (isIdle || at === -1) return [];
  if (wrapper.joins === 'arguments') return [text(rest)];
  const assignments = rest.slice(0, at).map((field) => {
    const end = field.indexOf('=');
    return { name: field.slice(0, end), value: field.slice(end + 1) };
  });
  return [{ type: 'command', fields: rest.slice(at), assignments }];
}

/** Where it runs its command, if it says so. */
function folderOf(wrapper: Wrapper, args: readonly Field[]): Field | undefined {
  const { options, operands } = readOptions(args, { ...wrapper, endsAtOperand: 'yes' });
  const given = options.findLast(({ name }) => wrapper.folder?.includes(name));
  if (given?.value !== undefined) return given.value;
  const isLogin = options.some(({ name }) => wrapper.login?.includes(name)) || operands[0] === '-';
  return isLogin && wrapper.login !== undefined ? '/root' : wrapper.root;
}

/** `xargs` gives its command what it reads. */
function withInput(name: string, inner: Inner, args: readonly Field[], { input }: Outer): Inner {
  if (name !== 'xargs' || inner.type !== 'command') return inner;
  const words = input?.texts?.flatMap((one) => one.split(/\s+/)).filter((word) => word !== '') ?? [marks.words];
  const { options } = readOptions(args, { ...wrappers['xargs'], endsAtOperand: 'yes' });
  const place = options.find(({ name: option }) => 'IiJ'.includes(option) || option === 'replace')?.value ?? '{}';
  const placed = inner.fields.flatMap((field) =>
    field.includes(place) ? words.map((word) => field.replaceAll(place, word)) : [field],
  );
  return {
    ...inner,
    fields: inner.fields.some((field) => field.includes(place)) ? placed : [...inner.fields, ...words],
  };
}

function innerOfShell(args: readonly Field[], command: Outer, files: FileReader): readonly Inner[] {
  const shape = { valued: 'oO', longValued: ['rcfile', 'init-file'], endsAtOperand: 'yes' } as const;
  // `+x` switches off what `-x` switches on.
  const read = readOptions(
    args.map((arg) => arg.replace(/^\+(?=[a-zA-Z])/, '-')),
    shape,
  );
  const { options } = read;
  const [first, ...rest] = args.slice(args.length - read.operands.length);
  if (options.some(({ name }) => name === 'c' || name === 'command')) {
    if (first === undefined) return [];
    const [zero = 'sh'] = rest;
    return [{ ...text([first]), positional: mayBeSeveral(zero) ? rest : rest.slice(1), zero }];
  }
  if (first !== undefined && !options.some(({ name }) => name === 's')) return ofFile(first, rest, command, files);
  return ofInput(command);
}

function ofInput({ input }: Outer): readonly Inner[] {
  return input === undefined ? [] : [{ type: 'text', texts: input.texts }];
}

function ofFile(path: Field, positional: readonly Field[], { input }: Outer, files: FileReader): readonly Inner[] {
  if (isStandardInput(path)) return [{ type: 'text', texts: input?.texts, positional }];
  const texts = files.textsOf(path);
  return texts === undefined ? [] : [{ type: 'text', texts, positional }];
}

/** Runs its command, as text, with each word behind `:::`. */
function innerOfParallel(args: readonly Field[]): readonly Inner[] {
  const at = args.findIndex((arg) => arg.startsWith(':::'));
  const { operands } = readOptions(at === -1 ? args : args.slice(0, at), {
    valued: 'jNnLSaCIdE',
    endsAtOperand: 'yes',
  });
  const command = operands.join(' ');
  const words = at === -1 ? [marks.unknown] : args.slice(at + 1).filter((arg) => !arg.startsWith(':::'));
  return words.map((word) => text([command.includes('{}') ? command.replaceAll('{}', word) : `${command} ${word}`]));
}

function text(fields: readonly Field[]): Extract<Inner, { type: 'text' }> {
  return { type: 'text', texts: [fields.map(unmarkPatterns).join(' ')] };
}
