// What following costs: `node -C sagents-source bench/followers.ts`. 100 followers of 20 runs at 50 pieces/s, then a replay of
// 10,000 chunks, then a flow of 1,000 nodes that do nothing.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { agent, defineAgent, SAgent, sequence, type ChatModel, type RunOptions } from 'sagents';
import { scriptedModel } from 'sagents/testing';

const runs = 20;
const followersPerRun = 5;
const pieces = 250;
const everyMs = 20;

const root = mkdtempSync(join(tmpdir(), 'sagents-followers-'));
const nop = defineAgent({
  key: 'nop',
  // oxlint-disable-next-line require-yield -- It does nothing.
  async *run() {
    return { type: 'done' };
  },
});
await using sagent = new SAgent({ sessionRootSpace: root, agents: [nop] });

const options = (sessionId: string, model: ChatModel): RunOptions => ({
  inputMessages: [{ role: 'user', content: 'Go.' }],
  sessionId,
  model,
  modelConfig: { model: 'm' },
  systemPrefix: '',
  maxLoopCount: 1,
  sandboxType: 'passthrough',
  sandboxAgentWorkspace: root,
});

/** A model whose every piece is the moment it was sent. */
const clockModel: ChatModel = { chat: { completions: { create: async () => tick() } } };

async function* tick(): AsyncGenerator<unknown> {
  for (let piece = 0; piece < pieces; piece += 1) {
    await wait(everyMs);
    yield { choices: [{ index: 0, delta: { content: `${performance.now()} ` }, finish_reason: null }] };
  }
  yield { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
}

async function follow(sessionId: string, latencies: number[]): Promise<number> {
  let seen = 0;
  let last = 0;
  for await (const chunks of sagent.followSession(sessionId)) {
    for (const { is_chunk, content, seq } of chunks) {
      if (seq <= last) throw new Error(`Chunk ${seq} came after ${last}.`);
      last = seq;
      if (!is_chunk || typeof content !== 'string') continue;
      seen += 1;
      latencies.push(performance.now() - Number(content));
    }
  }
  return seen;
}

async function manyFollowers(): Promise<void> {
  const latencies: number[] = [];
  const started = await Promise.all(
    Array.from({ length: runs }, (_, index) => sagent.startRun(options(`run-${index}`, clockModel))),
  );
  const readers = started.flatMap(({ sessionId }) =>
    Array.from({ length: followersPerRun }, () => follow(sessionId, latencies)),
  );
  const seen = await Promise.all(readers);
  const wrong = seen.filter((count) => count !== pieces).length;
  latencies.sort((one, other) => one - other);
  const at = (part: number) => latencies[Math.floor((latencies.length - 1) * part)]?.toFixed(2);
  console.log(`followers   ${seen.length} of ${runs} runs, ${wrong} with a piece lost or doubled`);
  console.log(`            latency p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`);
}

async function replay(): Promise<void> {
  const text = Array.from({ length: 10_000 }, (_, index) => `word${index} `);
  const { done, sessionId } = await sagent.startRun(options('long', scriptedModel([{ text }])));
  await done;
  for (let round = 0; round < 5; round += 1) {
    const began = performance.now();
    let chunks = 0;
    for await (const batch of sagent.followSession(sessionId)) chunks += batch.length;
    console.log(`replay      ${chunks} chunks in ${(performance.now() - began).toFixed(0)} ms`);
  }
}

async function trivialFlow(): Promise<void> {
  const nodes = 1_000;
  const customFlow = { name: 'nothing', root: sequence(Array.from({ length: nodes }, () => agent('nop'))) };
  for (let round = 0; round < 8; round += 1) {
    const began = process.cpuUsage();
    for await (const _ of sagent.runStream({ ...options(`flow-${round}`, scriptedModel([])), customFlow })) continue;
    const { user, system } = process.cpuUsage(began);
    console.log(`flow        ${((user + system) / nodes).toFixed(1)} µs of CPU a node`);
  }
}

await manyFollowers();
await replay();
await trivialFlow();
rmSync(root, { recursive: true, force: true });
