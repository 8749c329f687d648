import { parentPort, workerData } from 'node:worker_threads';
import TurndownService from 'turndown';

// A thread of its own for one page: there is HTML that takes for ever to read, and only a thread can be ended from outside.

/** What is not for readers. */
const noise = ['title', 'script', 'style', 'noscript', 'template', 'iframe', 'nav', 'footer', 'form'] as const;

const service = new TurndownService({ headingStyle: 'atx', codeBlockStyle: 'fenced', bulletListMarker: '-' });
service.remove([...noise]);
// Pictures have nothing to say in text but their names.
service.addRule('image', { filter: 'img', replacement: (_, node) => node.getAttribute('alt') ?? '' });
const markdown = service.turndown(workerData as string);
parentPort?.postMessage(markdown.replaceAll(/\n{3,}/g, '\n\n').trim());
