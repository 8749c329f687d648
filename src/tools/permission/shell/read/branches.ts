import type { AndOr, Case, If, SyntaxNode } from 'unbash';
import { marks, type Field } from '../field.ts';
import { inSubshell, type Output, type Scope, type Shell } from './pass.ts';
import { joined, limited } from './product.ts';

type ReadNode = (node: SyntaxNode, scope: Scope) => Output;

/** `a && b || c`. What stands behind `||` is run in place of something, and so begins where all of it did. */
export function readAndOr({ commands, operators }: AndOr, scope: Scope, readNode: ReadNode): readonly Output[] {
  const before = inSubshell(scope);
  let { settled } = scope.shell;
  const outputs = commands.map((command, i) => {
    const isInstead = operators[i - 1] === '||';
    const inside = isInstead ? inSubshell(before) : scope;
    // Behind the first `||`, only the first is sure to have been run.
    if (operators.slice(0, i).includes('||')) inside.shell.settled = settled;
    const output = readNode(command, inside);
    if (i === 0) settled = scope.shell.settled;
    if (isInstead && !isLeaving(command)) join(scope.shell, [scope.shell, inside.shell]);
    return output;
  });
  scope.shell.settled = settled;
  return outputs;
}

/** Each branch begins where the question leaves off, and what follows may come behind each. */
export function readIf(node: If, scope: Scope, readNode: ReadNode): readonly Output[] {
  const ends: Shell[] = [];
  const outputs: Output[] = [];
  const branch = (body: SyntaxNode): void => {
    const inside = inSubshell(scope);
    outputs.push(readNode(body, inside));
    if (!isLeaving(body)) ends.push(inside.shell);
  };
  outputs.push(readNode(node.clause, scope));
  const { settled } = scope.shell;
  branch(node.then);
  for (const { clause, then } of node.elif) {
    outputs.push(readNode(clause, scope));
    branch(then);
  }
  if (node.else === undefined) ends.push({ ...scope.shell });
  else branch(node.else);
  join(scope.shell, ends);
  // Only the first question is sure to have been asked.
  scope.shell.settled = settled;
  return outputs;
}

export function readCase({ items }: Case, scope: Scope, readNode: ReadNode): readonly Output[] {
  const branches = items.map(({ body }) => ({ body, inside: inSubshell(scope) }));
  const outputs = branches.map(({ body, inside }) => readNode(body, inside));
  const going = branches.filter(({ body }) => !isLeaving(body)).map(({ inside }) => inside.shell);
  join(scope.shell, [{ ...scope.shell }, ...going]);
  return outputs;
}

/**
 * What branches and loops put out: some of it, all of it, or only running would tell. Never enough to be known for harmless,
 * but enough to see what must not be run.
 */
export function someOf(outputs: readonly Output[]): Output {
  const texts = outputs.flatMap((output) => output ?? []);
  const whole = joined(outputs.map((output) => output ?? ['']));
  return limited([...texts, ...whole, texts.join(''), marks.unknown]);
}

/** Where one may stand in several folders, the one that is nearest to the root has the most to lose. */
function join(shell: Shell, ends: readonly Shell[]): void {
  const known = ends.flatMap(({ folder }) => (folder === undefined ? [] : [folder]));
  const [first, ...others] = known;
  shell.folder = others.reduce<Field | undefined>((one, other) => (depthOf(other) < depthOf(one) ? other : one), first);
  const [positional, ...more] = ends.map((end) => end.positional);
  shell.positional = more.every((one) => one === positional) ? positional : undefined;
}

function depthOf(folder: Field | undefined): number {
  return folder === undefined || folder === '/' ? 0 : folder.split('/').length;
}

/** Whether nothing that follows is run behind it. */
function isLeaving(node: SyntaxNode): boolean {
  if (node.type === 'Command') return /^(exit|return|break|continue)$/.test(node.name?.value ?? '');
  if (node.type === 'Statement') return isLeaving(node.command);
  if (node.type === 'BraceGroup') return isLeaving(node.body);
  const last = node.type === 'CompoundList' ? node.commands.at(-1) : undefined;
  return last !== undefined && isLeaving(last);
}
