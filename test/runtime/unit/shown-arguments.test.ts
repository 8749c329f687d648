import { expect, test } from 'vitest';
import { z } from 'zod';
import { shownArguments } from '../../../src/runtime/confirmation/shown-arguments.ts';
import type { SchemaLike } from '../../../src/tools/input-schema.ts';
import { defineTool } from '../../../src/tools/tool.ts';

/** What a person is shown of a call with these arguments. */
async function shownOf(parameters: SchemaLike, input: unknown): Promise<unknown> {
  const tool = defineTool({ name: 'pay', description: 'Pays.', parameters, execute: () => {} });
  const checked = await tool.inputSchema.validate(input);
  if ('issues' in checked) throw new Error(checked.issues.join());
  return shownArguments({ call: ['m', 0], tool, input, args: checked.value });
}

const text = z.string();
const cents = z.number().transform((euros) => euros * 100);
const items = z.array(z.object({ name: text, count: z.number().default(1) }));

test.each<[string, SchemaLike, unknown, unknown]>([
  [
    'what was checked, with its defaults',
    z.object({ to: text, days: z.number().default(3) }),
    { to: 'a' },
    { to: 'a', days: 3 },
  ],
  ['what was mended', z.object({ to: text.trim() }), { to: ' a ' }, { to: 'a' }],
  ['no arguments that are dropped', z.object({ to: text }), { to: 'a', more: 1 }, { to: 'a' }],
  ['what was given, where it is changed twice', z.object({ cents }), { cents: 5 }, { cents: 5 }],
  [
    'beside that the defaults, however deep',
    z.object({ cents, items }),
    { cents: 5, items: [{ name: 'a' }] },
    { cents: 5, items: [{ name: 'a', count: 1 }] },
  ],
  [
    'what was given, where a default is changed twice',
    z.object({
      cents: z
        .number()
        .default(5)
        .transform((n) => n * 2),
      to: text,
    }),
    { to: 'a' },
    { to: 'a' },
  ],
  [
    'nothing that is no parameter',
    z.object({ cents }).transform(({ cents: sum }) => ({ sum, vat: sum / 5 })),
    { cents: 5 },
    { cents: 5 },
  ],
  [
    'nothing that is derived',
    z.object({ to: text }).transform((args) => ({ ...args, at: `@${args.to}` })),
    { to: 'a' },
    { to: 'a' },
  ],
  ['what a schema leaves open', { properties: { to: {} } }, { to: { a: [1] }, more: 2 }, { to: { a: [1] }, more: 2 }],
  [
    'defaults that are not seen from above',
    z.object({ of: z.object({ n: z.number().default(1) }).nullable() }),
    { of: {} },
    { of: { n: 1 } },
  ],
])('a person is shown %s', async (_, parameters, input, shown) => {
  expect(await shownOf(parameters, input)).toEqual(shown);
});

test('nothing can be shown of arguments that come to something else each time, or are too deep', async () => {
  let count = 0;
  expect(await shownOf(z.object({ to: text.transform((to) => `${to}${(count += 1)}`) }), { to: 'a' })).toBeUndefined();
  const deep: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
  expect(await shownOf(z.object({ of: z.unknown() }), { of: deep })).toBeUndefined();
});
