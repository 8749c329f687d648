import { SageError } from '../../errors.ts';
import { limitOutput } from '../../sandbox/limit-output.ts';
import type { InferArguments } from '../input-schema.ts';
import { defineTool, type SandboxToolContext, type Tool } from '../tool.ts';
import { selectLines } from './select-lines.ts';
import { readTextFile } from './text-file.ts';

const defaultLines = 400;
/** Of text in one result. */
const contentBudgetBytes = 64 * 1024;

const parameters = {
  type: 'object',
  properties: {
    file_path: { type: 'string', minLength: 1, description: 'The file, absolute or relative to the workspace.' },
    start_line: {
      type: 'integer',
      minimum: 1,
      default: 1,
      description: 'The first line to read; the first line of a file is 1.',
    },
    end_line: {
      type: 'integer',
      minimum: 1,
      description: `The last line to read, itself included. Default: ${defaultLines} lines from start_line.`,
    },
    include_line_numbers: {
      type: 'boolean',
      default: true,
      description: 'Whether each line begins with its number and " | ". Give false to get the text exactly as it is.',
    },
  },
  required: ['file_path'],
  additionalProperties: false,
} as const;

/** What the model reads. */
interface FileReadResult {
  readonly file_path: string;
  /** Whole lines with the line breaks they have in the file. */
  readonly content: string;
  readonly start_line: number;
  /** The last line in `content`; below `start_line` when there is none. */
  readonly end_line: number;
  readonly total_lines: number;
  /** Where to go on reading, if the file goes on. */
  readonly next_start_line?: number;
  /** Bytes of a line too long for one result that were left out of its middle. */
  readonly left_out_bytes?: number;
}

/**
 * Reads lines of a UTF-8 text file, at most 64 KiB of them at once.
 *
 * Only `\n` and `\r\n` break lines, so numbers agree with those of grep and editors; nothing in the text is changed.
 */
export const fileRead: Tool = defineTool({
  name: 'file_read',
  description:
    `Reads lines of a UTF-8 text file, by default the first ${defaultLines}. Tells how many lines the file has, and ` +
    'next_start_line when it goes on after those returned. Line numbers begin at 1 and are not part of the file.',
  parameters,
  effect: 'none',
  sandbox: 'needed',
  execute: run,
});

async function run(args: InferArguments<typeof parameters>, { sandbox }: SandboxToolContext): Promise<FileReadResult> {
  const { file_path, start_line, end_line = start_line + defaultLines - 1, include_line_numbers } = args;
  if (end_line < start_line) throw mistake(`end_line ${end_line} is before start_line ${start_line}.`);
  const text = await readTextFile(sandbox, file_path, 'file_read');
  const { lines, totalLines } = selectLines(text, start_line, end_line);
  if (start_line > Math.max(totalLines, 1)) {
    throw mistake(`"${file_path}" has ${totalLines} lines; start_line ${start_line} is after its end.`);
  }
  const shown = include_line_numbers ? lines.map((text, i) => withNumber(text, start_line + i)) : lines;
  const { content, count, leftOutBytes } = fill(shown);
  const lastShown = start_line + count - 1;
  return {
    file_path,
    content,
    start_line,
    end_line: lastShown,
    total_lines: totalLines,
    ...(lastShown < totalLines ? { next_start_line: lastShown + 1 } : {}),
    ...(leftOutBytes > 0 ? { left_out_bytes: leftOutBytes } : {}),
  };
}

function withNumber(text: string, number: number): string {
  return `${String(number).padStart(4)} | ${text}`;
}

/** As many whole lines as the budget holds; a first one that alone is too long is cut in its middle. */
function fill(lines: readonly string[]): { content: string; count: number; leftOutBytes: number } {
  let bytes = 0;
  const overflow = lines.findIndex((text) => (bytes += Buffer.byteLength(text)) > contentBudgetBytes);
  if (overflow === 0) {
    const { text, leftOutBytes } = limitOutput(lines[0] ?? '', contentBudgetBytes);
    return { content: text, count: 1, leftOutBytes };
  }
  const count = overflow === -1 ? lines.length : overflow;
  return { content: lines.slice(0, count).join(''), count, leftOutBytes: 0 };
}

function mistake(message: string): SageError {
  return new SageError('tool-error', message, { tool: 'file_read' });
}
