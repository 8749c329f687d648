import type { z } from 'zod';
import { loadZod } from './load-zod.ts';

/** A node of each kind, its children not looked at: `read-flow.ts` walks to them. */
export type RawNode = z.infer<ReturnType<typeof createNodeSchema>>;

export interface FlowSchemas {
  readonly node: ReturnType<typeof createNodeSchema>;
  readonly flow: ReturnType<typeof createFlowSchema>;
}

let made: FlowSchemas | undefined;

/** What may stand in a node of this type, for people; the types, where it is none of them. */
export function allowedIn(nodeType: unknown): string {
  const options = flowSchemas().node.options;
  const types = options.map(({ shape }) => shape.node_type.value);
  const found = options.find(({ shape }) => shape.node_type.value === nodeType);
  if (found === undefined) return `a node with node_type ${types.join(', ')}`;
  return `in a node of type ${found.shape.node_type.value} ${Object.keys(found.shape).slice(1).join(', ')}`;
}

/** The shapes of Sage's flow JSON. Where Sage writes `null` for "not there", so may the host. */
export function flowSchemas(): FlowSchemas {
  made ??= { node: createNodeSchema(), flow: createFlowSchema() };
  return made;
}

function createNodeSchema() {
  const zod = loadZod();
  const description = zod.string().nullish();
  const name = zod.string().min(1);
  const count = zod.int().min(1);
  const json = zod.json();
  return zod.discriminatedUnion('node_type', [
    zod.strictObject({
      node_type: zod.literal('agent'),
      agent_key: name,
      agent_config: zod
        .object({
          name: name.optional(),
          system_prefix: zod.string().optional(),
          available_tools: zod.array(name).optional(),
          model_config: zod
            .strictObject({
              model: name.optional(),
              temperature: zod.number().optional(),
              top_p: zod.number().optional(),
              max_tokens: count.optional(),
              presence_penalty: zod.number().optional(),
              extra_body: zod.record(zod.string(), json).optional(),
            })
            .optional(),
        })
        .catchall(json)
        .nullish(),
      description,
    }),
    zod.strictObject({ node_type: zod.literal('sequence'), steps: zod.array(zod.unknown()), description }),
    zod.strictObject({
      node_type: zod.literal('parallel'),
      branches: zod.array(zod.unknown()),
      max_concurrency: count.default(5),
      description,
    }),
    zod.strictObject({
      node_type: zod.literal('loop'),
      body: zod.unknown(),
      condition: name,
      max_loops: count.default(10),
      description,
    }),
    zod.strictObject({
      node_type: zod.literal('if'),
      condition: name,
      true_body: zod.unknown(),
      false_body: zod.unknown().optional(),
      description,
    }),
    zod.strictObject({
      node_type: zod.literal('switch'),
      variable: name,
      cases: zod.record(zod.string(), zod.unknown()),
      default: zod.unknown().optional(),
      description,
    }),
  ]);
}

function createFlowSchema() {
  const zod = loadZod();
  return zod.strictObject({
    name: zod.string().min(1),
    description: zod.string().nullish(),
    root: zod.unknown(),
  });
}
