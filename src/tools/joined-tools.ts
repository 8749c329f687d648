import { ToolManager, type ToolSource } from './tool-manager.ts';
import type { Tool } from './tool.ts';

/**
 * The host's tools as they are now, and those the runtime puts beside them: what is registered or goes later is the next
 * run's. The host is asked for a tool again when it is called, and what it gives is run if it is what was offered.
 *
 * @throws {SageError} `invalid-argument` for a name that both have.
 */
export function joinTools(host: ToolSource | undefined, own: readonly Tool[]): ToolSource {
  const fromHost = host?.listTools() ?? [];
  const tools = new ToolManager({ tools: [...fromHost, ...own] }).listTools();
  const offered = new Map(tools.map((tool) => [tool.name, tool]));
  const names = new Set(fromHost.map(({ name }) => name));
  return {
    listTools: () => tools,
    pendingPrefixes: () => host?.pendingPrefixes?.() ?? [],
    getTool(name) {
      const tool = offered.get(name);
      if (tool === undefined || !names.has(name)) return tool;
      const now = host?.getTool(name);
      return now?.fingerprint === tool.fingerprint ? now : tool;
    },
  };
}
