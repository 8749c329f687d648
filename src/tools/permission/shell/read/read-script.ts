import type { AndOr, ParsedScript, Pipeline, Statement, SyntaxNode, Word } from 'unbash';
import { nameOf } from '../command.ts';
import { expandWord } from './expand-word.ts';
import { inSubshell, mostDepth, type Output, type Pass, type Readers, type Scope } from './pass.ts';
import { product } from './product.ts';
import { readCommand, readGroupRedirects } from './read-command.ts';
import { noteOddity, noteSecrets, readNested, surroundingsOf } from './read-nested.ts';
import { settle } from './shell-state.ts';

/** Of a text that is parsed at all. */
const mostCharacters = 100_000;

/** Reads a line once: notes each of its simple commands, wherever in it they stand, and what hinders one from reading it. */
export function readLine(text: string, scope: Scope, pass: Pass): void {
  readersFor(pass).readText(text, scope);
}

function readersFor(pass: Pass): Readers {
  const readers: Readers = { readText, readScript, readNode };
  return readers;

  function readText(text: string, scope: Scope): Output {
    if (scope.depth > mostDepth || text.length > mostCharacters) {
      pass.unread.push(text);
      return undefined;
    }
    const script = pass.parse(text);
    if (script.errors !== undefined && script.errors.length > 0) pass.unread.push(text);
    return readStatements(script.commands, { ...scope, source: text, depth: scope.depth + 1 });
  }

  function readScript(script: ParsedScript, scope: Scope): Output {
    if (scope.depth > mostDepth) {
      pass.unread.push(scope.source);
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
        return readAndOr(node, scope);
      case 'CompoundList':
        return readStatements(node.commands, scope);
      case 'Subshell':
        return readNode(node.body, inSubshell(scope));
      case 'BraceGroup':
        return readNode(node.body, scope);
      case 'Redirected': {
        const input = readGroupRedirects(node.redirects, scope, pass, readers);
        const output = readNode(node.command, { ...scope, input });
        for (const one of node.redirects) {
          if (one.type === 'Redirect' && one.operator.includes('>')) pass.files.set(one.target?.value ?? '', output);
        }
        return output;
      }
      case 'For':
      case 'Select':
        pass.variables.set(node.name.value, wordsOf(node.wordlist, scope));
        for (const word of node.wordlist ?? []) readNested(word, scope, pass, readers);
        noteSecrets(node.wordlist ?? [], scope, pass, readers);
        readMaybe(node.body, scope, [node.name.value]);
        return undefined;
      case 'Function':
        pass.functions.set(node.name.value, node);
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
      case 'If':
      case 'Elif':
      case 'While':
        readNode(node.clause, scope);
        pass.forEachChild(node, (child) => (child === node.clause ? undefined : readMaybe(child, scope)));
        return undefined;
      case 'Case':
        noteSecrets([node.word], scope, pass, readers);
        pass.forEachChild(node, (child) => readMaybe(child, scope));
        return undefined;
      case 'CaseItem':
        noteSecrets(node.pattern, scope, pass, readers);
        pass.forEachChild(node, (child) => readNode(child, scope));
        return undefined;
      case 'ArithmeticFor':
        pass.forEachChild(node, (child) => readMaybe(child, scope));
        return undefined;
      default:
        readNested(node, scope, pass, readers);
        return undefined;
    }
  }

  function readAndOr({ commands, operators }: AndOr, scope: Scope): Output {
    let { settled } = scope.shell;
    const outputs = commands.map((command, i) => {
      // Behind the first `||`, only the first is sure to have been run.
      const isSure = operators.slice(0, i).every((operator) => operator === '&&');
      if (!isSure) scope.shell.settled = settled;
      const output = readNode(command, scope);
      if (i === 0) settled = scope.shell.settled;
      return output;
    });
    scope.shell.settled = settled;
    return join(outputs);
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

  function wordsOf(words: readonly Word[] | undefined, scope: Scope): readonly string[] {
    const around = surroundingsOf(scope, pass, readers);
    return words === undefined
      ? (scope.shell.positional ?? [])
      : words.flatMap((word) => expandWord(word, around)).flat();
  }
}

/** What several commands put out one after the other. */
function join(outputs: readonly Output[]): Output {
  const known = outputs.filter((output) => output !== undefined);
  return known.length < outputs.length ? undefined : product(known, '').map((texts) => texts.join(''));
}
