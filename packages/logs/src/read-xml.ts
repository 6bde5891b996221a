import { SaxesParser } from 'saxes';
import type { XmlElement } from './xml-element.ts';

/** Deeper elements are left out. */
const MAXIMUM_DEPTH = 64;
const MAXIMUM_PROBLEMS = 20;

/**
 * Gathers elements of one name, wherever they stand, as trees; also from several documents one after another. Entities other
 * than XML's own are not expanded. Never throws.
 *
 * @param name without prefix; an element of that name inside another is part of it
 * @returns the elements, and what was wrong, each reason once
 */
export function readXmlElements(
  text: string,
  name: string,
): { readonly elements: readonly XmlElement[]; readonly problems: readonly string[] } {
  const elements: XmlElement[] = [];
  const problems = new Set<string>();
  const open: XmlElement[] = [];
  const parser = new SaxesParser({ xmlns: false, fragment: true });
  parser.on('error', ({ message }) => {
    if (problems.size < MAXIMUM_PROBLEMS) problems.add(message);
  });
  parser.on('opentag', ({ name: tag, attributes }) => {
    open.push({
      name: localName(tag),
      attributes: Object.entries(attributes).map(([key, value]): [string, string] => [key, value]),
      children: [],
      values: [],
    });
  });
  const addText = (part: string) => open.at(-1)?.values.push(part);
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const element = open.pop();
    if (element === undefined) return;
    // White space between elements is layout.
    if (element.children.length > 0 && element.values.every((value) => String(value).trim() === '')) {
      element.values.length = 0;
    }
    if (element.name === name && !open.some((outer) => outer.name === name)) elements.push(element);
    else if (open.length < MAXIMUM_DEPTH) open.at(-1)?.children.push(element);
  });
  parser.write(withoutDeclarations(text)).close();
  return { elements, problems: [...problems] };
}

/** Declarations between documents that were joined are no harm. */
function withoutDeclarations(text: string): string {
  return text.replace(/<\?xml\b[^>]{0,200}\?>/g, '').replace(/^\uFEFF/, '');
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
