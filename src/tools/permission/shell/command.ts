import type { Field } from './field.ts';

/**
 * What a command line does, judged by reading it: `harmless` only reads, `ordinary` is everything that nothing is known
 * against, `dangerous` is worth a second look, `forbidden` is on the floor that nothing overrides.
 */
export type CommandClass = 'harmless' | 'ordinary' | 'dangerous' | 'forbidden';

export interface CommandReport {
  readonly class: CommandClass;
  /** What decided about the class, as the end of a sentence that begins with "the command": `deletes "/etc"`. */
  readonly because: string;
  /** Each simple command that is written in the line, those in substitutions and in text for shells included. */
  readonly written: readonly string[];
  /**
   * Every way to spell a command of the line, for rules that refuse or ask: also of those that another one runs (behind `sudo`,
   * `xargs` and the like), and of what there may be in text that could not be read.
   */
  readonly spellings: () => readonly string[];
  /** Whether all of the line could be read, and nothing in it can run or set what is not written there. */
  readonly isWhole: boolean;
}

/** Where a command line is to run. */
export interface CommandPlace {
  /** Whether what it can reach is its sandbox's, and not the host's. */
  readonly isConfined: boolean;
  /** The absolute path of the workspace as the command sees it, if that is known. */
  readonly workspace?: string | undefined;
  /** The folder it begins in, from the workspace, if that is known. */
  readonly start?: string;
}

export interface FileRedirect {
  readonly operator: string;
  readonly target: Field;
}

/** What comes in at standard input. */
export interface Input {
  /** Each text it may be; `undefined` where only running would tell. */
  readonly texts: readonly string[] | undefined;
  /** The names of the commands in front of the pipe. */
  readonly from: readonly string[];
}

/** What a command runs besides itself. */
export type Runs = 'nothing' | 'command' | 'text' | 'unseen-text';

/** One command with its arguments. One that can be expanded in several ways is several of these. */
export interface SimpleCommand {
  /** The name and the arguments. Empty for assignments and redirects without a command. */
  readonly fields: readonly Field[];
  readonly assignments: readonly { readonly name: string; readonly value: Field }[];
  readonly redirects: readonly FileRedirect[];
  readonly input: Input | undefined;
  /** The folder it runs in, absolute; `undefined` if that cannot be told. */
  readonly folder: Field | undefined;
  /** Whether it stands in the line, or is run by a command that does. */
  readonly origin: 'written' | 'wrapped';
  readonly runs: Runs;
}

/** The name of its program, without its folder. Upper case is another name only where file systems tell it apart. */
export function nameOf({ fields: [first = ''] }: Pick<SimpleCommand, 'fields'>): string {
  return first.slice(first.lastIndexOf('/') + 1).toLowerCase();
}
