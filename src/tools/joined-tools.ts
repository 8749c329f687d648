import { ToolManager, type ToolSource } from './tool-manager.ts';
import type { Tool } from './tool.ts';

/**
 * The host's tools, and those the runtime puts beside them.
 *
 * @throws {SageError} `invalid-argument` for a name that both have.
 */
export function joinTools(host: ToolSource | undefined, own: readonly Tool[]): ToolSource {
  if (own.length === 0) return host ?? new ToolManager();
  return new ToolManager({ tools: [...(host?.listTools() ?? []), ...own] });
}
