/** Sends the ms it takes to import `openai`, and, after it, the package as it is published. */
const started = performance.now();
await import('openai');
const client = performance.now();
await import('sagents');
process.send?.({ openai: client - started, sagents: performance.now() - client });
process.disconnect?.();

export {};
