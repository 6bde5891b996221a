import { describe, expect, it } from 'vitest';
import { bytes, u16, u32 } from '../testing/bytes.ts';
import { client, play, server } from '../testing/play.ts';
import { postgresql } from './protocol.ts';

/** PostgreSQL documentation §55.7: type, length with itself, contents. */
function message(type: string, ...contents: readonly (string | Uint8Array)[]): Uint8Array {
  const body = bytes(...contents);
  return bytes(type, u32(body.length + 4), body);
}
const startup = (() => {
  const body = bytes(u16(3), u16(0), 'user\0anna\0database\0ward\0\0');
  return bytes(u32(body.length + 4), body);
})();
const tlsRequest = bytes(u32(8), u32(80877103));
const ready = message('Z', 'I');
const opened = bytes(message('R', u32(0)), message('S', 'server_version\x0016.1\0'), ready);

describe('PostgreSQL', () => {
  it('tells a query by its command, rows and time, and nothing of what is asked', () => {
    const row = message('D', u16(2), u32(3), 'Doe', u32(0xffffffff));
    const { records, details } = play(postgresql, [
      client(startup),
      server(opened),
      client(message('Q', "SELECT name FROM patient WHERE name='Doe'\0")),
      server(bytes(message('T', u16(1)), row, row, message('C', 'SELECT 2\0'), ready)),
      client(bytes(message('P', 'x\0'), message('B', 'x\0'), message('E', 'x\0'), message('S'))),
      client(bytes(message('P', 'y\0'), message('B', 'y\0'), message('E', 'y\0'), message('S'))),
      server(bytes(message('E', 'SERROR\0C22012\0Mno Doe\0\0'), ready)),
      server(bytes(message('1'), message('2'), message('C', 'INSERT 0 1\0'), ready)),
      client(message('X')),
    ]);
    expect(records.filter(({ activity }) => activity === 'query')).toMatchObject([
      { isPrepared: false, command: 'SELECT', rows: 2, outcome: 'success', code: '' },
      { isPrepared: true, command: '', rows: 0, outcome: 'failure', code: '22012' },
      { isPrepared: true, command: 'INSERT', rows: 0, outcome: 'success', code: '' },
    ]);
    expect(details).toMatchObject([
      { number: 1, request: { kind: 'startup', version: '3.0', parameters: [{ name: 'user' }, { name: 'database' }] } },
      { number: 2, request: { kind: 'query' }, rows: 2, rowBytes: 6 },
      { number: 3, request: { kind: 'extended' } },
      { number: 4, request: { kind: 'extended' } },
      { number: 5, request: { kind: 'terminate' } },
    ]);
    expect(JSON.stringify(records)).not.toMatch(/anna|ward|Doe|patient/);
  });

  it('reads the one byte that answers a request for TLS by itself', () => {
    const refused = play(postgresql, [client(tlsRequest), server(bytes('N'))]);
    expect(refused.records).toMatchObject([{ activity: 'tls-request' }, { activity: 'tls-answer', acceptsTls: false }]);
    expect(play(postgresql, [client(tlsRequest), server(bytes('S'))]).handedOverTo).toBe('tls');
  });
});
