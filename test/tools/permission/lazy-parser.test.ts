import { expect, test, vi } from 'vitest';

const loads = vi.hoisted(() => ({ count: 0 }));
vi.mock('unbash', async (original) => {
  loads.count += 1;
  return await original();
});

test('the parser of commands is loaded with the first command that is decided on', async () => {
  const { PermissionEngine } = await import('sagents');
  const { toCall, tools } = await import('./helpers.ts');
  const engine = new PermissionEngine({ denies: [{ tool: 'execute_shell_command', args: { command: 'x' } }] });
  engine.check(tools);
  await engine.decide(toCall('send_mail', {}));
  await engine.decide(toCall('file_write', { file_path: 'a', content: '' }));
  expect(loads.count).toBe(0);
  await engine.decide(toCall('execute_shell_command', { command: 'ls' }));
  expect(loads.count).toBe(1);
});
