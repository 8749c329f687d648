import { defineTool, type Tool } from '../tool.ts';

const parameters = {
  type: 'object',
  properties: {
    file_path: {
      type: 'string',
      minLength: 1,
      description: 'The file, absolute or relative to the workspace. Missing folders are made.',
    },
    content: { type: 'string', description: 'The text to write, exactly as it shall stand in the file.' },
    mode: {
      type: 'string',
      enum: ['overwrite', 'append'],
      default: 'overwrite',
      description: 'overwrite replaces the whole file, or makes it; append adds to its end. Default: overwrite.',
    },
  },
  required: ['file_path', 'content'],
  additionalProperties: false,
} as const;

/** What the model reads. */
interface FileWriteResult {
  readonly success: true;
  readonly file_path: string;
  readonly mode: 'overwrite' | 'append';
  /** Of this call, in UTF-8. */
  readonly bytes_written: number;
}

/** Writes a text file, in UTF-8, as it is given. Its effect is that of its worse mode: to append again would double. */
export const fileWrite: Tool = defineTool({
  name: 'file_write',
  description: 'Writes text to a file: replaces the whole file, or appends to it.',
  parameters,
  effect: 'once',
  sandbox: 'needed',
  async execute({ file_path, content, mode }, { sandbox }): Promise<FileWriteResult> {
    await sandbox.writeFile(file_path, content, { mode });
    return { success: true, file_path, mode, bytes_written: Buffer.byteLength(content) };
  },
});
