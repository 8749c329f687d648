import { expect, test } from 'vitest';
import { runNode } from '../../programs.ts';

/** A program with a run whose tool waits for what never comes, and keeps nothing alive. */
function program(deadlines: string, read: string): string[] {
  const source = `
    import { defineTool, SAgent, ToolManager } from 'sagents';
    import { scriptedModel } from 'sagents/testing';
    import { mkdtempSync, rmSync } from 'node:fs';
    import { tmpdir } from 'node:os';
    import { join } from 'node:path';

    const root = mkdtempSync(join(tmpdir(), 'sagents-'));
    process.on('exit', () => rmSync(root, { recursive: true }));
    const wait = defineTool({
      name: 'wait', description: 'Waits.', timeoutMs: Infinity, execute: () => new Promise(() => {}),
    });
    const run = new SAgent({ sessionRootSpace: root }).runStream({
      inputMessages: [{ role: 'user', content: 'Wait.' }],
      model: scriptedModel([{ text: ['First. ', 'Second.'], toolCalls: [{ name: 'wait', args: {} }] }]),
      modelConfig: { model: 'scripted' },
      systemPrefix: '',
      sandboxAgentWorkspace: root,
      maxLoopCount: 2,
      toolManager: new ToolManager({ tools: [wait] }),
      deadlines: { ${deadlines} },
    });
    ${read}`;
  return ['--import', 'tsx', '--conditions', 'sagents-source', '--input-type', 'module', '--eval', source];
}

test('a run that is read keeps the process alive until its time is up', async () => {
  const read = 'for await (const batch of run); console.log((await run.outcome).reason);';
  expect(await runNode(program('totalMs: 300', read))).toMatchObject({ exitCode: 0, output: 'deadline\n', errors: '' });
});

test.each(['3_600_000', 'Infinity'])('a run of %s ms whose reader has parked it lets the process end', async (ms) => {
  const read = `await run.next(); process.on('exit', () => console.log('ends'));`;
  // The other deadlines look at the clock once more when they have parked.
  const short = 'stepMs: 500, firstChunkMs: 500, chunkMs: 500';
  expect(await runNode(program(`totalMs: ${ms}, ${short}`, read))).toMatchObject({
    exitCode: 0,
    output: 'ends\n',
    errors: '',
  });
});
