import { describe, expect, it } from 'vitest';
import type { ParserContext } from '../protocol.ts';
import { bytes, hex, u16, u32 } from '../testing/bytes.ts';
import { promisesOfDatagramRoom } from '../testing/fuzz.ts';
import { client, detect, evidenceOf, readDatagram, server, type Turn } from '../testing/play.ts';
import { intelliVue } from './protocol.ts';
import type { IntelliVueRecord } from './types.ts';

const attribute = (id: number, value: Uint8Array) => bytes(u16(id), u16(value.length), value);
const label = (text: string) => bytes(u16(text.length), text);
function list(...items: readonly Uint8Array[]): Uint8Array {
  const content = bytes(...items);
  return bytes(u16(items.length), u16(content.length), content);
}

/** Attributes as a monitor of the type MP70 sends them: model, production specification, and the label of its bed. */
const ATTRIBUTES = list(
  attribute(0x0986, hex('00 01 11 4D')),
  attribute(0xf135, bytes(u16(20), ...Array.from('ECC RM 15', (letter) => bytes(0, letter)), 0, 0)),
  attribute(
    0x092d,
    list(
      bytes(u16(1), u16(8), label('DE22713007\0\t')),
      bytes(u16(2), u16(8), label('M8007A\0\0\0\0\0\0\0\0')),
      bytes(u16(3), u16(8), label(' B.00.05')),
      bytes(u16(5), u16(0x78), label('--------')),
      bytes(u16(4), u16(0x58), label('G.01.78 ')),
    ),
  ),
  attribute(0x0928, bytes(label('Philips\0'), label('M8007A\0'), 0)),
);

function operation(type: number, invoked: number, command: number, argument: Uint8Array): Uint8Array {
  const inner = bytes(u16(invoked), u16(command), u16(argument.length), argument);
  return bytes(u16(type), u16(inner.length), inner);
}
const protocolMessage = (content: Uint8Array) => bytes(u16(0xe100), u16(2), content);
function event(object: number, type: number, information: Uint8Array): Uint8Array {
  return bytes(u16(object), u32(0), u32(0xd6d400), u16(type), u16(information.length), information);
}
function poll(invoked: number, polled: number, kind = 3094): Uint8Array {
  const request = bytes(u16(1), u16(1), u16(polled), u16(0));
  const argument = bytes(u16(33), u32(0), u32(0), u16(kind), u16(request.length), request);
  return protocolMessage(operation(1, invoked, 7, argument));
}
const polled = (invoked: number, type = 2) => {
  const answer = operation(type, invoked, 7, bytes(u16(33), u32(0), u16(3094), u16(2), 0, 98));
  // A linked result has its state and number in front.
  return protocolMessage(type === 5 ? bytes(answer.slice(0, 4), 1, 1, answer.slice(4)) : answer);
};

const INDICATION = bytes(hex('00 00 01 00'), operation(1, 0, 0, event(35, 3351, ATTRIBUTES)));
const SESSION_DATA = hex('05 08 13 01 00 16 01 02 80 00 14 02 00 02');
const session = (type: number, data: Uint8Array) => bytes(type, data.length, data);
const REQUEST = session(13, bytes(SESSION_DATA, hex('C1 04 31 80 A0 80')));
const ACCEPTED = session(14, bytes(SESSION_DATA, hex('C1 04 31 80 A0 80')));
const REFUSED = session(12, hex('05 03 22 01 00'));
const RELEASE = hex('09 18 C1 16 61 80 30 80 02 01 01 A0 80 62 80 80 01 00 00 00 00 00 00 00 00 00');
const RELEASED = hex('0A 18 C1 16 61 80 30 80 02 01 01 A0 80 63 80 80 01 00 00 00 00 00 00 00 00 00');
const CREATED = protocolMessage(operation(1, 1, 1, event(33, 3334, bytes(u16(33), u32(0), ATTRIBUTES))));
const CREATION_HEARD = protocolMessage(operation(2, 1, 1, event(33, 3334, new Uint8Array(0))));

const SESSION: readonly Turn[] = [
  client(REQUEST),
  server(ACCEPTED),
  server(CREATED),
  client(CREATION_HEARD),
  client(poll(2, 6)),
  server(polled(2, 5)),
  server(polled(2)),
  client(poll(3, 42, 61_755)),
  server(polled(3)),
  server(polled(3)),
  client(poll(4, 9)),
  server(protocolMessage(bytes(u16(3), u16(6), u16(4), u16(2), u16(0)))),
  client(RELEASE),
  server(RELEASED),
];

/** Datagrams of one flow, a millisecond apart. */
function listen(turns: readonly Turn[]): readonly IntelliVueRecord[] {
  const records: IntelliVueRecord[] = [];
  let now = 0;
  const context: ParserContext<IntelliVueRecord> = {
    transport: 'udp',
    clientPort: 50_000,
    serverPort: 24_105,
    emit: (record) => records.push(record),
    timeMicros: () => now,
    handOver: () => {},
  };
  for (const { direction, bytes: payload } of turns) {
    intelliVue.parseDatagram?.(payload, direction, context);
    now += 1000;
  }
  intelliVue.flowEnded?.(context);
  return records;
}

describe('a monitor of Philips', () => {
  it('tells everybody that it is there, of whom and in which version, and nothing of the bed', () => {
    const records = readDatagram(intelliVue, INDICATION);
    expect(records).toMatchObject([
      {
        activity: 'connect-indication',
        manufacturer: 'Philips',
        model: 'M8007A',
        serial: 'DE22713007',
        versions: ['hardware B.00.05', 'software G.01.78'],
      },
    ]);
    expect(evidenceOf(intelliVue, records)).toContain('intellivue.model=M8007A (client)');
    expect(JSON.stringify(records)).not.toContain('ECC');
  });

  it('is followed from the association over polls to the release, each with outcome and time', () => {
    const told = listen(SESSION).map(({ activity, operation: name, object, outcome, result, durationMs }) => [
      activity,
      name,
      object,
      outcome,
      result,
      durationMs,
    ]);
    expect(told).toEqual([
      ['association', '', '', 'success', '', 1],
      ['device-created', 'confirmed event report', '', 'success', '', 1],
      ['operation', 'poll', 'numerics', 'success', '', 2],
      ['operation', 'extended poll', 'patient demographics', 'success', '', 1],
      ['operation', 'action', '', 'success', '', undefined],
      ['operation', 'poll', 'waves', 'failure', 'access denied', 1],
      ['release', '', '', 'success', '', 1],
    ]);
  });

  it('tells who takes what from it', () => {
    const evidence = evidenceOf(intelliVue, listen(SESSION));
    expect(evidence).toEqual(
      expect.arrayContaining([
        'intellivue.role=monitor (server)',
        'intellivue.role=client (client)',
        'intellivue.serial=DE22713007 (server)',
        'intellivue.polled=numerics (client)',
        'intellivue.polled=patient demographics (client)',
      ]),
    );
    expect(evidence).not.toContain('intellivue.polled=waves (client)');
  });

  it('may refuse an association', () => {
    expect(listen([client(REQUEST), server(REFUSED)])).toMatchObject([{ activity: 'association', outcome: 'failure' }]);
  });

  it('is known on any port by what it says, and not by one byte', () => {
    for (const message of [INDICATION, REQUEST, CREATED, RELEASE])
      expect(detect(intelliVue, [client(message)])).toBe('match');
    expect(detect(intelliVue, [client(hex('E1 00 00 02 00 01 00 20 00 00'))])).toBe('reject');
    expect(detect(intelliVue, [client(hex('0D 06 05 08 13 01 00 16'))])).toBe('reject');
    expect(detect(intelliVue, [client(hex('00 00 01 00 00 01 00 00 00 00'))])).toBe('reject');
  });
});

promisesOfDatagramRoom(intelliVue, [INDICATION, REQUEST, CREATED, poll(2, 6)]);
