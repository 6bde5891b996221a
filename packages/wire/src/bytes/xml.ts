/** Enough of XML to find what one knows the name of, whatever its prefix; entities of text are resolved. */

/** @returns text of the first element of this local name that has one; empty where there is none */
export function elementText(xml: string, name: string): string {
  const start = new RegExp(`<(?:[\\w.-]+:)?${name}(?:\\s[^<>]*)?>\\s*([^<]{1,2048})<`).exec(xml)?.[1] ?? '';
  return unescapeXml(start.trim());
}

/** @returns the start tags of all elements of this local name, at most `maximum` */
export function startTags(xml: string, name: string, maximum: number): readonly string[] {
  const tags: string[] = [];
  for (const [tag] of xml.matchAll(new RegExp(`<(?:[\\w.-]+:)?${name}(?=[\\s/>])[^<>]{0,2048}`, 'g'))) {
    if (tags.length >= maximum) break;
    tags.push(tag);
  }
  return tags;
}

/** @returns value of an attribute of a start tag; empty where there is none */
export function attributeOf(tag: string, name: string): string {
  const [, double, single] = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag) ?? [];
  return unescapeXml(double ?? single ?? '');
}

export function unescapeXml(text: string): string {
  return text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'")
    .replace(/&amp;/g, '&');
}
