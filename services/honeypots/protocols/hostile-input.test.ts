import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DecoyContext } from '../decoys/decoy-context.ts';
import type { DecoyService } from '../decoys/persona.ts';
import { type DecoyKeys, openConversation } from './registry.ts';
import { TestPeer, testContext } from './test-peer.ts';

// Whatever a stranger sends, a decoy answers or ends, never throws, and holds a bounded amount of it.

const RUNS = 120;
let context: DecoyContext;
let keys: DecoyKeys;
let services: readonly DecoyService[] = [];

beforeAll(async () => {
  const loaded = await testContext();
  ({ context, keys } = loaded);
  const all = [...loaded.knowledge.personas.values()].flatMap((persona) => persona.services);
  services = [...new Map(all.map((service) => [service.protocol, service])).values()];
});

/** Beginnings that lead deeper than random bytes would. */
const BEGINNINGS: readonly (readonly [protocol: string, bytes: Buffer])[] = [
  ['dicom', Buffer.from(`01000000004400010000${'20'.repeat(32)}${'00'.repeat(32)}`, 'hex')],
  ['dicom', Buffer.from('040000000008000000060103', 'hex')],
  ['hl7', Buffer.from('\x0bMSH|^~\\&|A|B|C|D||', 'latin1')],
  ['http', Buffer.from('POST /viewer/login HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n')],
  ['fhir', Buffer.from('GET /fhir/Patient?name=%%% HTTP/1.1\r\n\r\n')],
  ['ssh', Buffer.from('SSH-2.0-x\r\n')],
  ['ssh', Buffer.concat([Buffer.from('SSH-2.0-x\r\n\0\0\0\x1c\x0a\x14', 'latin1'), Buffer.alloc(40, 1)])],
  ['telnet', Buffer.from('root\r\nroot\r\nls -la /\r\ncat /etc/passwd | grep root > /tmp/x\r\n')],
  ['telnet', Buffer.from([255, 250, 24, 0])],
  ['ftp', Buffer.from('USER ftp\r\nPASS x\r\nPASV\r\nLIST\r\n')],
  ['smb', Buffer.from(`00000044fe534d4240000100${'00'.repeat(56)}2400`, 'hex')],
  [
    'smb',
    Buffer.from(
      `00000060fe534d4240000100000000000100${'00'.repeat(46)}190000010000000000000000580020000000000000000000`,
      'hex',
    ),
  ],
  ['rdp', Buffer.from('030000130ee000000000000100080003000000', 'hex')],
  ['vnc', Buffer.from('RFB 003.008\n\x02')],
  ['mysql', Buffer.from(`2000000185a60f00000000012d${'00'.repeat(23)}`, 'hex')],
  ['modbus', Buffer.from('0001000000060103000000ff', 'hex')],
  ['bacnet', Buffer.from('810a001101040005010c0c023fffff1979', 'hex')],
];

describe('every protocol of a decoy', () => {
  it('takes any bytes in any pieces', () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 });
    for (const service of services) {
      const begins = BEGINNINGS.filter(([protocol]) => protocol === service.protocol).map(([, bytes]) => bytes);
      fc.assert(
        fc.property(fc.constantFrom(Buffer.alloc(0), ...begins), pieces, (begin, rest) => {
          const peer = new TestPeer();
          const conversation = openConversation(service, context, keys, peer);
          conversation.receive(begin);
          for (const piece of rest) conversation.receive(Buffer.from(piece));
          conversation.ended?.();
          expect(peer.sentBytes.length).toBeLessThan(2_000_000);
        }),
        { numRuns: RUNS },
      );
    }
    expect(services.length).toBe(13);
  });

  it('takes text as people and programs type it', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'ls',
        'cat',
        'cd',
        'echo',
        'wget',
        'busybox',
        'sh',
        '-c',
        'find',
        '/',
        '/etc/passwd',
        '*',
        '..',
        '|',
        '>',
        ';',
        '&&',
        "'",
        '"',
        '$x',
        '\\',
        'http://a.example/b',
      ),
      fc.string({ maxLength: 12 }),
    );
    const telnet = services.find(({ protocol }) => protocol === 'telnet');
    expect(telnet).toBeDefined();
    fc.assert(
      fc.property(fc.array(fc.array(word, { maxLength: 8 }), { maxLength: 12 }), (lines) => {
        const peer = new TestPeer();
        const conversation = openConversation(telnet as DecoyService, context, keys, peer);
        conversation.receive(Buffer.from('root\r\nroot\r\n'));
        for (const line of lines) conversation.receive(Buffer.from(`${line.join(' ')}\r\n`));
        conversation.ended?.();
      }),
      { numRuns: RUNS },
    );
  });

  it('keeps of endless input no more than its limit', () => {
    const before = process.memoryUsage().arrayBuffers;
    const endless = Buffer.alloc(1024 * 1024, 0x41);
    for (const service of services) {
      const conversation = openConversation(service, context, keys, new TestPeer());
      for (let part = 0; part < 24; part += 1) conversation.receive(endless);
      conversation.ended?.();
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(160 * 1024 * 1024);
  });
});
