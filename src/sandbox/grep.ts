/** How files are searched. Patterns are those of ripgrep, or extended POSIX ones where the sandbox has only grep. Files ripgrep
 * would ignore (`.gitignore`) are left out where it is there. */
export interface GrepOptions {
  /** A file or folder. Default: the workspace. */
  readonly path?: string;
  /** Only files whose path fits this pattern. */
  readonly glob?: string;
  /** Only files of this type, as ripgrep names them: `ts`, `py`, … */
  readonly type?: string;
  /** `content` (default) gives lines, `files_with_matches` names, `count` numbers of matching lines. */
  readonly outputMode?: 'content' | 'files_with_matches' | 'count';
  readonly caseInsensitive?: boolean;
  /** Lets a match span lines. */
  readonly multiline?: boolean;
  /** Lines to show before and after each match. Default 0. */
  readonly beforeLines?: number;
  readonly afterLines?: number;
  /** Matches, files or counts to return at most. Default 200. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

export interface GrepMatch {
  /** The path the agent would use to reach it. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in characters; of the first match in the line. With grep always 1. */
  readonly column: number;
  /** The line (lines, for a multiline match) without its line break. */
  readonly text: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export interface GrepResult {
  readonly tool: 'rg' | 'grep';
  /** For `content`. */
  readonly matches: readonly GrepMatch[];
  /** For `files_with_matches`, and for `count` with the number of matching lines of each. */
  readonly files: readonly { readonly path: string; readonly count?: number }[];
  /** Whether there is more than `limit`. */
  readonly truncated: boolean;
}
