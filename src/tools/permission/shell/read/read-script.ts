import type { Function as FunctionNode, ParsedScript, Pipeline, Statement, SyntaxNode, Word } from 'unbash';
import { nameOf } from '../command.ts';
import { marks } from '../field.ts';
import { readAndOr, readCase, readIf, someOf } from './branches.ts';
import { expandWord } from './expand-word.ts';
import { inSubshell, mostDepth, type Output, type Pass, type Readers, type Scope } from './pass.ts';
import { joined } from './product.ts';
import { readCommand, readGroupRedirects } from './read-command.ts';
import { noteFiles } from './note-files.ts';
import { noteOddity, noteSecrets, readNested, surroundingsOf } from './read-nested.ts';
import { settle } from './shell-state.ts';

/** Of a text: as much as Linux lets one argument have, so that a longer line would not start there. */
const mostCharacters = 131_072;

/** Reads a line once: notes each of its simple commands, wherever in it they stand, and what hinders one from reading it. */
export function readLine(text: string, scope: Scope, pass: Pass): void {
  readersFor(pass).readText(text, scope);
}

function readersFor(pass: Pass): Readers {
  const readers: Readers = { readText, readScript, readNode };
  return readers;

  function readText(text: string, scope: Scope): Output {
    if (scope.depth > mostDepth || text.length > mostCharacters) {
      pass.excess.add(scope.depth > mostDepth ? 'is nested too deep to be read' : 'is too long to be read');
      return undefined;
    }
    const script = pass.parse(text);
    if (script.errors !== undefined && script.errors.length > 0) pass.unread.push(text);
    return readStatements(script.commands, { ...scope, source: text, depth: scope.depth + 1 });
  }

  function readScript(script: ParsedScript, scope: Scope): Output {
    if (scope.depth > mostDepth) {
      pass.excess.add('is nested too deep to be read');
      return undefined;
    }
    if (script.errors !== undefined && script.errors.length > 0) pass.unread.push(scope.source);
    return readStatements(script.commands, {
      ...scope,
      source: script.source ?? scope.source,
      depth: scope.depth + 1,
    });
  }

  function readStatements(statements: readonly Statement[], scope: Scope): Output {
    return join(statements.map((statement) => readNode(statement, scope)));
  }

  function readNode(node: SyntaxNode, scope: Scope): Output {
    noteOddity(node, scope, pass, readers);
    switch (node.type) {
      case 'Statement':
        return readNode(node.command, node.background === true ? inSubshell(scope) : scope);
      case 'Command':
        return readCommand(node, scope, pass, readers);
      case 'Pipeline':
        return readPipeline(node, scope);
      case 'AndOr':
        return join(readAndOr(node, scope, readNode));
      case 'CompoundList':
        return readStatements(node.commands, scope);
      case 'Subshell':
        return readNode(node.body, inSubshell(scope));
      case 'BraceGroup':
        return readNode(node.body, scope);
      case 'Redirected': {
        const group = readGroupRedirects(node.redirects, scope, pass, readers);
        const output = readNode(node.command, { ...scope, input: group.input });
        noteFiles(group, output, pass.files);
        return output;
      }
      case 'For':
      case 'Select':
        pass.variables.set(node.name.value, wordsOf(node.wordlist, scope));
        for (const word of node.wordlist ?? []) readNested(word, scope, pass, readers);
        noteSecrets(node.wordlist ?? [], scope, pass, readers);
        return someOf([readMaybe(node.body, scope, [node.name.value])]);
      case 'Function':
        define(node, scope);
        readNode(node.body, { ...inSubshell(scope), input: undefined, outputs: new Map() });
        return [''];
      case 'Coproc':
        return readNode(node.body, inSubshell(scope));
      // Where `sh` is not bash, these two are commands: `[[` with arguments, and groups in groups.
      case 'TestCommand':
        readNested(node, scope, pass, readers);
        readText(scope.source.slice(node.pos + 1, node.end - 1), inSubshell(scope));
        return [''];
      case 'ArithmeticCommand':
        readNested(node, scope, pass, readers);
        readText(node.body, inSubshell(scope));
        return [''];
      case 'While':
        pass.loops.push(node);
        return someOf([readNode(node.clause, scope), readMaybe(node.body, scope)]);
      case 'ArithmeticFor':
        pass.loops.push(node);
        readNested(node, scope, pass, readers);
        return someOf([readMaybe(node.body, scope)]);
      case 'If':
        return someOf(readIf(node, scope, readNode));
      case 'Case': {
        const words = [node.word, ...node.items.flatMap(({ pattern }) => pattern)];
        for (const word of words) readNested(word, scope, pass, readers);
        noteSecrets(words, scope, pass, readers);
        return someOf(readCase(node, scope, readNode));
      }
      default:
        readNested(node, scope, pass, readers);
        return undefined;
    }
  }

  /** What may not be run at all: what it gives variables, they may not have behind it. */
  function readMaybe(node: SyntaxNode, scope: Scope, given: readonly string[] = []): Output {
    const { settled } = scope.shell;
    settle(scope.shell, given);
    const output = readNode(node, scope);
    scope.shell.settled = settled;
    return output;
  }

  function readPipeline({ commands }: Pipeline, scope: Scope): Output {
    const from: string[] = [];
    let { input } = scope;
    let output: Output;
    for (const command of commands) {
      const before = pass.commands.length;
      output = readNode(command, { ...(commands.length > 1 ? inSubshell(scope) : scope), input });
      from.push(...pass.commands.slice(before).map(nameOf));
      input = { texts: output, from: [...from] };
    }
    return output;
  }

  function define(node: FunctionNode, { source }: Scope): void {
    const definitions = pass.functions.get(node.name.value) ?? new Map<string, FunctionNode>();
    pass.functions.set(node.name.value, definitions.set(source.slice(node.pos, node.end), node));
  }

  function wordsOf(words: readonly Word[] | undefined, scope: Scope): readonly string[] {
    const around = surroundingsOf(scope, pass, readers);
    return words === undefined
      ? (scope.shell.positional ?? [])
      : words.flatMap((word) => expandWord(word, around)).flat();
  }
}

/** What several commands put out one after the other. What is known of it is worth seeing, even if some of it is not. */
function join(outputs: readonly Output[]): Output {
  const isUnknown = outputs.length > 0 && outputs.every((output) => output === undefined);
  return isUnknown ? undefined : joined(outputs.map((output) => output ?? [`${marks.unknown}\n`]));
}
