import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Types, and decorators. */
const dialects = /@flow\b|^[ \t]*@[\w$]/m;

const mostMs = 20_000;
const mostMegabytes = 256;

/** Compiles and does not run: a text of code, since a host that is bundled has no file of ours beside it. */
const compile = `
const { parentPort, workerData } = require('node:worker_threads');
const { SourceTextModule, compileFunction } = require('node:vm');
const errorOf = (compile) => {
  try {
    compile();
  } catch ({ name, message, stack }) {
    return { name, message, line: /^:(\\d+)/.exec(stack)?.[1] };
  }
};
parentPort.postMessage({
  module: errorOf(() => new SourceTextModule(workerData)),
  commonjs: errorOf(() => compileFunction(workerData, ['exports', 'require', 'module', '__filename', '__dirname'])),
});`;

interface CompileError {
  readonly name: string;
  readonly message: string;
  readonly line?: string;
}

/** What came of each way to read it. */
interface Compiled {
  readonly module?: CompileError;
  readonly commonjs?: CompileError;
}

/** What keeps a text from being JavaScript, as a module or as a script of CommonJS; `undefined` where it may be a dialect of it. */
export async function parseScript(
  text: string,
  kind: 'js' | 'cjs' | 'mjs',
  signal: AbortSignal,
): Promise<string | undefined> {
  if (dialects.test(text)) return undefined;
  const { module, commonjs } = await compileInThread(text, signal);
  const errors = { mjs: [module], cjs: [commonjs], js: [module, commonjs] }[kind];
  // Markup, where only JSX has any.
  const isJavaScript = errors.every((error) => error?.name === 'SyntaxError' && !error.message.includes("token '<'"));
  if (!isJavaScript) return undefined;
  const isModule = kind === 'mjs' || (kind === 'js' && /^[ \t]*(?:import|export)\b/m.test(text));
  const { message = '', line } = (isModule ? module : commonjs) ?? {};
  return `cannot be parsed: ${message}${line === undefined ? '' : ` (line ${line})`}`;
}

/** In a thread of its own, which can be ended. One that does not come to an end says nothing. */
async function compileInThread(text: string, signal: AbortSignal): Promise<Compiled> {
  const worker = new Worker(compile, {
    eval: true,
    workerData: text,
    execArgv: ['--experimental-vm-modules', '--no-warnings'],
    resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
    env: {},
  });
  try {
    const [compiled] = await once(worker, 'message', {
      signal: AbortSignal.any([signal, AbortSignal.timeout(mostMs)]),
    });
    return compiled as Compiled;
  } catch {
    return {};
  } finally {
    await worker.terminate();
  }
}
