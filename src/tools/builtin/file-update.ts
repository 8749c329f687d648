import { SageError, messageOf } from '../../errors.ts';
import type { InferArguments } from '../input-schema.ts';
import { defineTool, type SandboxToolContext, type Tool } from '../tool.ts';
import { editText, type TextEdit } from './edit-text.ts';
import { selectLines } from './select-lines.ts';
import { readTextFile } from './text-file.ts';

const parameters = {
  type: 'object',
  properties: {
    file_path: { type: 'string', minLength: 1, description: 'The file, absolute or relative to the workspace.' },
    operations: {
      type: 'array',
      minItems: 1,
      maxItems: 100,
      description:
        'The changes, applied in order, each to the result of the one before. If one fails, nothing is written.',
      items: {
        type: 'object',
        properties: {
          update_mode: {
            type: 'string',
            enum: ['search_replace', 'line_range'],
            description: 'search_replace replaces a text, line_range whole lines.',
          },
          search_pattern: {
            type: 'string',
            minLength: 1,
            description:
              'For search_replace: the text to replace, exactly as it stands in the file; no regular expression.',
          },
          replacement: { type: 'string', description: 'What comes in its place, literally. Empty deletes.' },
          replace_all: {
            type: 'boolean',
            default: false,
            description: 'For search_replace: replace every match. Without it there must be exactly one.',
          },
          start_line: { type: 'integer', minimum: 1, description: 'For line_range: the first line, counted from 1.' },
          end_line: {
            type: 'integer',
            minimum: 0,
            description: 'For line_range: the last line, itself included. start_line - 1 inserts before start_line.',
          },
        },
        required: ['update_mode', 'replacement'],
        additionalProperties: false,
      },
    },
  },
  required: ['file_path', 'operations'],
  additionalProperties: false,
} as const;

type Arguments = InferArguments<typeof parameters>;

/** What the model reads. */
interface FileUpdateResult {
  readonly success: true;
  readonly file_path: string;
  readonly operations_applied: number;
  readonly replacements: number;
  readonly total_lines: number;
  /** Whether the file has another text than before. */
  readonly changed: boolean;
}

/** Changes parts of a UTF-8 text file; the rest stays as it is, byte for byte, line endings and byte order mark included. */
export const fileUpdate: Tool = defineTool({
  name: 'file_update',
  description:
    'Changes parts of a text file: replaces a text that must be there exactly once (or all of them), or lines by their ' +
    'numbers as file_read shows them. Line endings stay as they are.',
  parameters,
  effect: 'once',
  sandbox: 'needed',
  execute: run,
});

async function run({ file_path, operations }: Arguments, { sandbox }: SandboxToolContext): Promise<FileUpdateResult> {
  const old = await readTextFile(sandbox, file_path, 'file_update');
  let text = old;
  let replacements = 0;
  for (const [i, operation] of operations.entries()) {
    try {
      const edited = editText(text, toEdit(operation));
      text = edited.text;
      replacements += edited.replacements;
    } catch (cause) {
      const message = `Operation ${i + 1} of ${operations.length} failed, and nothing was written. ${messageOf(cause)}`;
      throw new SageError('tool-error', message, { tool: 'file_update' }, { cause });
    }
  }
  const changed = text !== old;
  if (changed) await sandbox.writeFile(file_path, text);
  const total_lines = selectLines(text, 1, 0).totalLines;
  return { success: true, file_path, operations_applied: operations.length, replacements, total_lines, changed };
}

function toEdit(operation: Arguments['operations'][number]): TextEdit {
  const { update_mode, search_pattern, replacement, replace_all, start_line, end_line } = operation;
  if (update_mode === 'search_replace' && search_pattern !== undefined) {
    return { update_mode, search_pattern, replacement, replace_all };
  }
  if (update_mode === 'line_range' && start_line !== undefined && end_line !== undefined) {
    return { update_mode, start_line, end_line, replacement };
  }
  const needed = update_mode === 'search_replace' ? 'search_pattern' : 'start_line and end_line';
  throw new SageError('tool-error', `update_mode ${update_mode} needs ${needed}.`, { tool: 'file_update' });
}
