import type { ParsedScript, SyntaxNode } from 'unbash';
import type { Field } from '../field.ts';
import type { Surroundings } from './expand-word.ts';
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
