import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SAgent, type AgentDefinition, type ChatModel, type Run, type RunOptions } from '../../src/index.ts';
import { countingIds, fixedClock } from '../../src/testing/index.ts';

/** An agent on a folder of its own, which goes when the test ends. */
export interface TestHouse extends AsyncDisposable {
  readonly agent: SAgent;
  readonly root: string;
  readonly workspace: string;
  /** A run of that agent: one user message, "Hello", unless told otherwise. */
  run(model: ChatModel, more?: Partial<RunOptions>): Run;
  options(model: ChatModel, more?: Partial<RunOptions>): RunOptions;
  /** Another agent on the same sessions, with an empty memory: as after a restart. */
  restart(): SAgent;
}

export interface HouseOptions {
  /** The host's own agents, also after a restart. */
  readonly agents?: readonly AgentDefinition[];
  /** Milliseconds since 1970. Default: a clock that stands still. */
  readonly clock?: () => number;
}

export async function createHouse({ agents: own = [], clock }: HouseOptions = {}): Promise<TestHouse> {
  const root = await mkdtemp(join(tmpdir(), 'sagents-run-'));
  const workspace = join(root, 'workspace');
  const agents: SAgent[] = [];
  const restart = (): SAgent => {
    const createId = countingIds(`id${agents.length + 1}`);
    const sessionRootSpace = join(root, 'sessions');
    const agent = new SAgent({ sessionRootSpace, agents: own, clock: clock ?? fixedClock(), createId });
    agents.push(agent);
    return agent;
  };
  const agent = restart();
  const options = (model: ChatModel, more: Partial<RunOptions> = {}): RunOptions => ({
    inputMessages: [{ role: 'user', content: 'Hello' }],
    model,
    modelConfig: { model: 'test-model' },
    systemPrefix: 'Be brief.',
    maxLoopCount: 10,
    sandboxType: 'passthrough',
    sandboxAgentWorkspace: workspace,
    ...more,
  });
  return {
    agent,
    root: join(root, 'sessions'),
    workspace,
    options,
    run: (model, more) => agent.runStream(options(model, more)),
    restart,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(agents.map(async (one) => await one.close()));
      await rm(root, { recursive: true, force: true });
    },
  };
}
