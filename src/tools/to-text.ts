/**
 * What a tool gave back, as text: text as it is, nothing as empty text, anything else as JSON. Throws for what JSON cannot hold,
 * or would leave empty.
 */
export function toText(output: unknown): string {
  return plainToText(toPlain(output));
}

export function plainToText(plain: unknown): string {
  return typeof plain === 'string' ? plain : (JSON.stringify(plain) ?? '');
}

/** The same as plain objects, lists and values. Bytes, which no model could read, become a line about them. */
export function toPlain(output: unknown): unknown {
  if (typeof output === 'function' || typeof output === 'symbol') throw emptied(`a ${typeof output}`);
  return plainOf(output, '', new Set());
}

function plainOf(value: unknown, key: string, above: Set<object>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const bytes = describeBytes(value);
  if (bytes !== undefined) return bytes;
  const said = inOwnWords(value, key);
  if (typeof said !== 'object' || said === null) return said;
  if (isEmptied(said)) throw emptied(`a value of kind ${kindOf(said)}`);
  if (above.has(said)) throw new TypeError('It gave back a circular structure, which JSON cannot hold.');
  above.add(said);
  const inner = (part: unknown, name: string | number) => plainOf(part, String(name), above);
  const plain = Array.isArray(said)
    ? said.map(inner)
    : Object.fromEntries(Object.entries(said).map(([name, part]) => [name, inner(part, name)]));
  above.delete(said);
  return plain;
}

function inOwnWords(value: object, key: string): unknown {
  if ('toJSON' in value && typeof value.toJSON === 'function') return value.toJSON(key);
  const isBoxed = value instanceof String || value instanceof Number || value instanceof Boolean;
  return isBoxed ? value.valueOf() : value;
}

function describeBytes(value: object): string | undefined {
  if (value instanceof Blob) return sizeLine(value.size, value.type);
  const isBytes = ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof SharedArrayBuffer;
  return isBytes ? sizeLine(value.byteLength, '') : undefined;
}

function sizeLine(bytes: number, type: string): string {
  return `[${['binary data', type, `${bytes} bytes`, 'not shown'].filter((part) => part !== '').join(', ')}]`;
}

/** `{}` in JSON, and more than that in truth: a `Map`, a promise, an object whose fields are private. */
function isEmptied(value: object): boolean {
  if (value instanceof Error) return true;
  const prototype: object | null = Object.getPrototypeOf(value);
  const isPlain = prototype === null || Array.isArray(value) || Object.getPrototypeOf(prototype) === null;
  return !isPlain && Object.keys(value).length === 0;
}

function kindOf(value: object): string {
  return value.constructor?.name || Object.prototype.toString.call(value).slice('[object '.length, -1);
}

function emptied(what: string): TypeError {
  return new TypeError(
    `It gave back ${what}, of which JSON keeps nothing. A tool gives text, or plain objects, lists and values.`,
  );
}
