import { describe, expect, it } from 'vitest';
import type { ParserContext } from '../protocol.ts';
import { bytes } from '../testing/bytes.ts';
import { promisesOfStreamRoom } from '../testing/fuzz.ts';
import { client, detect, evidenceOf, play, server, type Turn } from '../testing/play.ts';
import { astm } from './protocol.ts';
import type { AstmMessage } from './types.ts';

const STX = 2;
const ETX = 3;
const EOT = bytes(4);
const ENQ = bytes(5);
const ACK = bytes(6);
const NAK = bytes(21);
const ETB = 0x17;

/** ASTM E1381-95 §6.3: number, text, end, checksum over all of it. */
function frame(number: number, text: string, end = ETX): Uint8Array {
  const covered = bytes(`${number}${text}`, end);
  const checksum = covered.reduce((sum, byte) => (sum + byte) & 255, 0);
  return bytes(STX, covered, checksum.toString(16).toUpperCase().padStart(2, '0'), 13, 10);
}

const HEADER = 'H|\\^&||secret|cobas^e411^5.1|||||LIS||P|1394-97|20260101\r';
const ORDER = 'P|1|99887766||4711|Doe^Jane||19700101|F\rO|1|S-12||^^^TSH\r';
const RESULTS = 'R|1|^^^TSH|2.41|mU/l\rR|2|^^^FT4|1.2|ng/dl\rL|1|N\r';
const SESSION: readonly Turn[] = [
  client(ENQ),
  server(ACK),
  client(frame(1, HEADER)),
  server(ACK),
  client(frame(2, ORDER, ETB)),
  server(NAK),
  client(frame(2, ORDER, ETB)),
  server(ACK),
  client(frame(3, RESULTS)),
  server(ACK),
  client(EOT),
];

describe('a laboratory link', () => {
  it('tells who sends which kinds of records to whom, and how the line bore it', () => {
    expect(play(astm, SESSION).records).toEqual([
      {
        protocol: 'astm',
        activity: 'message',
        sender: 'cobas e411 5.1',
        receiver: 'LIS',
        processingId: 'P',
        version: '1394-97',
        hasPassword: true,
        records: ['header', 'patient', 'order', 'result', 'terminator'],
        results: 2,
        termination: 'N',
        frames: 4,
        refusedFrames: 1,
        badChecksums: 0,
        bytes: HEADER.length + 2 * ORDER.length + RESULTS.length,
        sentBy: 'client',
        durationMs: undefined,
      },
    ]);
  });

  it('tells frames that were changed on their way, by their checksum', () => {
    const changed = frame(3, RESULTS);
    changed[9] = (changed[9] ?? 0) ^ 1;
    const session = SESSION.map((turn, index) => (index === 8 ? client(changed) : turn));
    expect(play(astm, session).records).toMatchObject([{ frames: 4, badChecksums: 1 }]);
    expect(play(astm, session, [1]).records).toMatchObject([{ badChecksums: 1 }]);
  });

  it('says nothing of patient, order and result, and not the password', () => {
    const { records } = play(astm, SESSION);
    const told = JSON.stringify(records) + evidenceOf(astm, records).join();
    for (const secret of ['secret', 'Doe', '4711', '99887766', '19700101', 'S-12', 'TSH', '2.41']) {
      expect(told).not.toContain(secret);
    }
  });

  it('tells how long the sender had the line', () => {
    const records: AstmMessage[] = [];
    let now = 0;
    const context: ParserContext<AstmMessage> = {
      transport: 'tcp',
      clientPort: 50_000,
      serverPort: 9,
      emit: (record) => records.push(record),
      timeMicros: () => now,
      handOver: () => {},
    };
    const parser = astm.createStreamParser?.(context);
    for (const { direction, bytes: part } of SESSION) {
      parser?.push(direction, part);
      now += 1000;
    }
    expect(records.map(({ durationMs }) => durationMs)).toEqual([10]);
  });

  it('hears a query of the analyser and the answer of the laboratory system, whoever opened the connection', () => {
    const query = 'H|\\^&|||Analyser\rQ|1|^S-12||ALL\rL|1|N\r';
    const answer = 'H|\\^&|||LIS\rL|1|I\r';
    const { records } = play(astm, [
      server(bytes(ENQ, frame(1, query), EOT)),
      client(bytes(ENQ, frame(1, answer), EOT)),
    ]);
    expect(
      records.map(({ sender, sentBy, records: kinds, termination }) => [sender, sentBy, kinds[1], termination]),
    ).toEqual([
      ['Analyser', 'server', 'query', 'N'],
      ['LIS', 'client', 'terminator', 'I'],
    ]);
  });

  it('is known by its first header, and not by a bid for the line alone', () => {
    expect(detect(astm, SESSION.slice(0, 2))).toBe('undecided');
    expect(detect(astm, SESSION.slice(0, 3))).toBe('match');
    expect(detect(astm, [client(bytes(5, 1, 0)), server(bytes(5, 0))])).toBe('reject');
    expect(detect(astm, [client(bytes(2, '1GET'))])).toBe('reject');
  });
});

promisesOfStreamRoom(astm, [SESSION]);
