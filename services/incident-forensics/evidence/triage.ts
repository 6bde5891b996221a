import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { isEvtx, readEvtx, windowsFields } from '@sphinx/logs';
import { readZip } from '@sphinx/platform/archive';
import { list, type ReadEntry } from 'tar';
import { countText } from '../story/count-text.ts';
import type { EvidenceKind } from './evidence-item.ts';
import type { CaseEvent } from './evidence-store.ts';

/** Event logs in an archive that are read; larger ones are kept, and not read. */
const MAXIMUM_LOG_BYTES = 128 * 1024 * 1024;
const MAXIMUM_EVENTS = 20_000;
const LIMITS = { entries: 200_000, unpackedBytes: 16 * 1024 ** 3 };
const MAXIMUM_DETAIL = 2000;

/** What a file that somebody added is, and what its logs tell. */
export interface TriageReading {
  readonly kind: EvidenceKind;
  /** In words: which tool made it, how many files it holds. */
  readonly about: string;
  readonly events: readonly Omit<CaseEvent, 'evidence'>[];
}

const TOOLS: readonly { readonly name: string; readonly marks: RegExp }[] = [
  { name: 'Velociraptor', marks: /(^|\/)(uploads\.json|collection_context\.json)$|^uploads\/(auto|ntfs|file)\// },
  { name: 'UAC', marks: /(^|\/)uac\.log$|^live_response\/|^bodyfile\// },
  { name: 'KAPE', marks: /(^|\/)[^/]*_(ConsoleLog|CopyLog)\.(txt|csv)$|(^|\/)C\/(Windows|\$MFT|Users)/i },
];

/**
 * Recognises a triage archive (zip or tar of KAPE, Velociraptor, UAC) or an event log of Windows by content, and reads the events of
 * logs in it. Never throws for what is in the file.
 */
export async function readTriage(path: string, name: string): Promise<TriageReading> {
  const head = await headOf(path);
  if (isEvtx(head)) {
    const events = eventsOf(await buffer(createReadStream(path)), name);
    return { kind: 'event-log', about: `${name}: event log of Windows, ${countText(events.length, 'event')}`, events };
  }
  try {
    if (head[0] === 0x50 && head[1] === 0x4b) return await readZipped(path, name);
    const reading = await readTarred(path, name);
    if (reading !== undefined) return reading;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: 'other', about: `${name}: an archive that cannot be read (${reason})`, events: [] };
  }
  return { kind: 'other', about: `${name}: added as it is`, events: [] };
}

async function readZipped(path: string, name: string): Promise<TriageReading> {
  const names: string[] = [];
  const events: Omit<CaseEvent, 'evidence'>[] = [];
  for await (const entry of readZip(path, LIMITS)) {
    names.push(entry.name);
    if (!isReadable(entry.name, entry.sizeBytes) || events.length >= MAXIMUM_EVENTS) continue;
    const content = await buffer(await entry.open());
    events.push(...eventsOf(content, entry.name).slice(0, MAXIMUM_EVENTS - events.length));
  }
  return { kind: 'triage-archive', about: aboutOf(name, names, events.length), events };
}

/** @returns undefined where it is no tar archive, compressed or not */
async function readTarred(path: string, name: string): Promise<TriageReading | undefined> {
  const names: string[] = [];
  const events: Omit<CaseEvent, 'evidence'>[] = [];
  const onReadEntry = (entry: ReadEntry) => {
    if (entry.type === 'Directory' || names.length >= LIMITS.entries) return;
    names.push(entry.path.replace(/^\.\//, ''));
    if (!isReadable(entry.path, entry.size)) return;
    const parts: Buffer[] = [];
    entry.on('data', (part) => parts.push(part));
    entry.on('end', () => {
      const room = MAXIMUM_EVENTS - events.length;
      if (room > 0) events.push(...eventsOf(Buffer.concat(parts), entry.path).slice(0, room));
    });
  };
  await list({ file: path, onReadEntry });
  if (names.length === 0) return undefined;
  return { kind: 'triage-archive', about: aboutOf(name, names, events.length), events };
}

function isReadable(name: string, sizeBytes: number): boolean {
  return name.toLowerCase().endsWith('.evtx') && sizeBytes <= MAXIMUM_LOG_BYTES;
}

function aboutOf(name: string, names: readonly string[], events = 0): string {
  const tool = TOOLS.find(({ marks }) => names.some((each) => marks.test(each)))?.name ?? 'an unknown tool';
  const logs = events === 0 ? '' : `, ${countText(events, 'event')} of Windows logs`;
  return `${name}: triage archive of ${tool}, ${countText(names.length, 'file')}${logs}`;
}

function eventsOf(content: Uint8Array, log: string): readonly Omit<CaseEvent, 'evidence'>[] {
  const events: Omit<CaseEvent, 'evidence'>[] = [];
  if (!isEvtx(content)) return events;
  for (const { id, writtenMs, event } of readEvtx(content)) {
    if (!Number.isFinite(writtenMs)) continue;
    const fields = windowsFields(event);
    const { Channel = '', EventID = '', Provider_Name = '' } = fields;
    const title = `${String(Channel) || String(Provider_Name)} event ${String(EventID)}`;
    const detail = JSON.stringify(fields).slice(0, MAXIMUM_DETAIL);
    events.push({ id: `${log}#${id}`, time: Math.round(writtenMs), title, detail });
    if (events.length >= MAXIMUM_EVENTS) break;
  }
  return events;
}

async function headOf(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const bytes = Buffer.alloc(4096);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
