import type { ArrayValue, ParameterExpansionPart, SyntaxNode } from 'unbash';
import { isTame } from '../tame-variables.ts';

/** Parts of a tree that only put text together, or commands that are looked at themselves. */
const plain = new Set<string>(
  (
    'Script Statement Command Pipeline AndOr CompoundList Subshell BraceGroup Redirected If Elif While Case CaseItem ' +
    'TestCommand TestLogical TestNot TestGroup Time Negation Redirect HereString HereDoc HereDocBody HereDocDelimiter ' +
    'FileDescriptor Word Literal Glob SingleQuoted DoubleQuoted AnsiCQuoted LocaleString SimpleExpansion ' +
    'CommandExpansion ProcessSubstitution BraceExpansion ArithmeticCommandExpansion ' +
    // Of these the part is told of that they stand in.
    'ArithmeticBinary ArithmeticUnary ArithmeticTernary ArithmeticGroup ArithmeticWord ' +
    'Default Remove Replace Slice CaseModification Transform Names Unknown'
  ).split(' '),
);

/** Tests of `[[ ]]` that calculate nothing and look no variable up by its name. */
const plainTests = /^(=|==|!=|=~|<|>|-nt|-ot|-ef|-[a-hknopr-uwxzGLNOS])$/;

/** Why a part of a line may run or set what stands in no command; `undefined` if it is known not to. */
export function oddityOf(node: SyntaxNode): string | undefined {
  switch (node.type) {
    case 'ArithmeticFor':
    case 'ArithmeticCommand':
      return calculates;
    case 'ArithmeticExpansion':
      return /^\$\(\([\d\s+\-*/%()<>=!&|^~?:,]*\)\)$/.test(node.text) ? undefined : calculates;
    case 'ParameterExpansion':
      return oddityOfParameter(node);
    case 'Assignment':
      return node.index === undefined ? undefined : calculates;
    case 'ArrayValue':
      return hasIndexes(node) ? calculates : undefined;
    case 'TestUnary':
    case 'TestBinary':
      return plainTests.test(node.operator) ? undefined : calculates;
    case 'For':
    case 'Select':
      return oddityOfName(node.name.value);
    case 'FileDescriptorVariable':
      return `opens a file with its number in "${node.name}"`;
    case 'Function':
      return 'defines a function';
    case 'Coproc':
      return 'has a coprocess';
    case 'ExtendedGlob':
      return 'has a pattern that some shells read as commands';
    default:
      return plain.has(node.type) ? undefined : `has a "${node.type}", which is not known only to read`;
  }
}

/** What is calculated runs what stands in an index, also in that of a variable's value. */
const calculates = 'calculates';

function oddityOfParameter({ parameter, prefix, index, operation }: ParameterExpansionPart): string | undefined {
  if (prefix === '!') return 'uses a variable whose name only running would tell';
  if (index !== undefined && !/^(\d+|[@*])$/.test(index.text)) return calculates;
  switch (operation?.type) {
    case undefined:
    case 'Remove':
    case 'Replace':
    case 'CaseModification':
      return undefined;
    case 'Default':
      return operation.operator.endsWith('=') ? oddityOfName(parameter) : undefined;
    case 'Transform':
      return /^[UuLQEKAak]$/.test(operation.operand.text) ? undefined : 'expands the value of a variable once more';
    case 'Slice':
      return calculates;
    case 'Names':
    case 'Unknown':
      return 'has an expansion that is not known only to read';
    default:
      return operation satisfies never;
  }
}

function hasIndexes({ elements }: ArrayValue): boolean {
  return elements.some(({ text }) => text.startsWith('['));
}

function oddityOfName(name: string): string | undefined {
  return isTame(name) ? undefined : `sets "${name}", which may change what programs do`;
}
