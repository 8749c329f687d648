import { describe, expect, test } from 'vitest';
import { FailedResult } from '../../src/tools/failed-result.ts';
import { limitResult } from '../../src/tools/limit-result.ts';
import { calls, createStage, tool } from './helpers.ts';

const bytes = (text: string) => Buffer.byteLength(text);
const long = `head ${'ä'.repeat(5_000)} tail`;

describe('what a tool gives back', () => {
  test('is as it is while it fits', () => {
    expect(limitResult('a lake', 1_024)).toBe('a lake');
    expect(limitResult({ status: 'success' }, 1_024)).toBe('{"status":"success"}');
    expect(limitResult(undefined, 1_024)).toBe('');
  });

  test('keeps head and tail of a text that is too long, and says so between them', () => {
    const text = limitResult(long, 1_024);
    expect(text).toMatch(/^head ä+\n\[… \d+ bytes left out …\]\nä+ tail$/);
    expect(bytes(text)).toBeLessThanOrEqual(1_024);
  });

  test('stays JSON when it is an object: its long texts are cut, and its status is whole', () => {
    const text = limitResult({ status: 'error', stdout: long, exit_code: 3, lines: ['short', long] }, 2_048);
    expect(bytes(text)).toBeLessThanOrEqual(2_048);
    expect(JSON.parse(text)).toEqual({
      status: 'error',
      stdout: expect.stringMatching(/^head [^]*left out[^]* tail$/),
      exit_code: 3,
      lines: ['short', expect.stringContaining('left out')],
    });
  });

  test('has as much of its long texts as there is room for', () => {
    const results = Array.from({ length: 16 }, () => ({ result: 'x'.repeat(39_000) }));
    const limit = 256 * 1024;
    const text = limitResult({ results }, limit);
    expect(bytes(text)).toBeLessThanOrEqual(limit);
    expect(bytes(text)).toBeGreaterThan(limit * 0.9);
  });

  test('of too many parts keeps its short fields, and both ends as text', () => {
    const rows = Array.from({ length: 5_000 }, (_, id) => ({ id, name: `row ${id}` }));
    const told = JSON.parse(limitResult({ status: 'success', count: 5_000, rows }, 4_096)) as Record<string, unknown>;
    expect(told).toEqual({ status: 'success', count: 5_000, cut: expect.stringContaining('"row 4999"') });
    expect(bytes(JSON.stringify(told))).toBeLessThanOrEqual(4_096);
    expect(JSON.parse(limitResult(rows, 1_024))).toEqual({ cut: expect.stringMatching(/^\[\{"id":0/) });
  });

  test('of bytes is a line about them, also beside what has to be cut', () => {
    const text = limitResult({ bytes: Buffer.alloc(1_000_000), note: long }, 1_024);
    expect(JSON.parse(text)).toEqual({
      bytes: '[binary data, 1000000 bytes, not shown]',
      note: expect.stringContaining('left out'),
    });
  });

  test('whose every character has to be escaped is within the limit all the same', () => {
    const text = limitResult({ status: 'success', output: '\u0001'.repeat(100_000) }, 1_024);
    expect(bytes(text)).toBeLessThanOrEqual(1_024);
    expect(JSON.parse(text)).toMatchObject({ status: 'success' });
  });

  test.each(['{"status": "cut o', 'no JSON {'])('that only looks like an object is a text: %s', (beginning) => {
    expect(limitResult(beginning + long, 1_024)).toContain('left out');
  });
});

describe('the limit of a tool', () => {
  test('holds for its result, its own failure, and what it throws', async () => {
    const limited = { outputLimitBytes: 1_024 };
    const { run, outcomes } = createStage([
      tool('talks', () => long, limited),
      tool('fails', () => Promise.reject(new FailedResult(JSON.stringify({ status: 'error', output: long }))), limited),
      tool('throws', () => Promise.reject(new Error(long)), limited),
    ]);
    await run(calls(['talks'], ['fails'], ['throws']));
    expect(outcomes.map(({ status, content }) => [status, bytes(content) <= 1_024])).toEqual([
      ['success', true],
      ['error', true],
      ['error', true],
    ]);
    expect(outcomes.slice(1).map(({ content }) => (JSON.parse(content) as { status: string }).status)).toEqual([
      'error',
      'error',
    ]);
  });

  test('is a quarter of a megabyte for tools that set none', async () => {
    const { run, outcomes } = createStage([tool('floods', () => 'x'.repeat(1_000_000))]);
    await run(calls(['floods']));
    expect(bytes(outcomes[0]?.content ?? '')).toBeLessThanOrEqual(262_144);
    expect(bytes(outcomes[0]?.content ?? '')).toBeGreaterThan(250_000);
  });
});
