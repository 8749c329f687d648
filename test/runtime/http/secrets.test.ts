import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { record } from '../../../src/testing/index.ts';
import { createOpenAI, event, fail, serve, text, type Answer } from '../../model/sse-server.ts';
import { cut } from '../../support/provider.ts';
import { createHouse } from '../../support/test-house.ts';

const own = 'sk-test-0123456789';
const override = 'tenant.key/9876543210';

/** A provider that says the key it was called with, as people have seen it. */
const saying =
  (answer: (key: string) => Answer): Answer =>
  (response, request) =>
    answer(request.headers.authorization?.replace('Bearer ', '') ?? '')(response, request);

const tellers: [string, Answer][] = [
  ['in a 401', saying((key) => fail(401, { message: `Incorrect API key provided: ${key}.`, code: 'invalid_api_key' }))],
  [
    'in a 400 with all its headers',
    saying((key) => fail(400, { message: 'Bad.', headers: { authorization: `Bearer ${key}` } })),
  ],
  ['in a field of its error', saying((key) => fail(403, { message: 'No.', param: key }))],
  [
    'in the middle of its answer',
    saying((key) => cut(text('Hi'), event({ error: { message: `Key ${key} was revoked.` } }))),
  ],
];

describe.each([
  ["the client's own key", own, {}],
  ['the key of modelConfig', override, { apiKey: override }],
])('%s', (_, key, credentials) => {
  test.each(tellers)('said by the provider %s is in no chunk, outcome or file', async (__, answer) => {
    await using house = await createHouse();
    await using server = await serve(answer);
    const run = house.run(createOpenAI(server.url), {
      modelConfig: { model: 'test-model', ...credentials },
      sessionId: 's',
    });
    const { outcome, chunks } = await record(run);
    expect(outcome).toMatchObject({ status: 'failed', reason: 'model-error' });
    expect(server.bodies).toHaveLength(1);
    const folder = join(house.root, 's');
    const files = await Promise.all(
      (await readdir(folder)).map(async (name) => await readFile(join(folder, name), 'utf8')),
    );
    for (const shown of [JSON.stringify(outcome), JSON.stringify(chunks), ...files]) expect(shown).not.toContain(key);
  });
});

test('a wrong apiKey is refused without being shown', async () => {
  await using house = await createHouse();
  const model = createOpenAI('http://127.0.0.1:9/v1');
  const wrong = { model: 'test-model', apiKey: { key: override } as never };
  const shown = (error: unknown) => `${String(error)} ${JSON.stringify(error)}`;
  expect(() => house.run(model, { modelConfig: wrong })).toThrow(
    expect.toSatisfy((error) => !shown(error).includes(override) && shown(error).includes('modelConfig.apiKey')),
  );
});
