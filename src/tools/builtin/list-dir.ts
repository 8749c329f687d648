import { defineTool, type Tool } from '../tool.ts';
import { drawTree } from './draw-tree.ts';

const parameters = {
  type: 'object',
  properties: {
    path: {
      type: 'string',
      minLength: 1,
      default: '.',
      description: 'The folder, absolute or relative to the workspace. Default: the workspace.',
    },
    depth: {
      type: 'integer',
      minimum: 1,
      maximum: 10,
      default: 2,
      description: 'How many levels to show; 1 shows only the folder itself.',
    },
    max_items_per_dir: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      default: 50,
      description: 'How many entries of each folder to show.',
    },
    include_hidden: {
      type: 'boolean',
      default: false,
      description: 'Whether to show entries whose name begins with a dot.',
    },
  },
  additionalProperties: false,
} as const;

/** What the model reads. */
interface ListDirResult {
  readonly root: string;
  readonly depth: number;
  readonly tree: string;
}

/** Shows a folder as a tree of names. */
export const listDir: Tool = defineTool({
  name: 'list_dir',
  description:
    'Shows a folder as an indented tree, files with their size in bytes. A name that ends in / is a folder, one that ends ' +
    'in /… a folder below depth, not opened. What was left out is counted in a line in brackets.',
  parameters,
  effect: 'none',
  sandbox: 'needed',
  async execute({ path, depth, max_items_per_dir, include_hidden }, { sandbox, signal }): Promise<ListDirResult> {
    const { path: root } = await sandbox.stat(path);
    const limits = { depth, itemsPerFolder: max_items_per_dir, hidden: include_hidden ? 'show' : 'count' } as const;
    return { root, depth, tree: await drawTree(root, limits, { sandbox, signal }) };
  },
});
