import { unescapeXml } from '../bytes/xml.ts';

const MAXIMUM_SEGMENTS = 512;
const MAXIMUM_FIELD_NUMBER = 64;
/** Characters of one segment that are read. */
const MAXIMUM_SEGMENT = 4096;
const LOOK_AHEAD = 64;
/** Segments of which more than the name is read. */
const READ_SEGMENTS = new Set(['MSH', 'MSA', 'ERR', 'QAK', 'SFT']);

/**
 * The segments of a message in the XML encoding (HL7 v2.xml: elements `MSH`, in them `MSH.9`, in these components) as the
 * vertical-bar encoding has them. Of segments that are not read the name alone.
 */
export function segmentsOfXml(text: string): string {
  const segments: string[] = [];
  const opening = /<([A-Z][A-Z0-9]{2})(?:\s[^<>]*)?>/g;
  for (let found = opening.exec(text); found !== null; found = opening.exec(text)) {
    const name = found[1] ?? '';
    if (segments.length >= MAXIMUM_SEGMENTS) break;
    // The root of an acknowledgement has the name of a segment, but no fields in it.
    if (!isSegment(name, text.slice(opening.lastIndex, opening.lastIndex + LOOK_AHEAD))) continue;
    const end = text.indexOf(`</${name}>`, opening.lastIndex);
    segments.push(
      READ_SEGMENTS.has(name) && end >= 0
        ? segmentOf(name, text.slice(opening.lastIndex, Math.min(end, opening.lastIndex + MAXIMUM_SEGMENT)))
        : name,
    );
    if (end >= 0) opening.lastIndex = end;
  }
  return segments.join('\r');
}

function isSegment(name: string, content: string): boolean {
  return content.trimStart().startsWith(`<${name}.`);
}

function segmentOf(name: string, content: string): string {
  const fields: string[] = [];
  for (const [, number = '0', value = ''] of content.matchAll(fieldPattern(name))) {
    const at = Number(number);
    if (at > 0 && at <= MAXIMUM_FIELD_NUMBER) fields[at - 1] ??= componentsOf(value);
  }
  const texts = Array.from(fields, (field) => field ?? '');
  // MSH-1 is the separator itself, MSH-2 what the components of this text are separated by.
  return name === 'MSH' ? ['MSH', '^~\\&', ...texts.slice(2)].join('|') : [name, ...texts].join('|');
}

function fieldPattern(name: string): RegExp {
  return new RegExp(`<${name}\\.(\\d{1,2})>([\\s\\S]*?)</${name}\\.\\1>`, 'g');
}

/** Texts of the innermost elements, or the text itself where there are none. */
function componentsOf(value: string): string {
  const texts = [...value.matchAll(/>([^<>]*)<\//g)].map(([, text = '']) => plain(text));
  return texts.length > 0 ? texts.join('^') : plain(value);
}

function plain(text: string): string {
  return unescapeXml(text)
    .replace(/[|^\r\n]/g, ' ')
    .trim();
}
