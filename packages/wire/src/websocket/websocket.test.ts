import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { http } from '../http/protocol.ts';
import { bytes, u16, u32 } from '../testing/bytes.ts';
import { sense } from '../testing/capture.ts';
import { client, play, server } from '../testing/play.ts';
import { websocket } from './protocol.ts';

const FINAL = 0x80;
const COMPRESSED = 0x40;
const MASK = [1, 2, 3, 4];

function frame(first: number, payload: Uint8Array): Uint8Array {
  const length = payload.length < 126 ? bytes(payload.length) : bytes(126, u16(payload.length));
  return bytes(first, length, payload);
}

function masked(first: number, payload: Uint8Array): Uint8Array {
  const hidden = payload.map((byte, index) => byte ^ (MASK[index % 4] ?? 0));
  return bytes(first, 0x80 | payload.length, ...MASK, hidden);
}

function deflated(text: string, dictionary?: Buffer): Uint8Array {
  const whole = deflateRawSync(text, { finishFlush: 2, ...(dictionary === undefined ? {} : { dictionary }) });
  return new Uint8Array(whole.subarray(0, -4));
}

const payloads = (steps: Parameters<typeof play>[1]) =>
  play(websocket, steps).views.flatMap(({ buffers }) =>
    (buffers['websocket.payload'] ?? []).map((one) => Buffer.from(one).toString('latin1')),
  );

describe('WebSocket', () => {
  it('shows rules each message unmasked, and each frame', () => {
    const { views, sides } = play(websocket, [client(masked(FINAL | 1, bytes('hello')))]);
    expect(views[0]?.numbers).toEqual({
      'websocket.opcode': [1],
      'websocket.mask': [0x01020304],
      'websocket.flags': [8],
    });
    expect(payloads([client(masked(FINAL | 1, bytes('hello')))])).toEqual(['hello']);
    expect(sides).toEqual([{ protocol: 'websocket', activity: 'frame', opcode: 1, isFinal: true, mask: 0x01020304 }]);
  });

  it('puts fragments together though a ping comes in between', () => {
    const steps = [
      server(bytes(frame(1, bytes('attack ')), frame(FINAL | 9, bytes('?')), frame(FINAL, bytes('here')))),
    ];
    expect(payloads(steps)).toEqual(['?', 'attack here']);
  });

  it('decompresses messages that refer to what came before them', () => {
    const first = deflated('a word that comes again and again');
    const second = deflated('a word that comes again', Buffer.from('a word that comes again and again'));
    const steps = [server(bytes(frame(FINAL | COMPRESSED | 1, first), frame(FINAL | COMPRESSED | 1, second)))];
    expect(payloads(steps)).toEqual(['a word that comes again and again', 'a word that comes again']);
  });

  it('counts messages, and keeps nothing of what they say', () => {
    const { records } = play(websocket, [
      client(masked(FINAL | 1, bytes('Jane Doe'))),
      server(bytes(frame(FINAL | 2, bytes(0, 1, 2)), frame(FINAL | 8, bytes(u16(1001), 'going away')))),
    ]);
    expect(records).toMatchObject([
      {
        activity: 'connection',
        textMessages: 1,
        binaryMessages: 1,
        bytesToServer: 8,
        bytesToClient: 15,
        closeCode: 1001,
      },
    ]);
    expect(JSON.stringify(records)).not.toMatch(/Doe|away/);
  });

  it('is handed what HTTP opens, with the first frame in the same segment', () => {
    const answer = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n';
    const { handedOverTo } = play(http, [
      client(bytes('GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n')),
      server(bytes(answer, frame(FINAL | 1, bytes('hi')))),
    ]);
    expect(handedOverTo).toBe('websocket');
  });

  it('survives any bytes, cut anywhere', () => {
    const any = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(
        fc.array(any, { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 5 }),
        (all, cuts) => {
          const steps = all.map((one, index) => (index % 2 === 0 ? client(one) : server(one)));
          const { views } = play(websocket, steps, cuts);
          expect(views.every(({ protocol }) => protocol === 'websocket')).toBe(true);
        },
      ),
    );
    // A length that no message has.
    const endless = bytes(FINAL | 2, 127, u32(0x7fffffff), u32(0), 'x'.repeat(100));
    expect(play(websocket, [server(endless)]).views).toEqual([]);
  });
});

const RECORDED = sharedData('suricata-verify/websocket/basic_websockets.pcap');

describe.skipIf(RECORDED === undefined)(
  'a recorded conversation (skipped where shared/data/suricata-verify is absent)',
  () => {
    it('is followed from its opening to its close', () => {
      const { records } = sense(RECORDED ?? '');
      const told = records.filter(({ record }) => record.protocol === 'websocket');
      expect(told.map(({ record }) => record)).toMatchObject([{ activity: 'connection', textMessages: 17 }]);
    });
  },
);
