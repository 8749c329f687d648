import type { ArrayValue, Assignment, Command, Redirection } from 'unbash';
import { nameOf, type Input, type SimpleCommand } from '../command.ts';
import { isUnknown, marks, unmarkPatterns, type Field } from '../field.ts';
import { expandText, expandWord, type Surroundings } from './expand-word.ts';
import { innerOf } from './inner-of-command.ts';
import type { Inner } from './inner.ts';
import { noteFiles } from './known-files.ts';
import { knownOutput } from './known-output.ts';
import { inSubshell, mostDepth, type Output, type Pass, type Readers, type Scope } from './pass.ts';
import { product } from './product.ts';
import { readNested, surroundingsOf } from './read-nested.ts';
import { readRedirects } from './read-redirects.ts';
import { applyToShell, settle } from './shell-state.ts';

const mostCommands = 2_000;

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
    [marks.variable],
  );
  const outputs = fields.map((one) =>
    note({ fields: one.flat(), assignments, redirects, input, origin: 'written' }, scope, pass, readers),
  );
  return eitherOf(outputs);
}

/** Redirects of a group or a loop. */
export function readGroupRedirects(
  redirections: readonly Redirection[],
  scope: Scope,
  pass: Pass,
  readers: Readers,
): Input | undefined {
  for (const one of redirections) readNested(one, scope, pass, readers);
  const { redirects, input } = readRedirects(redirections, surroundingsOf(scope, pass, readers), scope, pass);
  note({ fields: [], assignments: [], redirects, input, origin: 'written' }, scope, pass, readers);
  return input;
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
    if (pass.unread.at(-1) !== scope.source) pass.unread.push(scope.source);
    return undefined;
  }
  const inner = innerOf(command, pass.files);
  const whole: SimpleCommand = { ...command, runs: runsOf(inner), folder: scope.shell.folder };
  pass.commands.push(whole);
  applyToShell(whole, scope.shell, pass.variables);
  const inside = inner.map((one) => runInner(one, whole, scope, pass, readers));
  const called = callFunction(command.fields, scope, pass, readers);
  const output = inner.length > 0 ? eitherOf(inside) : (called ?? knownOutput(command, pass.files));
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
    pass.unread.push(outer.fields.map(unmarkPatterns).join(' '));
    return undefined;
  }
  if (inner.type === 'command') {
    const { fields, assignments } = inner;
    const command = { fields, assignments, redirects: [], input: outer.input, origin: 'wrapped' } as const;
    return note(command, deeper, pass, readers);
  }
  const isSameShell = ['eval', 'source', '.', 'trap', 'alias'].includes(nameOf(outer));
  const inside = isSameShell ? deeper : inSubshell(deeper);
  // A shell that is started has only what was exported.
  if (!isSameShell) inside.shell.settled = pass.variables.given;
  if (inner.positional !== undefined) inside.shell.positional = inner.positional;
  if (inner.zero !== undefined) pass.variables.set('0', [inner.zero]);
  return eitherOf(inner.texts?.map((text) => readers.readText(text, { ...inside, outputs: new Map() })) ?? [undefined]);
}

function callFunction([name = '', ...args]: readonly Field[], scope: Scope, pass: Pass, readers: Readers): Output {
  const definition = pass.functions.get(name);
  if (definition === undefined || scope.calling.includes(name) || scope.depth > mostDepth) return undefined;
  const shell = { ...scope.shell, positional: args };
  const calling = [...scope.calling, name];
  const output = readers.readNode(definition.body, {
    ...scope,
    shell,
    calling,
    outputs: new Map(),
    depth: scope.depth + 1,
  });
  scope.shell.folder = shell.folder;
  return output;
}

/** What is put out, where it is one of these and which is not told. */
function eitherOf(outputs: readonly Output[]): Output {
  return outputs.every((one) => one !== undefined) ? [...new Set(outputs.flat())] : undefined;
}
