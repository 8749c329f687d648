import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { isSageError, type MessageChunk, type SAgent } from '../../src/index.ts';
import { scriptedModel, type ScriptedAnswer, type ScriptedModel } from '../../src/testing/index.ts';
import type { TestHouse } from './test-house.ts';
import { echoTool, managerOf } from './tools.ts';

/** Something a host does to the guidance of a session, at some moment of its runs. */
export interface Deed {
  readonly verb: 'inject' | 'update' | 'delete';
  readonly id: string;
  /** Counted over all that happens: model calls, chunks, tools, batches. */
  readonly moment: number;
  /** How many turns of the event loop later. */
  readonly delay: number;
  /** Whether what happens waits for it. */
  readonly isAwaited: boolean;
}

export interface Story {
  readonly deeds: readonly Deed[];
  /** Each run, with the number of calls of each of its steps; the last step has none. */
  readonly runs: readonly {
    readonly steps: readonly number[];
    readonly leaveAfter: number;
    readonly maxLoopCount: number;
  }[];
}

export interface Done extends Deed {
  readonly content: string;
  /** `true` for an injection that was taken; else what update or delete said, or the code of the error. */
  readonly result: unknown;
}

export interface Told {
  readonly done: readonly Done[];
  readonly models: readonly ScriptedModel[];
  readonly seen: readonly MessageChunk[];
}

/** What is done at one moment, one thing after the other or all at once. */
const scene = fc.record({
  moment: fc.nat(30),
  acts: fc.array(
    fc.record({
      verb: fc.constantFrom('inject', 'inject', 'update', 'delete'),
      id: fc.constantFrom('a', 'b', 'c'),
      delay: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.nat(6)),
      isAwaited: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5 },
  ),
});

export const anyStory: fc.Arbitrary<Story> = fc.record({
  deeds: fc
    .array(scene, { minLength: 1, maxLength: 5 })
    .map((scenes) => scenes.flatMap(({ moment, acts }) => acts.map((act) => ({ ...act, moment })))),
  runs: fc.array(
    fc.record({
      steps: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
      leaveAfter: fc.oneof({ weight: 3, arbitrary: fc.constant(Infinity) }, fc.integer({ min: 1, max: 12 })),
      maxLoopCount: fc.integer({ min: 1, max: 5 }),
    }),
    { minLength: 1, maxLength: 2 },
  ),
});

/** Tells the story in a session of its own, then lets runs without input deliver what is still pending. */
export async function tell({ deeds, runs }: Story, house: TestHouse, sessionId: string): Promise<Told> {
  const done: Promise<Done>[] = [];
  let now = 0;
  const happen = async (): Promise<void> => {
    const due = deeds.filter(({ moment }) => moment === now);
    now += 1;
    for (const deed of due) {
      const doing = act(house.agent, sessionId, deed, done.length);
      done.push(doing);
      if (deed.isAwaited) await doing;
    }
  };
  const toolManager = managerOf(withMoments(happen));
  const models: ScriptedModel[] = [];
  const seen: MessageChunk[] = [];
  const run = async (steps: readonly number[], leaveAfter: number, more: object): Promise<void> => {
    const model = scriptedModel(answersOf(steps, happen));
    models.push(model);
    const running = house.run(model, { sessionId, toolManager, ...more });
    let batches = 0;
    for await (const batch of running) {
      seen.push(...batch);
      await happen();
      batches += 1;
      if (batches >= leaveAfter) break;
    }
    await running.outcome;
  };
  await happen();
  for (const [number, { steps, leaveAfter, maxLoopCount }] of runs.entries()) {
    await run(steps, leaveAfter, { inputMessages: [{ role: 'user', content: `input ${number}` }], maxLoopCount });
    await happen();
  }
  while (now <= 30) await happen();
  const results = await Promise.all(done);
  while ((await house.agent.listPendingUserInjections(sessionId)).length > 0)
    await run([], Infinity, { inputMessages: [] });
  // Whatever is said in the end is in the history of one more request.
  await run([], Infinity, { inputMessages: [{ role: 'user', content: 'the end' }] });
  return { done: results, models, seen };
}

async function act(agent: SAgent, sessionId: string, deed: Deed, number: number): Promise<Done> {
  const { verb, id: guidanceId, delay } = deed;
  const content = `${verb} ${guidanceId} #${number}`;
  for (let left = delay; left > 0; left -= 1) await turn();
  try {
    if (verb === 'inject') await agent.injectUserMessage(sessionId, content, { guidanceId });
    if (verb === 'update')
      return { ...deed, content, result: await agent.updatePendingUserInjection(sessionId, guidanceId, content) };
    if (verb === 'delete')
      return { ...deed, content, result: await agent.deletePendingUserInjection(sessionId, guidanceId) };
    return { ...deed, content, result: true };
  } catch (error) {
    return { ...deed, content, result: isSageError(error) ? error.code : error };
  }
}

function withMoments(happen: () => Promise<void>) {
  const tool = echoTool();
  const execute: typeof tool.execute = async function* (args, context) {
    await happen();
    yield 'working';
    await happen();
    return tool.execute(args, context);
  };
  return { ...tool, execute };
}

/** One answer for each step, then plain ones for as long as guidance asks for them. */
function answersOf(steps: readonly number[], happen: () => Promise<void>): ScriptedAnswer[] {
  const at = Object.fromEntries([0, 1, 2, 3, 4].map((place) => [place, happen]));
  const acting = steps.map((calls, step) => ({
    text: 'Let me see.',
    toolCalls: Array.from({ length: calls }, (_, index) => ({ name: 'echo', arguments: { text: `${step}.${index}` } })),
    at,
  }));
  return [...acting, ...Array.from({ length: 30 }, () => ({ text: ['I ', 'am done'], at }))];
}
