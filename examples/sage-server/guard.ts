import type { MiddlewareHandler } from 'hono';

const loopback = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/**
 * The server listens on loopback, where every page of every browser on the machine can reach it. A page from elsewhere is
 * refused by its `Host` (a name made to point here) and by its `Origin` (a form or a fetch sent here).
 */
export const refuseStrangers: MiddlewareHandler = async (context, next) => {
  const host = context.req.header('host') ?? '';
  const origin = context.req.header('origin');
  if (!loopback.test(host)) return refuse(`Open http://127.0.0.1 instead of ${host}.`);
  if (origin !== undefined && origin !== `http://${host}`) return refuse(`Pages of ${origin} may not use this server.`);
  if (!['GET', 'HEAD'].includes(context.req.method) && context.req.header('sec-fetch-site') === 'cross-site')
    return refuse('Other sites may not use this server.');
  return next();

  function refuse(message: string): Response {
    return context.json({ error: { code: 'forbidden', message } }, 403);
  }
};
