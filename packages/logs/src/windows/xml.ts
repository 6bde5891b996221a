import { readXmlElements } from '../read-xml.ts';
import { toWindowsEvent, type WindowsEvent } from './windows-event.ts';

/** What reading XML gave. */
export interface WindowsXmlReading {
  readonly events: readonly WindowsEvent[];
  /** Why the rest was not read, each reason once; empty where all was. */
  readonly problems: readonly string[];
}

/**
 * Reads events in Windows' XML: one `<Event>`, several one after another, or all in `<Events>`, as `wevtutil`, the event viewer
 * and forwarding write them.
 *
 * @param text XML, with or without declaration
 */
export function readWindowsXml(text: string): WindowsXmlReading {
  const { elements, problems } = readXmlElements(text, 'Event');
  const events = elements.flatMap((element) => {
    const event = toWindowsEvent(element);
    return event === undefined ? [] : [withNumbers(event)];
  });
  return { events, problems };
}

/** Numbers of `System` are text in XML; their kinds are the same as in an EVTX file. */
const NUMBERS = [
  ...['EventID', 'EventID_Qualifiers', 'Version', 'Level', 'Task', 'Opcode', 'EventRecordID'],
  ...['Execution_ProcessID', 'Execution_ThreadID'],
];

function withNumbers(event: WindowsEvent): WindowsEvent {
  const System = { ...event.System };
  for (const name of NUMBERS) {
    const value = System[name];
    if (typeof value === 'string' && /^\d{1,15}$/.test(value)) System[name] = Number(value);
  }
  return { ...event, System };
}
