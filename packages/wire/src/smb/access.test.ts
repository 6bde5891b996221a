import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { bytes, le16, le32, u32 } from '../testing/bytes.ts';
import { recordsOf, sense, valuesOf } from '../testing/capture.ts';
import { client, detect, play, server } from '../testing/play.ts';
import { smb } from './protocol.ts';

const COPIED = sharedData('suricata-verify/smb2-07/20171220_smb_psexec_add_user.pcap');
const RESPONSE = 1;

function message(command: number, id: number, body: Uint8Array, flags = 0, status = 0): Uint8Array {
  const header = bytes(0xfe, 'SMB', le16(64), le16(0), le32(status), le16(command), le16(1), le32(flags), le32(0));
  const content = bytes(header, le32(id), le32(0), le32(0), le32(7), new Uint8Array(24), body);
  return bytes(u32(content.length), content);
}

function utf16(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'utf16le'));
}

function treeConnect(path: string): Uint8Array {
  const name = utf16(path);
  return bytes(le16(9), le16(0), le16(64 + 8), le16(name.length), name);
}

function create(path: string, rights: number): Uint8Array {
  const name = utf16(path);
  return bytes(
    le16(57),
    new Uint8Array(22),
    le32(rights),
    new Uint8Array(16),
    le16(64 + 56),
    le16(name.length),
    new Uint8Array(8),
    name,
  );
}

describe('SMB 2', () => {
  const turns = [
    client(message(3, 1, treeConnect('\\\\nas\\befunde'))),
    server(message(3, 1, bytes(le16(16), 1, 0, new Uint8Array(12)), RESPONSE)),
    client(message(5, 2, create('2026\\Mustermann_Max.PDF', 0x2))),
    server(message(5, 2, new Uint8Array(88), RESPONSE, 0xc0000022)),
  ];

  it('tells shares and what becomes of opens, and never the name of a file', () => {
    const { records } = play(smb, turns);
    expect(records).toMatchObject([
      { activity: 'tree-connect', share: 'befunde', kind: 'disk', outcome: 'success' },
      {
        activity: 'file-open',
        share: 'befunde',
        extension: 'pdf',
        access: 'write',
        outcome: 'failure',
        status: 0xc0000022,
      },
    ]);
    expect(JSON.stringify(records)).not.toMatch(/mustermann/i);
  });

  it('is told by its magic', () => {
    expect(detect(smb, turns)).toBe('match');
    expect(detect(smb, [client(bytes(0, 0, 0, 60, 'SMTP', new Uint8Array(52)))])).toBe('reject');
  });
});

describe.skipIf(COPIED === undefined)('SMB in a capture (shared/data)', () => {
  it('shows a program copied to a share of administrators and the service manager called over a pipe', () => {
    const batch = sense(COPIED ?? '');
    expect(recordsOf(batch, 'smb')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ share: 'ADMIN$', extension: 'exe', access: 'write', outcome: 'success' }),
      ]),
    );
    expect(batch.records.some(({ record }) => record.protocol === 'dce-rpc')).toBe(true);
    expect(valuesOf(batch, '10.10.10.10', 'smb.share')).toEqual([]);
  });
});
