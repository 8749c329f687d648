import { SageError } from '../../errors.ts';
import { untilAborted } from '../../streams/abort.ts';
import type { Tool } from '../tool.ts';
import type { McpConfig, RegisterMcpOptions } from './mcp-config.ts';
import { McpServer, type McpServerStatus } from './mcp-server.ts';
import { readConfig, type ServerSettings } from './read-config.ts';

/** The MCP servers of one manager. Their tools stand behind its own, and those of a server behind those of the ones before. */
export class McpServers {
  readonly #isTaken: (name: string) => boolean;
  readonly #servers = new Map<string, McpServer>();

  /** `isTaken` tells the names of the manager's own tools. */
  constructor(isTaken: (name: string) => boolean) {
    this.#isTaken = isTaken;
  }

  /**
   * Connects to the servers of a config, side by side. Resolves with their status when each is connected or has failed.
   *
   * @throws {SageError} `invalid-argument` before anything is started; the reason of a `signal` that aborts.
   */
  async register(config: McpConfig, options: RegisterMcpOptions): Promise<readonly McpServerStatus[]> {
    const { replace = false, variables = process.env, signal } = options;
    signal?.throwIfAborted();
    const settings = readConfig(config, variables);
    if (!replace) this.#checkNames(settings);
    const added = settings.map((one) => [one.name, new McpServer(one)] as const);
    const replaced = added.flatMap(([name]) => this.#servers.get(name) ?? []);
    for (const [name, server] of added) this.#servers.set(name, server);
    await Promise.all(replaced.map((server) => server.close()));
    const connected = Promise.all(added.map(([, server]) => server.connect()));
    try {
      await (signal === undefined ? connected : untilAborted(connected, signal));
    } catch (error) {
      await Promise.all(added.map((entry) => this.#remove(...entry)));
      throw error;
    }
    const names = new Set(added.map(([name]) => name));
    return this.listStatus().filter(({ name }) => names.has(name));
  }

  /** By name. */
  listStatus(): McpServerStatus[] {
    return this.#inOrder().map(({ status }, index, all) => {
      const isHidden = (name: string) => this.#isTaken(name) || all.slice(0, index).some((one) => one.getTool(name));
      const hidden = status.tools.filter(isHidden);
      if (hidden.length === 0) return status;
      return {
        ...status,
        tools: status.tools.filter((name) => !hidden.includes(name)),
        leftOut: [...(status.leftOut ?? []), ...hidden.map((name) => `${name}: another tool has this name`)],
      };
    });
  }

  /** Also tries again to connect to those that have failed: what they offer is there for the next look. */
  listTools(): readonly Tool[] {
    const tools = new Map<string, Tool>();
    for (const server of this.#inOrder()) {
      server.nudge();
      for (const { tool } of server.tools) {
        if (!tools.has(tool.name) && !this.#isTaken(tool.name)) tools.set(tool.name, tool);
      }
    }
    return [...tools.values()];
  }

  /** Of servers whose tools are not known now. */
  pendingPrefixes(): readonly string[] {
    return this.#inOrder().flatMap((server) => server.pendingPrefix ?? []);
  }

  getTool(name: string): Tool | undefined {
    for (const server of this.#inOrder()) {
      const remote = server.getTool(name);
      if (remote !== undefined) return remote.tool;
    }
    return undefined;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#servers.values()].map((server) => server.close()));
  }

  #inOrder(): McpServer[] {
    return [...this.#servers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, server]) => server);
  }

  #checkNames(settings: readonly ServerSettings[]): void {
    const taken = settings.find(({ name }) => this.#servers.has(name));
    if (taken === undefined) return;
    const message = `There is an MCP server "${taken.name}" already. Give this one another name, or replace it with { replace: true }.`;
    throw new SageError('invalid-argument', message, { option: 'mcpServers', given: taken.name });
  }

  async #remove(name: string, server: McpServer): Promise<void> {
    if (this.#servers.get(name) === server) this.#servers.delete(name);
    await server.close();
  }
}
