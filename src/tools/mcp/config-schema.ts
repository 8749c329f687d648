import { z } from 'zod';

/** As far as a timer goes. */
const milliseconds = z
  .number()
  .positive()
  .max(2 ** 31 - 1);
const strings = z.record(z.string(), z.string());
const toolFields = {
  disabled: z.boolean().optional(),
  approval: z.enum(['ask', 'allow']).optional(),
  effect: z.enum(['none', 'idempotent', 'once']).optional(),
  timeoutMs: milliseconds.optional(),
};
const shellFields = z.strictObject({
  command: z.string().min(1),
  folder: z.string().min(1).optional(),
  environment: z.string().min(1).optional(),
});
const serverFields = {
  ...toolFields,
  trust: z.boolean().optional(),
  connectTimeoutMs: milliseconds.optional(),
  tools: z.record(z.string(), z.strictObject({ ...toolFields, shell: shellFields.optional() })).optional(),
};
export const stdioSchema = z.strictObject({
  ...serverFields,
  type: z.literal('stdio').optional(),
  command: z.string().min(1),
  args: z.array(z.string()).default([]),
  env: strings.default({}),
  cwd: z.string().optional(),
});
export const httpSchema = z.strictObject({
  ...serverFields,
  type: z.enum(['http', 'streamable-http']).optional(),
  url: z.string().min(1),
  headers: strings.default({}),
});
/** The servers by their names, each still to be read. */
export const namedSchema = z.record(z.string().min(1), z.unknown());
