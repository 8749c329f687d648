import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { badRequest, readBody } from './http.ts';

export interface Upload {
  readonly path: string;
  /** Octal digits read as a decimal number, as the protocol has it: 644. */
  readonly mode: number | undefined;
  readonly data: Uint8Array;
}

const metadataShape = z.looseObject({
  path: z.string().min(1),
  mode: z.number().optional(),
  owner: z.string().optional(),
  group: z.string().optional(),
});

/**
 * The file of a multipart upload. It is held in memory: the limit is what one upload may cost.
 *
 * @throws {HttpError} 413 for more than `limit` bytes, 400 for what is no upload of this protocol.
 */
export async function readUpload(request: IncomingMessage, limit: number): Promise<Upload> {
  const body = await readBody(request, limit);
  const headers = { 'content-type': request.headers['content-type'] ?? '' };
  const form = await new Response(body, { headers }).formData().catch(() => {
    throw badRequest('The body is no multipart form.');
  });
  const file = form.get('file');
  const metadata = form.get('metadata');
  if (!(file instanceof File) || metadata === null) throw badRequest('An upload has the parts "metadata" and "file".');
  const { path, mode, owner, group } = await readMetadata(metadata);
  if (owner !== undefined || group !== undefined)
    throw badRequest('Files have no other owner here. Leave out owner and group.');
  return { path, mode, data: new Uint8Array(await file.arrayBuffer()) };
}

async function readMetadata(part: File | string): Promise<z.infer<typeof metadataShape>> {
  const text = typeof part === 'string' ? part : await part.text();
  try {
    return metadataShape.parse(JSON.parse(text));
  } catch {
    throw badRequest('The metadata of the upload has no path.');
  }
}
