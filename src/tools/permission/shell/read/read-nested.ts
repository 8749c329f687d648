import type { ParsedScript, SyntaxNode, Word } from 'unbash';
import { marks, unmarkPatterns, type Field } from '../field.ts';
import { expandText, type Surroundings } from './expand-word.ts';
import { oddityOf } from './oddities.ts';
import { inSubshell, type Output, type Pass, type Readers, type Scope } from './pass.ts';

/** What words are expanded with, at this place of the line. */
export function surroundingsOf(scope: Scope, pass: Pass, { readScript }: Readers): Surroundings {
  const outputOf = (script: ParsedScript): Output => {
    if (!scope.outputs.has(script)) scope.outputs.set(script, readScript(script, inSubshell(scope)));
    return scope.outputs.get(script);
  };
  const fileOf = (script: ParsedScript): Field => {
    const path = `/dev/fd/${63 + pass.files.size}`;
    pass.files.put(path, undefined, outputOf(script), 'replace');
    return path;
  };
  const { positional, folder, settled } = scope.shell;
  return { parse: pass.parse, variables: pass.variables, settled, positional, folder, outputOf, fileOf };
}

/** Reads the substitutions in a part of the tree, wherever in it they are. */
export function readNested(node: SyntaxNode, scope: Scope, pass: Pass, readers: Readers): void {
  const { outputOf } = surroundingsOf(scope, pass, readers);
  const visit = (child: SyntaxNode): void => {
    noteOddity(child, scope, pass, readers);
    if (child.type === 'ExtendedGlob') readers.readText(child.pattern, inSubshell(scope));
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

/** Notes what a part of the tree may do besides its commands, and reads the values that it expands once more. */
export function noteOddity(node: SyntaxNode, scope: Scope, pass: Pass, readers: Readers): void {
  const oddity = oddityOf(node);
  if (oddity === undefined) return;
  pass.oddities.add(oddity);
  for (const [name] of expandedAgain(node, scope).matchAll(/[A-Za-z_]\w*/g)) {
    for (const value of pass.variables.has(name) ? pass.variables.get(name) : []) {
      if (!/[$`]/.test(value) || pass.expanded.has(value)) continue;
      pass.expanded.add(value);
      readers.readText(`: "${unmarkPatterns(value).replaceAll('"', String.raw`\"`)}"`, inSubshell(scope));
    }
  }
}

/** The source with the names of variables whose values may be expanded once more. */
function expandedAgain(node: SyntaxNode, { source }: Scope): string {
  switch (node.type) {
    case 'ArithmeticExpansion':
    case 'ParameterExpansion':
    case 'Assignment':
      return node.text;
    case 'ArithmeticFor':
      return source.slice(node.pos, node.body.pos);
    case 'ArithmeticCommand':
    case 'ArrayValue':
    case 'TestUnary':
    case 'TestBinary':
      return source.slice(node.pos, node.end);
    default:
      return '';
  }
}

/** Notes words that tell what is in them though no command has them: what is run goes by them, or `${x:?…}` shows them. */
export function noteSecrets(words: readonly Word[], scope: Scope, pass: Pass, readers: Readers): void {
  const around = surroundingsOf(scope, pass, readers);
  const texts = words.flatMap((word) => expandText(word, around));
  if (texts.some((text) => text.includes(marks.variable))) pass.oddities.add('uses a variable of the environment');
}
