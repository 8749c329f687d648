import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { toText } from '../../src/tools/to-text.ts';
import { calls, createStage, told, tool } from './helpers.ts';

class Secretive {
  readonly #inside = 1;
  get inside(): number {
    return this.#inside;
  }
}

class Open extends Secretive {
  readonly outside = 2;
}

const day = new Date(0);
const same = { a: 1 };

describe('what a tool gives back, as text', () => {
  test.each<[unknown, string]>([
    ['text', 'text'],
    ['', ''],
    [undefined, ''],
    [null, 'null'],
    [0, '0'],
    [{ a: [1] }, '{"a":[1]}'],
    [{ a: undefined, b: [undefined], c: Number.NaN, d: () => 1 }, '{"b":[null],"c":null}'],
    [[same, same], '[{"a":1},{"a":1}]'],
    [{ day, url: new URL('http://localhost/') }, '{"day":"1970-01-01T00:00:00.000Z","url":"http://localhost/"}'],
    [{ toJSON: (key: string) => ({ key, day }) }, '{"key":"","day":"1970-01-01T00:00:00.000Z"}'],
    [[Object('text'), Object(1)], '["text",1]'],
    [[{}, Object.create(null), runInNewContext('({})'), []], '[{},{},{},[]]'],
    [new Open(), '{"outside":2}'],
    [JSON.parse('{"__proto__":{"a":1}}'), '{"__proto__":{"a":1}}'],
  ])('%o is %j', (output, text) => {
    expect(toText(output)).toBe(text);
  });

  test.each<[string, unknown, string]>([
    ['a Buffer', Buffer.alloc(20), '[binary data, 20 bytes, not shown]'],
    ['bytes', new Uint8Array(3), '[binary data, 3 bytes, not shown]'],
    ['numbers', new Float64Array(2), '[binary data, 16 bytes, not shown]'],
    ['an ArrayBuffer', new ArrayBuffer(5), '[binary data, 5 bytes, not shown]'],
    ['a Blob', new Blob(['abc'], { type: 'image/png' }), '[binary data, image/png, 3 bytes, not shown]'],
    ['some within', { page: [Buffer.from('x')] }, '{"page":["[binary data, 1 bytes, not shown]"]}'],
  ])('of %s is a line about them', (_, output, text) => {
    expect(toText(output)).toBe(text);
  });

  test.each<[string, unknown]>([
    ['Map', new Map([['a', 1]])],
    ['Set', { list: [new Set([1])] }],
    ['TypeError', Object.assign(new TypeError('Lost.'), { code: 1 })],
    ['RegExp', /a/],
    ['Promise', { later: Promise.resolve(1) }],
    ['Secretive', new Secretive()],
    ['Generator', (function* () {})()],
    ['URLSearchParams', new URLSearchParams('a=1')],
    ['function', () => 1],
    ['symbol', Symbol('a')],
  ])('cannot be a %s, of which nothing would be left', (kind, output) => {
    expect(() => toText(output)).toThrow(new RegExp(`^It gave back .*${kind}, of which JSON keeps nothing`));
  });

  test('cannot be circular', () => {
    const circle: { self?: unknown } = {};
    circle.self = [circle];
    expect(() => toText(circle)).toThrow('circular');
  });
});

test('what JSON would leave empty is the error of its tool', async () => {
  const { run, outcomes } = createStage([tool('list', () => ({ found: new Map([['a', 1]]) }))]);
  await run(calls(['list']));
  expect(outcomes[0]?.status).toBe('error');
  expect(told(outcomes[0])).toMatchObject({
    error_code: 'EXECUTION_ERROR',
    message: expect.stringMatching(/^Tool "list" failed: It gave back a value of kind Map/),
  });
});
