import { defineTool, type Tool } from '../tool.ts';

const parameters = {
  type: 'object',
  properties: {
    pattern: {
      type: 'string',
      minLength: 1,
      description:
        'Such as "src/**/*.ts" or "*.{md,txt}": *, **, ?, […] and {a,b}. Without a / it fits names in every folder.',
    },
    path: {
      type: 'string',
      minLength: 1,
      default: '.',
      description: 'The folder to search, absolute or relative to the workspace. Default: the workspace.',
    },
    head_limit: {
      type: 'integer',
      minimum: 1,
      maximum: 10_000,
      default: 200,
      description: 'How many files to return at most.',
    },
  },
  required: ['pattern'],
  additionalProperties: false,
} as const;

/** What the model reads. */
interface GlobToolResult {
  readonly root: string;
  /** Absolute, the newest first. */
  readonly files: readonly string[];
  readonly count: number;
  readonly truncated: boolean;
}

/** Finds files by their names. */
export const glob: Tool = defineTool({
  name: 'glob',
  description:
    'Finds files whose path fits a pattern, the one changed last first. Links are not followed; .git, node_modules and ' +
    'other caches are left out unless the pattern names them.',
  parameters,
  effect: 'none',
  sandbox: 'needed',
  async execute({ pattern, path, head_limit }, { sandbox, signal }): Promise<GlobToolResult> {
    const { path: root } = await sandbox.stat(path);
    const { files, truncated } = await sandbox.glob(pattern, { path, limit: head_limit, signal });
    return { root, files: files.map((file) => file.path), count: files.length, truncated };
  },
});
