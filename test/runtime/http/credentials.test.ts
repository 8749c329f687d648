import { describe, expect, test } from 'vitest';
import { isSageError } from '../../../src/index.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { createOpenAI, serve, type Answer } from '../../model/sse-server.ts';
import { sayDone } from '../../support/provider.ts';
import { createHouse } from '../../support/test-house.ts';

const answerAnd =
  (keys: unknown[]): Answer =>
  (response, request) => {
    keys.push(request.headers.authorization);
    return sayDone(response, request);
  };

describe('modelConfig.apiKey and baseUrl', () => {
  test("override the client's for this run, and leave the client as it is", async () => {
    await using house = await createHouse();
    const keys = { own: [] as unknown[], other: [] as unknown[] };
    await using own = await serve(answerAnd(keys.own));
    await using other = await serve(answerAnd(keys.other));
    const model = createOpenAI(own.url);
    const modelConfig = { model: 'test-model', apiKey: 'sk-other-123456', baseUrl: other.url };
    expect((await record(house.run(model, { modelConfig }))).text).toBe('Done');
    expect(keys).toEqual({ own: [], other: ['Bearer sk-other-123456'] });
    expect((await record(house.run(model))).text).toBe('Done');
    expect(keys.own).toEqual(['Bearer sk-test-0123456789']);
    expect(other.bodies).toEqual([expect.not.stringContaining('sk-other')]);
  });

  test('may be given alone', async () => {
    await using house = await createHouse();
    const keys: unknown[] = [];
    await using server = await serve(answerAnd(keys));
    await record(house.run(createOpenAI(server.url), { modelConfig: { model: 'm', apiKey: 'sk-alone-123456' } }));
    await record(
      house.run(createOpenAI('http://127.0.0.1:9/v1'), { modelConfig: { model: 'm', baseUrl: server.url } }),
    );
    expect(keys).toEqual(['Bearer sk-alone-123456', 'Bearer sk-test-0123456789']);
  });

  test.each(['apiKey', 'baseUrl'])('%s is refused at once where the client cannot take it', async (name) => {
    await using house = await createHouse();
    const given = 'http://secret-place.example/v1';
    let refusal: unknown;
    try {
      house.run(scriptedModel([]), { modelConfig: { model: 'm', [name]: given } });
    } catch (error) {
      refusal = error;
    }
    expect(isSageError(refusal, 'invalid-argument') && refusal.facts.option).toBe(`modelConfig.${name}`);
    expect(`${String(refusal)}${JSON.stringify(refusal)}`).not.toContain(given);
  });
});
