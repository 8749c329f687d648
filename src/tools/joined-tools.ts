import { ToolManager, type ToolSource } from './tool-manager.ts';
import type { Tool } from './tool.ts';

/**
 * The host's tools as they are now, and those the runtime puts beside them: what is registered or goes later is the next
 * run's.
 *
 * @throws {SageError} `invalid-argument` for a name that both have.
 */
export function joinTools(host: ToolSource | undefined, own: readonly Tool[]): ToolSource {
  return new ToolManager({ tools: [...(host?.listTools() ?? []), ...own] });
}
