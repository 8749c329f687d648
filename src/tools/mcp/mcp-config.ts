import type { ShellArguments, ToolEffect } from '../tool.ts';

/** How the tools of a server are treated, or one of them. What is said of one tool is said over its server. */
export interface McpToolSettings {
  /** Not offered. */
  readonly disabled?: boolean;
  /** Default: `'ask'`; of a trusted server `'allow'`, but for tools it calls destructive. */
  readonly approval?: 'ask' | 'allow';
  /** Default: `'once'`; of a trusted server what it says of the tool. */
  readonly effect?: ToolEffect;
  /** How long one call may take. Default: `deadlines.toolMs` of the run. */
  readonly timeoutMs?: number;
  /**
   * Only of a single tool: which of its arguments a shell is given, so that permissions look into the command. Of a tool without it
   * they see text, and not even the floor holds for its commands.
   */
  readonly shell?: ShellArguments;
}

interface McpServerSettings extends Omit<McpToolSettings, 'shell'> {
  /** Whether to believe what the server says of its tools: that they only read, or can be repeated. Default: false. */
  readonly trust?: boolean;
  /** From the start of the server until its tools are known. Default 60,000: it may have to be downloaded first. */
  readonly connectTimeoutMs?: number;
  /** Of single tools, by the names the server gives them. */
  readonly tools?: Readonly<Record<string, McpToolSettings>>;
}

/** A server that is started for this host, and speaks over its standard input and output. */
export interface StdioMcpServer extends McpServerSettings {
  readonly type?: 'stdio';
  readonly command: string;
  readonly args?: readonly string[];
  /** Beside the few variables of this process that tell where things are: nothing else is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the folder this process works in. */
  readonly cwd?: string;
}

/** A server that runs somewhere, and speaks streamable HTTP. */
export interface HttpMcpServer extends McpServerSettings {
  readonly type?: 'http' | 'streamable-http';
  readonly url: string;
  /** Sent with every request. They are never shown. */
  readonly headers?: Readonly<Record<string, string>>;
}

export type McpServerConfig = StdioMcpServer | HttpMcpServer;

/**
 * The servers by their names, as they stand under `mcpServers` in the files of other hosts, or such a file itself.
 *
 * `${NAME}` in a command, its arguments, `env`, `cwd`, `url` and `headers` is filled in; `${NAME:-text}` has a default,
 * and `$${` stands for `${`.
 */
export type McpConfig =
  | { readonly mcpServers: Readonly<Record<string, McpServerConfig>> }
  | Readonly<Record<string, McpServerConfig>>;

export interface RegisterMcpOptions {
  /** Whether servers may take the place of those that have their names, which are closed. Default: they are refused. */
  readonly replace?: boolean;
  /** What `${NAME}` in the config is taken from. Default: the environment of this process. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
  /** Aborting it closes the servers of this config. */
  readonly signal?: AbortSignal;
}
