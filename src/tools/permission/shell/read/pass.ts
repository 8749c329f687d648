import type { Function as FunctionNode, ParsedScript, SyntaxNode } from 'unbash';
import type { Loop } from '../floor/endless-loop.ts';
import type { Input, SimpleCommand } from '../command.ts';
import type { Field } from '../field.ts';
import type { KnownFiles } from './known-files.ts';
import type { Variables } from './variables.ts';

/** One reading of a line from its begin to its end, and what it has come to. */
export interface Pass {
  readonly parse: (source: string) => ParsedScript;
  readonly forEachChild: (node: SyntaxNode, callback: (child: SyntaxNode) => void) => void;
  readonly commands: SimpleCommand[];
  readonly variables: Variables;
  /** Every definition of a function anywhere in the line, by its source: which of them counts, only running would tell. */
  readonly functions: Map<string, Map<string, FunctionNode>>;
  readonly loops: Loop[];
  readonly files: KnownFiles;
  /** Text that could not be read as a shell reads it, or not to its end. */
  readonly unread: string[];
  /** Why the line was not read to its end: too long, too deep, or with too many ways to be expanded. */
  readonly excess: Set<string>;
  /** Why a line may do more than its commands tell, whatever they are. */
  readonly oddities: Set<string>;
  /** Values of variables that are expanded once more, so that each is read once. */
  readonly expanded: Set<string>;
}

/** The state that a shell process has of its own, and that `cd` and `set` change. */
export interface Shell {
  folder: Field | undefined;
  positional: readonly Field[] | undefined;
  /** The variables that have surely been given a value by now. */
  settled: ReadonlySet<string>;
}

/** How deep texts in texts, substitutions in substitutions and commands behind commands are followed. */
export const mostDepth = 24;

/** Where in the line one is. */
export interface Scope {
  readonly shell: Shell;
  /** What positions in the tree count in. */
  readonly source: string;
  readonly input: Input | undefined;
  /** What substitutions put out, so that each is read once. */
  readonly outputs: Map<ParsedScript, readonly string[] | undefined>;
  readonly depth: number;
  readonly calling: readonly string[];
}

/** What a command puts out, each way it may be; `undefined` where only running would tell. */
export type Output = readonly string[] | undefined;

/** What commands lead to: text for shells, substitutions, the bodies of functions. */
export interface Readers {
  readonly readText: (text: string, scope: Scope) => Output;
  readonly readScript: (script: ParsedScript, scope: Scope) => Output;
  readonly readNode: (node: SyntaxNode, scope: Scope) => Output;
}

/** A process of its own: its `cd` is not seen outside. */
export function inSubshell(scope: Scope): Scope {
  return { ...scope, shell: { ...scope.shell } };
}
