import { describe, expect, test } from 'vitest';
import { record } from '../../../src/testing/index.ts';
import { createOpenAI, serve } from '../../model/sse-server.ts';
import { callEcho, sayDone } from '../../support/provider.ts';
import { createHouse } from '../../support/test-house.ts';
import { echoTool, managerOf } from '../../support/tools.ts';

const tools =
  '[{"type":"function","function":{"name":"echo","description":"Gives back what it is given.",' +
  '"parameters":{"type":"object","properties":{"text":{"type":"string"}}}}}]';

/** The parts of a body, as bytes: before the messages, the messages without their brackets, and the rest. */
function split(body = ''): { head: string; messages: string; tail: string } {
  const start = body.indexOf('"messages":[') + '"messages":['.length;
  const end = body.lastIndexOf('],"tools":');
  return { head: body.slice(0, start), messages: body.slice(start, end), tail: body.slice(end) };
}

describe('the body of a request', () => {
  test('is exactly this', async () => {
    await using house = await createHouse();
    await using server = await serve(sayDone);
    const modelConfig = { model: 'test-model', temperature: 0.5, maxTokens: 100, extraBody: { seed: 7 } };
    await record(house.run(createOpenAI(server.url), { toolManager: managerOf(echoTool()), modelConfig }));
    const context = String.raw`<context>\ncurrent_time: 2026-01-01T00:00:00.000Z\n</context>\n\nHello`;
    expect(server.bodies).toEqual(
      [
        '{"stream_options":{"include_usage":true},"model":"test-model","temperature":0.5,"max_tokens":100,"seed":7,"stream":true' +
          `,"tools":${tools},"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"${context}"}]}`,
      ].map((body) => moveTools(body)),
    );
  });

  test('begins with the bytes of the one before, over steps, runs and a restart', async () => {
    await using house = await createHouse();
    await using server = await serve(callEcho, callEcho, sayDone, callEcho, sayDone, sayDone);
    const options = { toolManager: managerOf(echoTool()), sessionId: 's' };
    await record(house.run(createOpenAI(server.url), options));
    await record(house.run(createOpenAI(server.url), options));
    await record(house.restart().runStream(house.options(createOpenAI(server.url), options)));
    const bodies = server.bodies.map(split);
    expect(bodies).toHaveLength(6);
    for (const [place, { head, messages, tail }] of bodies.slice(1).entries()) {
      const before = bodies[place];
      expect(head).toBe(before?.head);
      expect(tail).toBe(before?.tail);
      expect(messages.startsWith(`${before?.messages},`)).toBe(true);
    }
  });

  test('is JSON of its length, in UTF-8', async () => {
    await using house = await createHouse();
    const lengths: [string | undefined, string | undefined][] = [];
    await using server = await serve((response, request) => {
      lengths.push([request.headers['content-length'], request.headers['content-type']]);
      return sayDone(response, request);
    });
    const content = 'Grüße 😀 \u2028 "quoted" \\ \n';
    await record(house.run(createOpenAI(server.url), { inputMessages: [{ role: 'user', content }] }));
    const [body = ''] = server.bodies;
    expect(lengths).toEqual([[String(Buffer.byteLength(body)), 'application/json']]);
    const { messages } = JSON.parse(body) as { messages: { content: string }[] };
    expect(messages[1]?.content.endsWith(`\n\n${content}`)).toBe(true);
  });
});

/** Tools stand behind the messages: what grows is in the middle. */
function moveTools(body: string): string {
  return body.replace(`,"tools":${tools}`, '').replace(/\]\}$/, `],"tools":${tools}}`);
}
