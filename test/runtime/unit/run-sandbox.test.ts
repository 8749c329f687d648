import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RunSandbox } from '../../../src/runtime/run-sandbox.ts';
import type { RunOptions } from '../../../src/runtime/options/run-options.ts';
import { temporaryWorkspace } from '../../sandbox/helpers.ts';
import { Hosted, token } from '../../sandbox/remote/hosted.ts';
import { checked } from './helpers.ts';

/** The sandbox of a run on the host, in an empty workspace. */
async function runSandbox(more: Partial<RunOptions> = {}): Promise<{ sandbox: RunSandbox; workspace: string }> {
  const workspace = await temporaryWorkspace();
  const options = checked({ sandboxType: 'passthrough', sandboxAgentWorkspace: workspace, ...more });
  return { sandbox: new RunSandbox(options, { root: workspace, sessionId: 's' }), workspace };
}

describe('a folder of the sandbox of a run', () => {
  test('opens in the sandbox of the run, the same one each time', async () => {
    const { sandbox, workspace } = await runSandbox();
    const [first, second, other] = await Promise.all([
      sandbox.folder('child').open(),
      sandbox.folder('./child/').open(),
      sandbox.folder('other').open(),
    ]);
    expect(second).toBe(first);
    await Promise.all([first.writeFile('a', 'first'), other.writeFile('a', 'other')]);
    const whole = await sandbox.open();
    expect([first.workspace, whole.workspace]).toEqual([join(workspace, 'child'), workspace]);
    expect((await whole.glob('**/a')).files.length).toBe(2);
    await sandbox.close();
    await expect(first.list('.')).rejects.toMatchObject({ code: 'sandbox-closed' });
  });

  test('opens anew after it was closed, and the run goes on', async () => {
    const { sandbox } = await runSandbox();
    const child = sandbox.folder('child');
    const closed = await child.open();
    await closed.writeFile('kept', '');
    await closed.close();
    const opened = await child.open();
    expect((await opened.list('.')).length).toBe(1);
    expect((await (await sandbox.open()).list('.')).length).toBe(1);
    await sandbox.close();
  });

  test('looks for names in itself, and opens nothing for it', async () => {
    const { sandbox, workspace } = await runSandbox();
    const child = sandbox.folder('child');
    await writeFile(join(workspace, 'AGENT.md'), '');
    expect([await sandbox.has(['AGENT.md']), await child.has(['AGENT.md'])]).toEqual([true, false]);
    await mkdir(join(workspace, 'child', 'skills'), { recursive: true });
    expect([await sandbox.has(['skills']), await child.has(['AGENT.md', 'skills'])]).toEqual([false, true]);
  });

  test('has names in a remote sandbox once that is open', async () => {
    await using server = await Hosted.start();
    const remote = { domain: server.domain, protocol: 'http', apiKey: token } as const;
    const { sandbox } = await runSandbox({ sandboxType: 'remote', sandboxOptions: { remote } });
    const child = sandbox.folder('child');
    expect(await child.has(['a'])).toBe(false);
    await (await child.open()).writeFile('a', '');
    expect([await child.has(['a']), await sandbox.has(['a'])]).toEqual([true, false]);
    await sandbox.close();
  });

  test('tells of the commands that ended there, and the run of its own', async () => {
    const { sandbox } = await runSandbox();
    const [child, other] = [sandbox.folder('child'), sandbox.folder('other')];
    expect([sandbox.endedCommands(), child.endedCommands()]).toEqual([[], []]);
    const own = await (await sandbox.open()).spawn('true');
    const ofChild = await (await child.open()).spawn('true');
    const running = await (await other.open()).spawn('sleep 300');
    await Promise.all([own.wait(), ofChild.wait()]);
    expect([sandbox.endedCommands(), child.endedCommands(), other.endedCommands()]).toEqual([[own], [ofChild], []]);
    ofChild.acknowledge();
    await (await other.open()).close();
    expect([sandbox.endedCommands(), child.endedCommands(), other.endedCommands()]).toEqual([[own], [], []]);
    expect(running.result).toEqual({ exitCode: 143, endedBy: 'abort' });
    await sandbox.close();
  });

  test('is refused where it would not be below the workspace', async () => {
    const { sandbox } = await runSandbox();
    expect(() => sandbox.folder('../beside')).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });
});
