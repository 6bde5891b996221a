import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { http } from '../http/protocol.ts';
import type { ParserContext } from '../protocol.ts';
import { bytes } from '../testing/bytes.ts';
import { sense } from '../testing/capture.ts';
import { promisesOfStreamRoom } from '../testing/fuzz.ts';
import { client, evidenceOf, play, server, type Turn } from '../testing/play.ts';
import { hl7 } from './protocol.ts';
import type { Hl7Message } from './types.ts';

/** HL7 v2.5.1 chapter 2; MLLP release 1: 0x0b before, 0x1c 0x0d behind. */
function framed(...segments: readonly string[]): Uint8Array {
  return bytes(0x0b, `${segments.join('\r')}\r`, 0x1c, 0x0d);
}

const ADMISSION = framed(
  'MSH|^~\\&|HIS|CENTRAL|LIS|LAB|20260101120000||ADT^A01^ADT_A01|4711|P|2.5.1',
  'PID|1||99887766^^^HOSP||Doe^Jane||19700101|F|||Secret Street 1',
  'PV1|1|I|ICU^2',
);
const ACKNOWLEDGEMENT = framed('MSH|^~\\&|LIS|LAB|HIS|CENTRAL|20260101120001||ACK^A01|1|P|2.5.1', 'MSA|AA|4711');

/** Turns a millisecond apart. */
function listen(...turns: readonly Turn[]): readonly Hl7Message[] {
  const records: Hl7Message[] = [];
  let now = 0;
  const context: ParserContext<Hl7Message> = {
    transport: 'tcp',
    clientPort: 50_000,
    serverPort: 2575,
    emit: (record) => records.push(record),
    timeMicros: () => now,
    handOver: () => {},
  };
  const parser = hl7.createStreamParser?.(context);
  for (const { direction, bytes: part } of turns) {
    parser?.push(direction, part);
    now += 1000;
  }
  parser?.end();
  return records;
}

describe('HL7 v2 over MLLP', () => {
  const { records } = play(hl7, [client(ADMISSION), server(ACKNOWLEDGEMENT)]);

  it('tells who sends what to whom, and how it was acknowledged', () => {
    expect(records).toMatchObject([
      {
        activity: 'message',
        messageType: 'ADT^A01',
        version: '2.5.1',
        sendingApplication: 'HIS',
        receivingApplication: 'LIS',
        segments: ['MSH', 'PID', 'PV1'],
        isBatched: false,
        batchMessages: undefined,
      },
      { activity: 'acknowledgement', acknowledgementCode: 'AA', acknowledgedType: 'ADT^A01', sentBy: 'server' },
    ]);
  });

  it('says nothing of the patient, neither in records nor in evidence', () => {
    const told = JSON.stringify(records) + evidenceOf(hl7, records).join();
    for (const secret of ['Doe', 'Jane', '99887766', '19700101', 'Secret Street', '4711']) {
      expect(told).not.toContain(secret);
    }
  });

  it('tells which message an acknowledgement answers and how long that took, whatever the order', () => {
    const order = framed('MSH|^~\\&|HIS|C|LIS|L|2026||ORM^O01|2|P|2.4', 'ORC|NW');
    const answers = [
      framed('MSH|^~\\&|LIS|L|HIS|C|2026||ACK|8|P|2.4', 'MSA|AE|2', 'ERR|||101^Required field missing^HL70357|E'),
      ACKNOWLEDGEMENT,
      framed('MSH|^~\\&|LIS|L|HIS|C|2026||ACK|9|P|2.4', 'MSA|AA|never sent'),
    ];
    const told = listen(client(ADMISSION), client(order), ...answers.map(server)).slice(2);
    expect(told.map((ack) => [ack.acknowledgementCode, ack.acknowledgedType, ack.durationMs, ack.errorCodes])).toEqual([
      ['AE', 'ORM^O01', 1, ['101']],
      ['AA', 'ADT^A01', 3, []],
      ['AA', undefined, undefined, []],
    ]);
  });

  it('names the message in both answers of enhanced mode', () => {
    const answer = (code: string) => server(framed('MSH|^~\\&|LIS|L|HIS|C|2026||ACK|8|P|2.4', `MSA|${code}|4711`));
    const { records } = play(hl7, [client(ADMISSION), answer('CA'), answer('AE'), answer('AA')]);
    const answers = records
      .slice(1)
      .map(({ acknowledgementCode, acknowledgedType }) => [acknowledgementCode, acknowledgedType]);
    expect(answers).toEqual([
      ['CA', records[0]?.messageType],
      ['AE', records[0]?.messageType],
      ['AA', undefined],
    ]);
  });

  it('tells what became of a query and how much was found', () => {
    const query = framed('MSH|^~\\&|PORTAL|C|MPI|C|2026||QBP^Q22^QBP_Q21|7|P|2.5', 'QPD|Q22^Find|x|@PID.5.1^DOE');
    const answer = framed(
      'MSH|^~\\&|MPI|C|PORTAL|C|2026||RSP^K22^RSP_K21|8|P|2.5',
      'MSA|AA|7',
      'QAK|x|OK|Q22^Find|3',
      'PID|1||1||DOE^JANE',
    );
    const [, told] = listen(client(query), server(answer));
    expect(told).toMatchObject({ acknowledgedType: 'QBP^Q22', queryStatus: 'OK', queryHits: 3, durationMs: 1 });
    expect(JSON.stringify(told)).not.toMatch(/DOE|JANE/);
  });

  it('reads a batch message by message', () => {
    const batch = framed(
      'FHS|^~\\&|LIS|LAB|HIS|CENTRAL',
      'BHS|^~\\&|LIS|LAB|HIS|CENTRAL',
      'MSH|^~\\&|LIS|LAB|HIS|CENTRAL|2026||ORU^R01|1|P|2.3',
      'PID|1||1||Doe',
      'MSH|^~\\&|LIS|LAB|HIS|CENTRAL|2026||ORU^R01|2|P|2.3',
      'OBX|1|NM|GLU||99',
      'BTS|2',
      'FTS|1',
    );
    const told = listen(client(batch));
    expect(told.map(({ messageType, isBatched, segments }) => [messageType, isBatched, segments])).toEqual([
      ['ORU^R01', true, ['MSH', 'PID']],
      ['ORU^R01', true, ['MSH', 'OBX', 'BTS', 'FTS']],
    ]);
  });

  it('reads separators as the header declares them', () => {
    const other = framed('MSH#*~\\&#HIS*1.2.3*ISO#C#LIS#L#2026##ADT*A08#5#T*A#2.7*DEU');
    expect(listen(client(other))).toMatchObject([
      { messageType: 'ADT^A08', sendingApplication: 'HIS', processingId: 'T', version: '2.7' },
    ]);
  });
});

const MLLP = sharedData('pcaps/hl7-mllp.pcap');

describe.skipIf(MLLP === undefined)('recorded HL7 (skipped where shared/data/pcaps is absent)', () => {
  it('gives all 24 messages their acknowledgement, with its time', () => {
    const messages = sense(MLLP ?? '').records.flatMap(({ record }) =>
      record.protocol === 'hl7' ? [record as Hl7Message] : [],
    );
    const sent = messages.filter(({ sentBy }) => sentBy === 'client');
    const paired = messages.filter(({ acknowledgedType }) => acknowledgedType !== undefined);
    expect(sent).toHaveLength(24);
    expect(paired.map(({ acknowledgedType }) => acknowledgedType).sort()).toEqual(
      sent.map(({ messageType }) => messageType).sort(),
    );
    for (const { acknowledgementCode, durationMs } of paired) {
      expect(acknowledgementCode).toBe('AA');
      expect(durationMs).toBeGreaterThan(0);
    }
  });
});

/** HL7 over HTTP (HAPI): one message a request, its answer in the answer. */
function posted(type: string, sent: string, answered: string): Turn[] {
  const length = (text: string) => `Content-Type: ${type}\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
  return [
    client(bytes(`POST /hl7 HTTP/1.1\r\nHost: ie\r\n${length(sent)}`)),
    server(bytes(`HTTP/1.1 200 OK\r\n${length(answered)}`)),
  ];
}

const QUERY = 'MSH|^~\\&|HIS|H|MPI|H|2026||QBP^Q22^QBP_Q21|7|P|2.5\rQPD|Q22|1|@PID.5.1^Doe\rRCP|I';
const FOUND = 'MSH|^~\\&|MPI|H|HIS|H|2026||RSP^K22|8|P|2.5\rMSA|AA|7\rQAK|1|OK|Q22|2\rPID|1||4711||Doe^Jane';

describe('HL7 v2 over HTTP', () => {
  const told = (turns: readonly Turn[]) =>
    play(http, turns).records.filter((record): record is Hl7Message => record.protocol === 'hl7');

  it.each(['application/hl7-v2; charset=UTF-8', 'x-application/hl7-v2+er7', 'text/plain'])(
    'tells a query and its answer in bodies of type %s, as over MLLP',
    (type) => {
      const messages = told(posted(type, QUERY, FOUND));
      expect(messages).toMatchObject([
        { messageType: 'QBP^Q22', sendingApplication: 'HIS', sentBy: 'client', bytes: QUERY.length },
        {
          messageType: 'RSP^K22',
          acknowledgementCode: 'AA',
          acknowledgedType: 'QBP^Q22',
          queryStatus: 'OK',
          queryHits: 2,
          sentBy: 'server',
        },
      ]);
      expect(JSON.stringify(messages)).not.toMatch(/Doe|4711/);
    },
  );

  it('reads a batch message by message, and what a server sends in pieces', () => {
    const batch = `BHS|^~\\&|LAB\r${QUERY}\r${QUERY.replace('|7|', '|9|')}\rBTS|2`;
    expect(told(posted('application/hl7-v2', batch, FOUND)).map(({ isBatched }) => isBatched)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('reads the XML encoding', () => {
    const head = '<MSH><MSH.1>|</MSH.1><MSH.2>^~\\&amp;</MSH.2><MSH.3><HD.1>A&amp;E</HD.1></MSH.3>';
    const kind = (code: string, event: string) => `<MSH.9><MSG.1>${code}</MSG.1><MSG.2>${event}</MSG.2></MSH.9>`;
    const tail = (id: string) => `<MSH.10>${id}</MSH.10><MSH.12><VID.1>2.6</VID.1></MSH.12></MSH>`;
    const sent = `<ADT_A01 xmlns="urn:hl7-org:v2xml">${head}${kind('ADT', 'A01')}${tail('5')}<PID><PID.5>Doe</PID.5></PID></ADT_A01>`;
    const answered = `<ACK>${head}${kind('ACK', 'A01')}${tail('6')}<MSA><MSA.1>AE</MSA.1><MSA.2>5</MSA.2></MSA></ACK>`;
    const messages = told(posted('application/hl7-v2+xml', sent, answered));
    expect(messages).toMatchObject([
      { messageType: 'ADT^A01', sendingApplication: 'A&E', version: '2.6', segments: ['MSH', 'PID'] },
      { messageType: 'ACK^A01', acknowledgementCode: 'AE', acknowledgedType: 'ADT^A01' },
    ]);
    expect(JSON.stringify(messages)).not.toContain('Doe');
  });

  it('shows messages to rules that speak of HL7, and takes no other text for one', () => {
    const { views } = play(http, posted('text/plain', QUERY, FOUND));
    expect(views.filter(({ protocol }) => protocol === 'hl7')).toHaveLength(2);
    expect(told(posted('text/plain', 'MSHAPPY holidays', 'ok'))).toEqual([]);
  });

  promisesOfStreamRoom(http, [posted('application/hl7-v2', QUERY, FOUND)]);
});
