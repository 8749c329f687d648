/**
 * Gives an element other children. Those that stay are not moved, so they keep what is scrolled and typed in them; of the others,
 * what the reader has opened stays open.
 *
 * @param {HTMLElement} parent
 * @param {HTMLElement[]} parts
 */
export function replaceParts(parent, parts) {
  const before = /** @type {HTMLElement[]} */ ([...parent.children]);
  const fresh = parts.filter((part) => !before.includes(part)).flatMap(detailsIn);
  before
    .filter((part) => !parts.includes(part))
    .flatMap(detailsIn)
    .forEach((details, place) => {
      if (details.open && fresh[place]) fresh[place].open = true;
    });
  for (const part of before) if (!parts.includes(part)) part.remove();
  let next = parent.firstElementChild;
  for (const part of parts) {
    if (part === next) next = next.nextElementSibling;
    else parent.insertBefore(part, next);
  }
}

/** @param {HTMLElement} part @returns {HTMLDetailsElement[]} */
function detailsIn(part) {
  const own = part instanceof HTMLDetailsElement ? [part] : [];
  return [...own, ...part.querySelectorAll('details')];
}
