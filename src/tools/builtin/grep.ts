import type { GrepOptions, GrepResult } from '../../sandbox/grep.ts';
import type { InferArguments } from '../input-schema.ts';
import { defineTool, type SandboxToolContext, type Tool } from '../tool.ts';

const lines = { type: 'integer', minimum: 0, maximum: 100 } as const;

const parameters = {
  type: 'object',
  properties: {
    pattern: {
      type: 'string',
      minLength: 1,
      description: "A regular expression as ripgrep's; escape what is meant literally.",
    },
    path: {
      type: 'string',
      minLength: 1,
      description: 'The file or folder to search, absolute or relative to the workspace. Default: the workspace.',
    },
    glob: { type: 'string', minLength: 1, description: 'Search only files whose path fits, such as "*.ts".' },
    type: {
      type: 'string',
      minLength: 1,
      description: 'Search only files of this type: ts, py, md, … as ripgrep names them.',
    },
    output_mode: {
      type: 'string',
      enum: ['content', 'files_with_matches', 'count'],
      default: 'content',
      description: 'content gives lines, files_with_matches only names, count the matching lines of each file.',
    },
    case_insensitive: { type: 'boolean', default: false, description: 'Whether a and A are the same.' },
    multiline: {
      type: 'boolean',
      default: false,
      description: 'Whether a match may span lines; . fits line breaks then.',
    },
    before_lines: { ...lines, description: 'Lines to show before each match. Default: context_lines.' },
    after_lines: { ...lines, description: 'Lines to show after each match. Default: context_lines.' },
    context_lines: { ...lines, default: 0, description: 'Lines to show before and after each match.' },
    head_limit: {
      type: 'integer',
      minimum: 1,
      maximum: 2_000,
      default: 200,
      description: 'How many matches, files or counts to return at most.',
    },
  },
  required: ['pattern'],
  additionalProperties: false,
} as const;

type Arguments = InferArguments<typeof parameters>;

/** Searches files for lines that match. That none does is a normal result. */
export const grep: Tool = defineTool({
  name: 'grep',
  description:
    'Searches the text of files with a regular expression. Line numbers begin at 1, as in file_read. No match is a normal result.',
  parameters,
  effect: 'none',
  sandbox: 'needed',
  execute: run,
});

async function run(args: Arguments, { sandbox, signal }: SandboxToolContext): Promise<object> {
  const found = await sandbox.grep(args.pattern, { ...toOptions(args), signal });
  const { tool, truncated } = found;
  return { tool, output_mode: args.output_mode, ...describe(args.output_mode, found), truncated };
}

function toOptions(args: Arguments): GrepOptions {
  const { path, glob, type, output_mode, case_insensitive, multiline, context_lines, head_limit } = args;
  return {
    ...(path === undefined ? {} : { path }),
    ...(glob === undefined ? {} : { glob }),
    ...(type === undefined ? {} : { type }),
    outputMode: output_mode,
    caseInsensitive: case_insensitive,
    multiline,
    beforeLines: args.before_lines ?? context_lines,
    afterLines: args.after_lines ?? context_lines,
    limit: head_limit,
  };
}

function describe(mode: Arguments['output_mode'], { matches, files }: GrepResult): object {
  switch (mode) {
    case 'content': {
      const shown = matches.map(({ path, line, column, text, before, after }) => {
        const context = before.length + after.length === 0 ? {} : { context: { before, after } };
        return { file: path, line, col: column, line_text: text, ...context };
      });
      return { matches: shown, count: shown.length };
    }
    case 'files_with_matches':
      return { files: files.map(({ path }) => path), count: files.length };
    case 'count': {
      const counts = files.map(({ path, count = 0 }) => ({ file: path, matches: count }));
      return { counts, total: counts.reduce((sum, { matches }) => sum + matches, 0) };
    }
    default:
      return mode satisfies never;
  }
}
