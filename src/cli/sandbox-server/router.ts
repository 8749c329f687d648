import { HttpError, type Exchange } from './http.ts';

export type Handler = (exchange: Exchange) => Promise<void> | void;

/** `GET /sandboxes/:id` and the like; a part with a colon matches one part of the path. */
export type Routes = Readonly<Record<string, Handler>>;

interface Found {
  readonly handler: Handler;
  readonly params: Readonly<Record<string, string>>;
}

/** @throws {HttpError} 404 for a path no route has, 405 for a method this path has not, from the function returned. */
export function createRouter(routes: Routes): (method: string, path: string) => Found {
  const compiled = Object.entries(routes).map(([route, handler]) => {
    const [method = '', path = ''] = route.split(' ');
    return { method, parts: path.split('/'), handler };
  });
  return (method, path) => {
    const given = path.split('/');
    const fitting = compiled.flatMap((route) => {
      const params = match(route.parts, given);
      return params === undefined ? [] : [{ ...route, params }];
    });
    const [first] = fitting.filter((route) => route.method === method);
    if (first !== undefined) return first;
    if (fitting.length > 0) throw new HttpError(405, 'METHOD_NOT_ALLOWED', `${method} is not possible here.`);
    throw new HttpError(
      404,
      'NOT_SUPPORTED',
      `This server has no ${method} ${path}: it speaks a part of the protocol.`,
    );
  };
}

function match(parts: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  if (parts.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = value;
    else if (part !== value) return undefined;
  }
  return params;
}
