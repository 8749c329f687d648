import { asObjectSchema } from '../input-schema.ts';
import { foreignSchema } from '../json-schema/foreign-schema.ts';
import { toTool, type Tool, type ToolContext, type ToolEffect } from '../tool.ts';
import type { RemoteDefinition } from './list-tools.ts';
import type { ServerSettings } from './read-config.ts';
import { toolNameOf } from './tool-name.ts';

/** A tool of a server, as it is offered here. */
export interface RemoteTool {
  readonly definition: RemoteDefinition;
  readonly tool: Tool;
}

export type ExecuteRemote = (
  remote: RemoteTool,
  args: unknown,
  context: ToolContext,
) => AsyncGenerator<string, unknown>;

/**
 * Makes a tool of what a server says of it. Its hints count only if the server is trusted: whoever could lie about them could have
 * a call made without a question, or twice.
 *
 * @throws {SageError} `invalid-argument` for a schema that is none of an object, or has not the arguments the config names.
 */
export function toRemoteTool(server: ServerSettings, definition: RemoteDefinition, execute: ExecuteRemote): RemoteTool {
  const { name, title, description = title ?? '', inputSchema, annotations = {} } = definition;
  const { approval, effect, timeoutMs, shell } = server.settingsOf(name);
  const hints = server.trust ? annotations : {};
  const isDestructive = hints.destructiveHint === true && hints.readOnlyHint !== true;
  const jsonSchema = asObjectSchema(inputSchema);
  const check = foreignSchema(jsonSchema);
  const tool = toTool(
    {
      name: toolNameOf(server.name, name),
      description,
      effect: effect ?? effectOf(hints),
      approval: approval ?? (server.trust && !isDestructive ? 'allow' : 'ask'),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(shell === undefined ? {} : { shell }),
      execute: (args, context) => execute(remote, args, context),
    },
    { jsonSchema, validate: async (value) => check(value) },
  );
  const remote = { definition, tool };
  return remote;
}

function effectOf({ readOnlyHint, idempotentHint }: NonNullable<RemoteDefinition['annotations']>): ToolEffect {
  if (readOnlyHint === true) return 'none';
  return idempotentHint === true ? 'idempotent' : 'once';
}
