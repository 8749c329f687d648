/** One measurement for `fibre.ts` in a fresh process: `node measure-fibre.ts <job as JSON>` sends it to the parent. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { defineTool, SAgent, ToolManager } from 'sagents';
import { cpuMicros } from './clock.ts';
import { children, leavesEach, piecesEach, treeModel, type Shape, type Speech } from './fibre-tree.ts';

export interface FibreJob {
  readonly shape: Shape;
  readonly what: 'cpu' | 'heap';
  readonly pieceLength: number;
  /** For the sessions. */
  readonly folder: string;
}

export interface FibreMeasurement {
  readonly cpuMicros: number;
  /** What the heap has grown by from the root's first model call to its last, when all children have ended. */
  readonly heldBytes: number;
}

const { shape, what, pieceLength, folder } = JSON.parse(process.argv[2] ?? '{}') as FibreJob;
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const agent = new SAgent({ sessionRootSpace: folder });
const toolManager = new ToolManager({
  tools: [defineTool({ name: 'pause', description: 'Does nothing.', execute: () => '' })],
});
const subAgents = [
  { name: 'branch', system_prompt: 'branch', agent_mode: 'fibre' },
  { name: 'leaf', system_prompt: 'leaf' },
] as const;

const heap: number[] = [];
await speak({ pieces: 50, pieceLength }, () => {});
const before = cpuMicros();
await speak({ pieces: piecesEach, pieceLength }, () => {
  if (what === 'cpu') return;
  collect();
  heap.push(process.memoryUsage().heapUsed);
});
const spent = cpuMicros() - before;
await agent.close();
const found: FibreMeasurement = { cpuMicros: spent, heldBytes: (heap.at(-1) ?? 0) - (heap[0] ?? 0) };
process.send?.(found);
process.disconnect?.();

/** One run, and the proof that everybody has said all of it. */
async function speak(speech: Speech, look: () => void): Promise<void> {
  const run = agent.runStream({
    agentMode: shape,
    inputMessages: [{ role: 'user', content: 'Go.' }],
    model: treeModel(shape, speech, look),
    modelConfig: { model: 'bench' },
    systemPrefix: 'root',
    maxLoopCount: 10,
    sandboxType: 'passthrough',
    sandboxAgentWorkspace: folder,
    toolManager,
    limits: { maxChildrenAtOnce: leavesEach },
    ...(shape === 'fibre' ? { customSubAgents: subAgents } : {}),
  });
  const said = new Map<string, number>();
  for await (const chunks of run) {
    for (const { session_id, content, is_chunk } of chunks) {
      if (is_chunk && content !== undefined) said.set(session_id, (said.get(session_id) ?? 0) + 1);
    }
  }
  const { reason } = await run.outcome;
  // The last word is the root's.
  const total = [...said.values()].reduce((sum, count) => sum + count, -1);
  const speakers = shape === 'fibre' ? children + 1 : 1;
  if (reason !== 'done' || said.size !== speakers || total !== children * speech.pieces)
    throw new Error(
      `The run ended ${reason}, with ${total} pieces of ${said.size} sessions: its figures mean nothing.`,
    );
}
