import assert from 'node:assert/strict';
import { isSageError } from '../../errors.ts';
import type { ExecOptions, ExecResult, Sandbox } from '../../sandbox/sandbox.ts';

/** Promises of the contract, each by its name. */
export type SandboxChecks = Readonly<Record<string, (sandbox: Sandbox) => Promise<void>>>;

export interface Ended extends ExecResult {
  readonly stdout: string;
  readonly stderr: string;
}

export async function run(sandbox: Sandbox, command: string, options?: ExecOptions): Promise<Ended> {
  const texts = { stdout: '', stderr: '' };
  const output = sandbox.exec(command, options);
  for (let next = await output.next(); ; next = await output.next()) {
    if (next.done === true) return { ...texts, ...next.value };
    texts[next.value.stream] += next.value.text;
  }
}

export async function readText(sandbox: Sandbox, path: string): Promise<string> {
  return new TextDecoder('utf-8', { fatal: true }).decode(await sandbox.readFile(path));
}

export async function refusesAll(sandbox: Sandbox, path: string): Promise<void> {
  await refuses(sandbox.readFile(path), path);
  await refuses(sandbox.stat(path), path);
  await refuses(sandbox.writeFile(path, 'escaped'), path);
  await refuses(sandbox.writeFile(path, 'escaped', { mode: 'append' }), path);
}

export async function refuses(attempt: Promise<unknown>, path: string): Promise<void> {
  await assert.rejects(attempt, (error) => {
    assert.ok(isSageError(error, 'sandbox-error'), String(error));
    assert.equal(error.facts.path, path);
    return true;
  });
}
