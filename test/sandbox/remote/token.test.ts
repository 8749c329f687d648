import { Sandbox } from '@alibaba-group/opensandbox';
import { expect, test } from 'vitest';
import { Hosted, token } from './hosted.ts';

const execd = '/sandboxes/ID/port/44772';
const routes = [
  ['POST', '/v1/sandboxes'],
  ['GET', '/v1/sandboxes'],
  ['GET', '/v1/sandboxes/ID'],
  ['DELETE', '/v1/sandboxes/ID'],
  ['POST', '/v1/sandboxes/ID/renew-expiration'],
  ['GET', '/v1/sandboxes/ID/endpoints/44772'],
  ['POST', '/v1/metrics/events'],
  ['GET', '/health'],
  ['GET', `${execd}/ping`],
  ['POST', `${execd}/command`],
  ['DELETE', `${execd}/command`],
  ['GET', `${execd}/command/status/x`],
  ['GET', `${execd}/command/x/logs`],
  ['GET', `${execd}/files/info`],
  ['GET', `${execd}/files/download`],
  ['POST', `${execd}/files/upload`],
  ['DELETE', `${execd}/files`],
  ['POST', `${execd}/files/mv`],
  ['POST', `${execd}/files/permissions`],
  ['GET', `${execd}/files/search`],
  ['POST', `${execd}/files/replace`],
  ['GET', `${execd}/directories/list`],
  ['POST', `${execd}/directories`],
  ['DELETE', `${execd}/directories`],
  ['GET', '/no/such/route'],
] as const;

test.each(routes)('%s %s wants the token', async (method, path) => {
  await using hosted = await Hosted.start();
  const connectionConfig = { domain: hosted.domain, protocol: 'http' as const, apiKey: token };
  const { id } = await Sandbox.create({ connectionConfig, image: 'any' });
  const ask = async (headers: Record<string, string>) =>
    (await fetch(hosted.url + path.replace('ID', id), { method, headers })).status;
  expect(await ask({})).toBe(401);
  expect(await ask({ 'open-sandbox-api-key': `${token}x` })).toBe(401);
  expect(await ask({ 'open-sandbox-api-key': '' })).toBe(401);
  expect(await ask({ authorization: `Bearer ${token}` })).toBe(401);
  expect(await ask({ 'open-sandbox-api-key': token })).not.toBe(401);
});
