import { fileURLToPath } from 'node:url';
import { createSensor, type Inspector } from '@sphinx/wire';
import { describe, expect, it } from 'vitest';
import { bytes, le16, le32, u32 } from '../../../packages/wire/src/testing/bytes.ts';
import { type ConversationEnds, ConversationFeed } from '../../../packages/wire/src/testing/conversation-packets.ts';
import { ALL_FILES } from '../../../packages/wire/src/testing/files.ts';
import { client, server, type Turn } from '../../../packages/wire/src/testing/play.ts';
import { loadDataKnowledge } from '../knowledge/data-knowledge.ts';
import type { TransferFinding } from '../transfers/transfer.ts';
import { createInspection } from './inspection.ts';

const KNOWLEDGE = await loadDataKnowledge(fileURLToPath(new URL('../../../knowledge', import.meta.url)));
const CSV = bytes('Patient;Name;Geburtsdatum;BSN\n1;Muster;01.04.1950;111222333\n2;Beispiel;13.12.1961;123456782\n');
const ENDS = { clientIp: '10.1.0.1', serverIp: '203.0.113.9' };
const TWO_PERSONS = { identifiers: { 'nl-bsn': 2 }, records: { 'patient-table': 2 } };

/** What is found in connections that one sensor sees, one after the other. */
function watch(connections: readonly (readonly [Partial<ConversationEnds>, readonly Turn[]])[]) {
  const { inspector, takeFindings } = createInspection({ ...KNOWLEDGE, bytesPerDirection: 65_536 }, 'src_1');
  const sensor = createSensor({
    source: 'src_1',
    isSample: false,
    inspector: inspector as Inspector,
    files: ALL_FILES,
  });
  const feed = new ConversationFeed(sensor);
  for (const [ends, turns] of connections) {
    feed.connection({ ...ENDS, clientPort: 50_000, serverPort: 21, ...ends }, turns);
  }
  sensor.finish();
  return takeFindings() as readonly TransferFinding[];
}

describe('a file with data of patients', () => {
  const control = (command: string) => [
    server(bytes('220 FTP server ready\r\n')),
    client(bytes('PASV\r\n')),
    server(bytes('227 Entering Passive Mode (203,0,113,9,195,203)\r\n')),
    client(bytes(`${command} list.csv\r\n`)),
    server(bytes('150 here it comes\r\n')),
  ];

  it.each([
    ['STOR', client(CSV), '10.1.0.1', '203.0.113.9'],
    ['RETR', server(CSV), '203.0.113.9', '10.1.0.1'],
  ])('is found on the connection that FTP opens for %s, and who sends it is told', (command, turn, from, to) => {
    const findings = watch([
      [{}, control(command)],
      [{ clientPort: 50_001, serverPort: 50_123 }, [turn]],
    ]);
    expect(findings).toMatchObject([
      { protocol: 'ftp-data', serverPort: 50_123, senderIp: from, receiverIp: to, counts: TWO_PERSONS },
    ]);
    expect(JSON.stringify(findings)).not.toMatch(/Muster|111222333|list\.csv/);
  });

  const RESPONSE = 1;
  const id = new Uint8Array(16).fill(9);
  const message = (command: number, number: number, body: Uint8Array, flags = 0) => {
    const header = bytes(0xfe, 'SMB', le16(64), le16(0), le32(0), le16(command), le16(1), le32(flags), le32(0));
    const content = bytes(header, le32(number), le32(0), le32(0), le32(7), new Uint8Array(24), body);
    return bytes(u32(content.length), content);
  };
  const name = new Uint8Array(Buffer.from('out\\list.csv', 'utf16le'));
  const create = bytes(le16(57), new Uint8Array(42), le16(64 + 56), le16(name.length), new Uint8Array(8), name);
  const created = (size: number) =>
    bytes(new Uint8Array(48), le32(size), le32(0), new Uint8Array(8), id, new Uint8Array(8));
  const write = bytes(le16(49), le16(64 + 48), le32(CSV.length), le32(0), le32(0), id, new Uint8Array(16), CSV);
  const read = bytes(le16(49), 0, 0, le32(CSV.length), le32(0), le32(0), id, new Uint8Array(16));
  const answer = bytes(le16(17), 64 + 16, 0, le32(CSV.length), new Uint8Array(8), CSV);
  const close = client(message(6, 9, bytes(le16(24), le16(0), le32(0), id)));

  it.each([
    ['written to', created(0), [client(message(9, 2, write))], '10.1.0.1'],
    [
      'read from',
      created(CSV.length),
      [client(message(8, 2, read)), server(message(8, 2, answer, RESPONSE))],
      '203.0.113.9',
    ],
  ])('is found when it is %s a share', (_what, opened, turns, from) => {
    const opening = [client(message(5, 1, create)), server(message(5, 1, opened, RESPONSE))];
    const findings = watch([[{ serverPort: 445 }, [...opening, ...turns, close]]]);
    expect(findings).toMatchObject([{ protocol: 'smb', senderIp: from, counts: TWO_PERSONS }]);
    expect(JSON.stringify(findings)).not.toMatch(/Muster|111222333|list\.csv/);
  });
});
