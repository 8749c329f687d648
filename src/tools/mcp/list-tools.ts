import type { Client } from '@modelcontextprotocol/client';
import { z } from 'zod';
import { mostDefinitionBytes, mostPages, mostTools } from './limits.ts';

/** Each tool is read by itself, so that one that cannot be read does not take the others with it. */
const pageSchema = z.looseObject({ tools: z.array(z.unknown()), nextCursor: z.string().optional() });
const definitionSchema = z.looseObject({
  name: z.string().min(1),
  title: z.string().optional(),
  description: z.string().optional(),
  inputSchema: z.looseObject({ type: z.literal('object') }),
  annotations: z
    .looseObject({
      readOnlyHint: z.boolean().optional(),
      destructiveHint: z.boolean().optional(),
      idempotentHint: z.boolean().optional(),
    })
    .optional(),
  execution: z.looseObject({ taskSupport: z.string().optional() }).optional(),
});

/** A tool as its server describes it. */
export type RemoteDefinition = z.infer<typeof definitionSchema>;

export interface ToolListing {
  /** By name. */
  readonly definitions: readonly RemoteDefinition[];
  /** What is not offered, each with the reason. */
  readonly leftOut: readonly string[];
}

/** All pages of a server's tools, within limits. `ms` is for each page. */
export async function listTools(client: Client, ms: number): Promise<ToolListing> {
  const definitions: RemoteDefinition[] = [];
  const leftOut: string[] = [];
  if (client.getServerCapabilities()?.tools === undefined) return { definitions, leftOut };
  const cursors = new Set<string>();
  let cursor: string | undefined;
  do {
    const params = cursor === undefined ? {} : { cursor };
    const page = await client.request({ method: 'tools/list', params }, pageSchema, { timeout: ms });
    const room = mostTools - definitions.length - leftOut.length;
    for (const given of page.tools.slice(0, room)) {
      const read = readDefinition(given);
      if (typeof read === 'string') leftOut.push(read);
      else definitions.push(read);
    }
    if (page.tools.length > room) {
      leftOut.push(`all but the first ${mostTools} tools`);
      break;
    }
    cursor = page.nextCursor;
    if (cursor !== undefined && cursors.has(cursor)) {
      leftOut.push('what follows: the server gives the same page again and again');
      break;
    }
    if (cursor !== undefined) cursors.add(cursor);
    if (cursors.size >= mostPages) leftOut.push(`what follows ${mostPages} pages`);
  } while (cursor !== undefined && cursors.size < mostPages);
  return { definitions: definitions.sort((a, b) => (a.name < b.name ? -1 : 1)), leftOut };
}

function readDefinition(given: unknown): RemoteDefinition | string {
  const { success, data, error } = definitionSchema.safeParse(given);
  if (!success) {
    const [issue] = error.issues;
    return `${nameOf(given)}: ${issue?.path.join('.')}: ${issue?.message}`;
  }
  const { name, description, inputSchema } = data;
  if (Buffer.byteLength(JSON.stringify([name, description, inputSchema])) > mostDefinitionBytes) {
    return `${nameOf(given)}: its definition is longer than ${mostDefinitionBytes} bytes`;
  }
  if (data.execution?.taskSupport === 'required') return `${nameOf(given)}: it runs only as a task of its server`;
  return data;
}

function nameOf(given: unknown): string {
  if (typeof given !== 'object' || given === null || !('name' in given)) return 'a tool without a name';
  return String(given.name).slice(0, 100);
}
