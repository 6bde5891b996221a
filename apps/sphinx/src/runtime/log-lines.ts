import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { readLogFile } from './log-files.ts';

const START_BYTES = 4096;
/** Ends of events that go over several lines. */
const XML_ENDS = ['</Event>', '</AuditMessage>'];

/**
 * Lines of a log file as they are taken in: of an event log of Windows its events in JSON, of XML one event each, else every line. Also of
 * gzipped files.
 *
 * @param take is given every line; reading waits for what it returns
 */
export async function readLogLines(path: string, take: (line: string) => Promise<void>): Promise<void> {
  const start = await readStart(path);
  if (start.subarray(0, 7).toString('latin1') === 'ElfFile') {
    const lines: string[] = [];
    await readLogFile(
      path,
      ({ event }) => lines.push(JSON.stringify(event)),
      () => undefined,
    );
    for (const line of lines) await take(line);
    return;
  }
  const isPacked = start[0] === 0x1f && start[1] === 0x8b;
  const file = createReadStream(path);
  const isUtf16 = start[0] === 0xff && start[1] === 0xfe;
  const stream = isPacked ? file.pipe(createGunzip()) : file;
  if (isUtf16) stream.setEncoding('utf16le');
  let xml = '';
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    const plain = line.replace(/^\ufeff/, '');
    const isXml = xml !== '' || /^\s*(?:<\d+>.*)?<(?:\?xml|Events?[\s>]|AuditMessage)/.test(plain);
    if (!isXml) {
      if (plain.trim() !== '') await take(plain);
      continue;
    }
    xml = xml === '' ? plain : `${xml} ${plain.trim()}`;
    xml = await takeEvents(xml, take);
  }
  if (xml.replace(/<\/?Events[^>]*>/g, '').trim() !== '') await take(xml.trim());
}

/** @returns what is behind the last whole event */
async function takeEvents(text: string, take: (line: string) => Promise<void>): Promise<string> {
  let rest = text;
  for (;;) {
    const ends = XML_ENDS.map((end) => ({ at: rest.indexOf(end), end })).filter(({ at }) => at >= 0);
    const [first] = ends.sort((a, b) => a.at - b.at);
    if (first === undefined) return rest;
    const event = rest.slice(0, first.at + first.end.length);
    await take(event.trim());
    rest = rest.slice(first.at + first.end.length).trimStart();
  }
}

async function readStart(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(START_BYTES), 0, START_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
