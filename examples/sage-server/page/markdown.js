import DOMPurify from '/vendor/purify.js';
import { Marked } from '/vendor/marked.js';

const marked = new Marked({ gfm: true, breaks: false });

DOMPurify.addHook('afterSanitizeAttributes', (node) => {
  if (node.tagName !== 'A') return;
  node.setAttribute('target', '_blank');
  node.setAttribute('rel', 'noopener noreferrer');
});

/** What a model writes is not trusted: it comes out without scripts, handlers, styles, forms or pictures. @param {string} text */
export function toSafeHtml(text) {
  return DOMPurify.sanitize(/** @type {string} */ (marked.parse(text)), {
    FORBID_TAGS: ['style', 'form', 'input', 'button', 'textarea', 'img', 'video', 'audio', 'iframe', 'svg', 'math'],
    FORBID_ATTR: ['style', 'class', 'id', 'name'],
  });
}
