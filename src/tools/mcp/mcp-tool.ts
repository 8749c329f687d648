import { isSageError } from '../../errors.ts';
import type { InputSchema } from '../input-schema.ts';
import { defineTool, type Tool, type ToolContext, type ToolEffect } from '../tool.ts';
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
  const tool = defineTool({
    name: toolNameOf(server.name, name),
    description,
    parameters: inputSchema,
    effect: effect ?? effectOf(hints),
    approval: approval ?? (server.trust && !isDestructive ? 'allow' : 'ask'),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(shell === undefined ? {} : { shell }),
    execute: (args: unknown, context): unknown => execute(remote, args, context),
  });
  const remote = { definition, tool: { ...tool, inputSchema: checkedHereOrThere(tool.inputSchema) } };
  return remote;
}

function effectOf({ readOnlyHint, idempotentHint }: NonNullable<RemoteDefinition['annotations']>): ToolEffect {
  if (readOnlyHint === true) return 'none';
  return idempotentHint === true ? 'idempotent' : 'once';
}

/** A schema that is beyond our validator is left to the server, which checks its arguments in any case. */
function checkedHereOrThere(schema: InputSchema): InputSchema {
  return {
    jsonSchema: schema.jsonSchema,
    async validate(value) {
      try {
        return await schema.validate(value);
      } catch (error) {
        if (!isSageError(error, 'invalid-argument')) throw error;
      }
      const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
      return isObject ? { value } : { issues: ['Invalid input: expected object'] };
    },
  };
}
