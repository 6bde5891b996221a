import { SaxesParser } from 'saxes';
import { toWindowsEvent, type WindowsEvent } from './windows-event.ts';
import type { XmlElement } from './xml-element.ts';

/** Deeper elements are left out. */
const MAXIMUM_DEPTH = 64;
const MAXIMUM_REASONS = 20;

/** What reading XML gave. */
export interface WindowsXmlReading {
  readonly events: readonly WindowsEvent[];
  /** Why the rest was not read, each reason once; empty where all was. */
  readonly problems: readonly string[];
}

/**
 * Reads events in Windows' XML: one `<Event>`, several one after another, or all in `<Events>`, as `wevtutil`, the event viewer
 * and forwarding write them. Entities other than XML's own are not expanded.
 *
 * @param text XML, with or without declaration
 */
export function readWindowsXml(text: string): WindowsXmlReading {
  const events: WindowsEvent[] = [];
  const problems = new Set<string>();
  const open: XmlElement[] = [];
  const parser = new SaxesParser({ xmlns: false, fragment: true });
  parser.on('error', ({ message }) => {
    if (problems.size < MAXIMUM_REASONS) problems.add(message);
  });
  parser.on('opentag', ({ name, attributes }) => {
    open.push({
      name: localName(name),
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
    if (element.name === 'Event') {
      const event = toWindowsEvent(element);
      if (event !== undefined) events.push(withNumbers(event));
    } else if (open.length < MAXIMUM_DEPTH) open.at(-1)?.children.push(element);
  });
  parser.write(withoutDeclarations(text)).close();
  return { events, problems: [...problems] };
}

/** Declarations between events of joined files are no harm. */
function withoutDeclarations(text: string): string {
  return text.replace(/<\?xml\b[^>]{0,200}\?>/g, '').replace(/^\uFEFF/, '');
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** Numbers of `System` are text in XML; their kinds are the same as in an EVTX file. */
const NUMBERS = ['EventID', 'EventID_Qualifiers', 'Version', 'Level', 'Task', 'Opcode', 'EventRecordID'];

function withNumbers(event: WindowsEvent): WindowsEvent {
  const System = { ...event.System };
  for (const name of [...NUMBERS, 'Execution_ProcessID', 'Execution_ThreadID']) {
    const value = System[name];
    if (typeof value === 'string' && /^\d{1,15}$/.test(value)) System[name] = Number(value);
  }
  return { ...event, System };
}
