import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { defineTool, ToolManager, type ToolContext, type ToolEffect } from 'sagents';
import { z } from 'zod';

/** What a tool leaves in the world outside: one line in a file. */
export interface Trace {
  readonly tool: string;
  readonly key: string;
}

const parameters = z.object({ ms: z.number() });

/** Tools of all three effects. Each leaves its trace at once, and takes `ms` until it returns. */
export function createTools(tracePath: string): ToolManager {
  const trace = (tool: string, { idempotencyKey: key }: ToolContext): void => {
    const file = openSync(tracePath, 'a');
    writeSync(file, `${JSON.stringify({ tool, key } satisfies Trace)}\n`);
    closeSync(file);
  };
  const plain = (name: string, effect: ToolEffect) =>
    defineTool({
      name,
      description: `A tool with effect "${effect}".`,
      parameters,
      effect,
      async execute({ ms }, context) {
        trace(name, context);
        await setTimeout(ms, undefined, { signal: context.signal });
        return { did: name };
      },
    });
  const deploy = defineTool({
    name: 'deploy',
    description: 'Tells how far it has come. Must run once.',
    parameters,
    effect: 'once',
    async *execute({ ms }, context) {
      yield 'begun';
      trace('deploy', context);
      for (const step of ['one', 'two', 'three']) {
        await setTimeout(ms / 3, undefined, { signal: context.signal });
        yield step;
      }
      return 'deployed';
    },
  });
  return new ToolManager({ tools: [plain('look', 'none'), plain('save', 'idempotent'), plain('pay', 'once'), deploy] });
}

export function readTraces(tracePath: string): Trace[] {
  if (!existsSync(tracePath)) return [];
  const lines = readFileSync(tracePath, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Trace);
}
