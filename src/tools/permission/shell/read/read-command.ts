import type { ArrayValue, Assignment, Command, Redirection } from 'unbash';
import { nameOf, type SimpleCommand } from '../command.ts';
import { isCut, isUnknown, type Field } from '../field.ts';
import { expandText, expandWord, type Surroundings } from './expand-word.ts';
import { innerOf } from './inner-of-command.ts';
import type { Inner } from './inner.ts';
import { noteFiles } from './note-files.ts';
import { knownOutput } from './known-output.ts';
import { inSubshell, mostDepth, type Output, type Pass, type Readers, type Scope } from './pass.ts';
import { limited, oneOfTooMany, product } from './product.ts';
import { readNested, surroundingsOf } from './read-nested.ts';
import { readRedirects } from './read-redirects.ts';
import { applyToShell, nextFolder, settle } from './shell-state.ts';

/** Of a line, with each way to expand it. */
const mostCommands = 20_000;

/** Notes a command, in each way its words may be expanded, and all that it runs. */
export function readCommand(node: Command, scope: Scope, pass: Pass, readers: Readers): Output {
  const around = surroundingsOf(scope, pass, readers);
  readNested(node, scope, pass, readers);
  const assignments = node.prefix.flatMap((one) => {
    if (one.type !== 'Assignment') return [];
    const values = assign(one, surroundingsOf(scope, pass, readers));
    if (node.name === undefined) settle(scope.shell, [one.name]);
    return values;
  });
  const { redirects, input } = readRedirects(node.redirects, around, scope, pass);
  const words = node.name === undefined ? [] : [node.name, ...node.args];
  const fields = product(
    words.map((word) => (word.type === 'Word' ? expandWord(word, around) : argumentsOf(word, around))),
    [oneOfTooMany],
  );
  const outputs = fields.map((one) =>
    note({ fields: one.flat(), assignments, redirects, input, origin: 'written' }, scope, pass, readers),
  );
  return eitherOf(outputs);
}

/** Redirects of a group or a loop, as a command without a name. */
export function readGroupRedirects(
  redirections: readonly Redirection[],
  scope: Scope,
  pass: Pass,
  readers: Readers,
): SimpleCommand {
  for (const one of redirections) readNested(one, scope, pass, readers);
  const { redirects, input } = readRedirects(redirections, surroundingsOf(scope, pass, readers), scope, pass);
  const group = { fields: [], assignments: [], redirects, input, origin: 'written' } as const;
  note(group, scope, pass, readers);
  return { ...group, runs: 'nothing', folder: scope.shell.folder };
}

function assign(node: Assignment, around: Surroundings): SimpleCommand['assignments'] {
  const values = node.value.type === 'Word' ? expandText(node.value, around) : ofArray(node.value, around);
  around.variables.set(node.name, values, node.append === true ? 'append' : 'replace');
  return values.map((value) => ({ name: node.name, value }));
}

/** All of its elements, and the first, which the name alone stands for. */
function ofArray({ elements }: ArrayValue, around: Surroundings): readonly Field[] {
  const each = elements.map((word) => expandText(word, around));
  return [each.flat().join(' '), ...(each[0] ?? [])];
}

/** `NAME=value` behind a command is an argument. */
function argumentsOf(node: Assignment, around: Surroundings): readonly (readonly Field[])[] {
  return assign(node, around).map(({ name, value }) => [`${name}=${value}`]);
}

function note(command: Omit<SimpleCommand, 'runs' | 'folder'>, scope: Scope, pass: Pass, readers: Readers): Output {
  if (pass.commands.length >= mostCommands) {
    pass.excess.add(`runs more than ${mostCommands} commands, which is too much to be read`);
    return undefined;
  }
  const files = pass.files.from(scope.shell.folder);
  const inner = innerOf(command, files);
  const whole: SimpleCommand = { ...command, runs: runsOf(inner), folder: scope.shell.folder };
  pass.commands.push(whole);
  applyToShell(whole, scope.shell, pass.variables);
  const inside = inner.map((one) => runInner(one, whole, scope, pass, readers));
  const called = callFunction(command.fields, scope, pass, readers);
  const output = inner.length > 0 ? eitherOf(inside) : (called ?? knownOutput(command, files));
  noteFiles(whole, output, pass.files);
  return output;
}

function runsOf(inner: readonly Inner[]): SimpleCommand['runs'] {
  const texts = inner.filter((one) => one.type === 'text');
  const isUnseen = texts.some(({ texts: all }) => all === undefined || all.some(isUnknown));
  return isUnseen ? 'unseen-text' : texts.length > 0 ? 'text' : inner.length > 0 ? 'command' : 'nothing';
}

function runInner(inner: Inner, outer: SimpleCommand, scope: Scope, pass: Pass, readers: Readers): Output {
  const deeper = { ...scope, depth: scope.depth + 1, input: outer.input };
  if (deeper.depth > mostDepth) {
    pass.excess.add('is nested too deep to be read');
    return undefined;
  }
  const isElsewhere = inner.folder !== undefined;
  if (inner.type === 'command') {
    const { fields, assignments } = inner;
    const command = { fields, assignments, redirects: [], input: outer.input, origin: 'wrapped' } as const;
    return note(command, isElsewhere ? inFolder(inner.folder, deeper) : deeper, pass, readers);
  }
  const isSameShell = ['eval', 'source', '.', 'trap', 'alias'].includes(nameOf(outer));
  const inside = isElsewhere ? inFolder(inner.folder, deeper) : isSameShell ? deeper : inSubshell(deeper);
  // A shell that is started has only what was exported.
  if (!isSameShell) inside.shell.settled = pass.variables.given;
  if (inner.positional !== undefined) inside.shell.positional = inner.positional;
  if (inner.zero !== undefined) pass.variables.set('0', [inner.zero]);
  return eitherOf(inner.texts?.map((text) => readText(text, inside, pass, readers)) ?? [undefined]);
}

/** Text for a shell. One that runs itself is not read again and again. */
function readText(text: string, scope: Scope, pass: Pass, readers: Readers): Output {
  if (isCut(text)) pass.excess.add('runs text of which there is too much to be read');
  if (isDeepIn(text, scope, pass)) return undefined;
  return readers.readText(text, { ...scope, outputs: new Map(), calling: [...scope.calling, text] });
}

function inFolder(folder: Field, scope: Scope): Scope {
  return { ...scope, shell: { ...scope.shell, folder: nextFolder(folder, scope.shell.folder) } };
}

function callFunction([name = '', ...args]: readonly Field[], scope: Scope, pass: Pass, readers: Readers): Output {
  const definitions = [...(pass.functions.get(name)?.values() ?? [])];
  if (definitions.length === 0 || isDeepIn(name, scope, pass)) return undefined;
  const shell = { ...scope.shell, positional: args };
  const inside = { ...scope, shell, calling: [...scope.calling, name], depth: scope.depth + 1 };
  const outputs = definitions.map(({ body }) => readers.readNode(body, { ...inside, outputs: new Map() }));
  scope.shell.folder = shell.folder;
  return eitherOf(outputs);
}

/** Whether what calls itself has been read often enough, or is too deep to be read at all. */
function isDeepIn(name: string, { calling, depth }: Scope, pass: Pass): boolean {
  if (calling.filter((one) => one === name).length > 1) return true;
  if (depth > mostDepth) pass.excess.add('is nested too deep to be read');
  return depth > mostDepth;
}

/** What is put out, where it is one of these and which is not told. */
function eitherOf(outputs: readonly Output[]): Output {
  return outputs.every((one) => one !== undefined) ? limited(outputs.flat()) : undefined;
}
