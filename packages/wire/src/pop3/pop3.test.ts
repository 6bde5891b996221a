import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeDetail } from '../exported/eve/detail-events.ts';
import { DEFAULT_EVE_SETTINGS } from '../exported/eve/settings.ts';
import type { TransactionDetail } from '../inspector.ts';
import { bytes } from '../testing/bytes.ts';
import { client, play, server } from '../testing/play.ts';
import { Pop3Exchanges } from './exchanges.ts';
import { pop3 } from './protocol.ts';

const line = (text: string) => bytes(`${text}\r\n`);

describe('POP3', () => {
  const { records, details } = play(pop3, [
    server(line('+OK ready <1896.697@host>')),
    client(line('USER anna')),
    server(line('+OK')),
    client(line('PASS secret')),
    server(line('-ERR no such mailbox')),
    client(bytes('LIST\r\nLIST 2\r\nRETR 1\r\n')),
    server(bytes('+OK 2 messages\r\n1 120\r\n2 200\r\n.\r\n+OK 2 200\r\n+OK 120 octets\r\nDear Mrs Doe\r\n.\r\n')),
    client(line('UIDL')),
    server(bytes('+OK\r\n1 QhdPYR')),
    server(bytes('\r\n')),
  ]);

  it('tells a command with its answer, and lines of it as far as they came', () => {
    expect(details).toMatchObject([
      { asked: undefined, isGood: true, header: 'ready <1896.697@host>' },
      { asked: { command: 'USER', arguments: ['anna'] }, isGood: true, header: '' },
      { asked: { command: 'PASS' }, isGood: false, header: 'no such mailbox' },
      { asked: { command: 'LIST', arguments: [] }, header: '2 messages', lines: ['1 120', '2 200'] },
      { asked: { command: 'LIST', arguments: ['2'] }, header: '2 200', lines: [] },
      { asked: { command: 'RETR' }, header: '120 octets', lines: [] },
      { asked: { command: 'UIDL' }, lines: ['1 QhdPYR'] },
    ]);
    expect(JSON.stringify(records)).not.toMatch(/anna|secret|Doe/);
  });

  it('is told in EVE JSON without names and words, unless content is asked for', () => {
    const event = (withContent: boolean) =>
      details.map((detail) => describeDetail(detail as TransactionDetail, withContent, DEFAULT_EVE_SETTINGS)?.members);
    expect(event(false)[2]).toEqual({ request: { command: 'PASS' }, response: { success: false, status: 'ERR' } });
    expect(JSON.stringify(event(false))).not.toMatch(/anna|secret|Doe|mailbox/);
    expect(event(true)[1]).toMatchObject({ request: { args: ['anna'] }, response: { success: true, header: '' } });
  });

  it('takes any lines in any order, and holds no more than it tells', () => {
    const said = fc.record({
      isClient: fc.boolean(),
      text: fc.oneof(fc.string({ maxLength: 600 }), fc.constantFrom('LIST', 'TOP 1 0', '+OK', '-ERR', '.', '1 2')),
    });
    fc.assert(
      fc.property(fc.array(said, { maxLength: 200 }), fc.boolean(), (lines, readsMail) => {
        const told: { lines: readonly string[]; header: string }[] = [];
        const exchanges = new Pop3Exchanges((_, detail) => told.push(detail as never), readsMail);
        for (const { isClient, text } of lines) isClient ? exchanges.clientLine(text) : exchanges.serverLine(text);
        exchanges.end();
        for (const each of told) expect([each.header, ...each.lines].every(({ length }) => length <= 512)).toBe(true);
      }),
    );
  });
});
