import type { Assignment, Command, ParsedScript, Redirection, SyntaxNode, Word } from 'unbash';
import { nameOf, type FileRedirect, type Input, type SimpleCommand } from '../command.ts';
import { isUnknown, marks, unmarkPatterns, type Field } from '../field.ts';
import { expandQuoted, expandText, expandWord, product, type Surroundings } from './expand-word.ts';
import { innerOf } from './inner-of-command.ts';
import type { Inner } from './inner.ts';
import { noteFiles } from './known-files.ts';
import { knownOutput } from './known-output.ts';
import type { Output, Pass, Scope } from './pass.ts';
import { inSubshell, mostDepth } from './pass.ts';
import { applyToShell } from './shell-state.ts';

/** What commands lead to: text for shells, substitutions, the bodies of functions. */
export interface Readers {
  readonly readText: (text: string, scope: Scope) => Output;
  readonly readScript: (script: ParsedScript, scope: Scope) => Output;
  readonly readNode: (node: SyntaxNode, scope: Scope) => Output;
}

const mostCommands = 2_000;

/** Notes a command, in each way its words may be expanded, and all that it runs. */
export function readCommand(node: Command, scope: Scope, pass: Pass, readers: Readers): Output {
  const around = surroundingsOf(scope, pass, readers);
  readNested(node, scope, pass, readers);
  const assignments = node.prefix.flatMap((one) => (one.type === 'Assignment' ? assign(one, around) : []));
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

export function surroundingsOf(scope: Scope, pass: Pass, { readScript }: Readers): Surroundings {
  const outputOf = (script: ParsedScript): Output => {
    if (!scope.outputs.has(script)) scope.outputs.set(script, readScript(script, inSubshell(scope)));
    return scope.outputs.get(script);
  };
  const fileOf = (script: ParsedScript): Field => {
    const path = `/dev/fd/${63 + pass.files.size}`;
    pass.files.set(path, outputOf(script));
    return path;
  };
  const { positional, folder } = scope.shell;
  return { parse: pass.parse, variables: pass.variables, positional, folder, outputOf, fileOf };
}

/** Reads the substitutions in a part of the tree, wherever in it they are. */
export function readNested(node: SyntaxNode, scope: Scope, pass: Pass, readers: Readers): void {
  const { outputOf } = surroundingsOf(scope, pass, readers);
  const visit = (child: SyntaxNode): void => {
    if (isCalculated(child)) pass.oddities.add('calculates');
    if (child.type === 'ExtendedGlob') {
      pass.oddities.add('has a pattern that some shells read as commands');
      readers.readText(child.pattern, inSubshell(scope));
    }
    if (
      child.type === 'CommandExpansion' ||
      child.type === 'ProcessSubstitution' ||
      child.type === 'ArithmeticCommandExpansion'
    ) {
      if (child.script !== undefined) outputOf(child.script);
    } else {
      pass.forEachChild(child, visit);
    }
  };
  visit(node);
}

/** Arithmetic runs what stands in an index, also in that of a variable's value. */
function isCalculated(node: SyntaxNode): boolean {
  if (node.type === 'ArithmeticExpansion') return !/^\$\(\([\d\s+\-*/%()<>=!&|^~?:,]*\)\)$/.test(node.text);
  if (node.type === 'Assignment') return node.index !== undefined;
  if (node.type !== 'ParameterExpansion') return false;
  return node.operation?.type === 'Slice' || (node.index !== undefined && !/^(\d+|[@*])$/.test(node.index.text));
}

function assign(node: Assignment, around: Surroundings): SimpleCommand['assignments'] {
  const values =
    node.value.type === 'Word'
      ? expandText(node.value, around)
      : [node.value.elements.flatMap((word) => expandText(word, around)).join(' ')];
  around.variables.set(node.name, values, node.append === true ? 'append' : 'replace');
  return values.map((value) => ({ name: node.name, value }));
}

/** `NAME=value` behind a command is an argument. */
function argumentsOf(node: Assignment, around: Surroundings): readonly (readonly Field[])[] {
  return assign(node, around).map(({ name, value }) => [`${name}=${value}`]);
}

function readRedirects(
  redirections: readonly Redirection[],
  around: Surroundings,
  scope: Scope,
  pass: Pass,
): { readonly redirects: readonly FileRedirect[]; readonly input: Input | undefined } {
  const redirects: FileRedirect[] = [];
  let { input } = scope;
  for (const one of redirections) {
    if (one.type === 'HereDoc') {
      const { body, delimiter } = one;
      const isExpanded = delimiter?.quoted !== true && body.parts !== undefined;
      input = { texts: isExpanded ? expandQuoted(body.parts, around) : [body.text], from: [] };
    } else if (one.type === 'HereString') {
      input = { texts: textsOf(one.target, around).map((text) => `${text}\n`), from: [] };
    } else {
      const targets = textsOf(one.target, around);
      const isFile = !(one.operator.endsWith('&') && targets.every((target) => /^(\d+-?|-)$/.test(target)));
      if (isFile) redirects.push(...targets.map((target) => ({ operator: one.operator, target })));
      if (isFile && one.operator === '<') input = { texts: pass.files.get(targets[0] ?? ''), from: [] };
    }
  }
  return { redirects, input };
}

function textsOf(word: Word | undefined, around: Surroundings): readonly Field[] {
  return word === undefined ? [marks.unknown] : expandText(word, around);
}

function note(command: Omit<SimpleCommand, 'runs' | 'folder'>, scope: Scope, pass: Pass, readers: Readers): Output {
  if (pass.commands.length >= mostCommands) {
    if (pass.unread.at(-1) !== scope.source) pass.unread.push(scope.source);
    return undefined;
  }
  const inner = innerOf(command, pass.files);
  const whole: SimpleCommand = { ...command, runs: runsOf(inner, command), folder: scope.shell.folder };
  pass.commands.push(whole);
  applyToShell(whole, scope.shell, pass.variables);
  const inside = inner.map((one) => runInner(one, whole, scope, pass, readers));
  const called = callFunction(command.fields, scope, pass, readers);
  const output = inner.length > 0 ? eitherOf(inside) : (called ?? knownOutput(command, pass.files));
  noteFiles(whole, output, pass.files);
  return output;
}

function runsOf(inner: readonly Inner[], { input }: Pick<SimpleCommand, 'input'>): SimpleCommand['runs'] {
  const texts = inner.filter((one) => one.type === 'text');
  const isUnseen = texts.some(({ texts: all }) =>
    all === undefined ? input === undefined || input.from.length > 0 : all.some(isUnknown),
  );
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
