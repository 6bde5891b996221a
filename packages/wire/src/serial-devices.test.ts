import { describe, expect, it } from 'vitest';
import { crc } from './alaris/message.ts';
import { alaris } from './alaris/protocol.ts';
import { createSensor } from './create-sensor.ts';
import { datexOhmeda } from './datex-ohmeda/protocol.ts';
import { masimo } from './masimo/protocol.ts';
import { medibus } from './medibus/protocol.ts';
import { bytes, hex } from './testing/bytes.ts';
import { ConversationFeed } from './testing/conversation-packets.ts';
import { promisesOfStreamRoom } from './testing/fuzz.ts';
import { client, detect, evidenceOf, play, server, type Turn } from './testing/play.ts';
import { alarisMessage, datexFrame, medibusMessage } from './testing/serial-devices.ts';

// Serial interfaces of devices, as terminal servers carry them over TCP.

/** As programs that speak to the pump recorded it. */
const PUMP: Turn[] = [
  client(bytes('!INST_SERIALNO|457D\r')),
  server(bytes('!INST_SERIALNO^8002-51733|ACFF\r')),
  client(bytes('!COMMS_PROTOCOL|E8DA\r')),
  server(bytes('!COMMS_PROTOCOL^Asena Rev 2.1.5|661A\r')),
  client(bytes('!REMOTE_CTRL^ENABLED^3CC1|B1F1\r')),
  server(bytes('!REMOTE_CTRL^ENABLED^****^PERMIT^0^ms|7BB0\r')),
  client(bytes('!INF_RATE^3.50^ml/h|3885\r!INF_START|38F3\r')),
  server(bytes('!INF_START|38F3\r')),
];

const VENTILATOR: Turn[] = [
  client(medibusMessage(0x1b, 0x51)),
  server(medibusMessage(0x01, 0x51)),
  client(medibusMessage(0x1b, 0x52)),
  server(medibusMessage(0x01, 0x52, "8420'Evita XL'07.03:04.03")),
  server(bytes(medibusMessage(0x1b, 0x52), 0xd0, 0x81, 0x9f)),
  client(medibusMessage(0x01, 0x52)),
  client(medibusMessage(0x1b, 0x24)),
  server(
    bytes(
      medibusMessage(0x01, 0x24, 'B9  22').subarray(0, 5),
      0xc1,
      0x80,
      medibusMessage(0x01, 0x24, 'B9  22').subarray(5),
    ),
  ),
  client(medibusMessage(0x1b, 0x27)),
  server(medibusMessage(0x01, 0x15)),
  client(medibusMessage(0x1b, 0x29)),
];

const MONITOR: Turn[] = [
  client(datexFrame({ mainType: 0, parts: [0], level: 0, content: hex('01 05 00 0e 00 00 00 00 00') })),
  server(
    datexFrame({ mainType: 0, parts: [1, 2], level: 6, plug: 4711, content: bytes(0x7e, 0x7d, new Uint8Array(60)) }),
  ),
  server(datexFrame({ mainType: 1, parts: [1, 4], level: 6, plug: 4711, content: new Uint8Array(200) })),
];

const LINE = 'SPO2=098% BPM=097 PI=03.60% SPCO=--.-% SPMET=--.-% DESAT=-- PIDELTA=+-- ALARM=0000 EXC=000800\r\n';
const OXIMETER: Turn[] = [
  server(bytes(`02/22/16 22:47:45 SN=0000056661 ${LINE}`)),
  server(bytes(`02/22/16 22:47:46 SN=0000056661 ${LINE}`)),
];

describe('A serial interface of a device over TCP', () => {
  it.each([
    ['pump', alaris, PUMP],
    ['ventilator', medibus, VENTILATOR],
    ['monitor', datexOhmeda, MONITOR],
    ['pulse oximeter', masimo, OXIMETER],
  ] as const)('of a %s is known by its first message, whoever sends it, on any port', (_, room, turns) => {
    const [first] = turns;
    const turned = turns.map(({ direction, bytes: said }) => (direction === 'to-server' ? server(said) : client(said)));
    for (const conversation of [turns, turned]) {
      const sensor = createSensor({ source: 'test', isSample: false });
      const ends = { clientIp: '10.0.0.1', serverIp: '10.0.0.2', clientPort: 40_000, serverPort: 4001 };
      new ConversationFeed(sensor).connection(ends, conversation);
      sensor.finish();
      expect(sensor.takeBatch().flows).toMatchObject([{ protocol: room.id }]);
    }
    expect(detect(room as never, [{ direction: 'to-server', bytes: (first?.bytes ?? bytes(0)).slice(0, 4) }])).toBe(
      'undecided',
    );
  });

  it.each([
    ['a pump, its checksum wrong', alaris, '!INST_SERIALNO|457E\r'],
    ['a shell', alaris, '!ls -la\r\n'],
    ['a ventilator, its checksum wrong', medibus, '\x1bQ6D\r'],
    ['a terminal', medibus, '\x1b[2J\x1b[H\r\n'],
    ['DICOM', medibus, '\x01\x00\x00\x00\x01\x00'],
    ['PPP', datexOhmeda, `\x7e\xff\x03\xc0\x21\x01\x01\x00\x0e${'\0'.repeat(40)}\x12\x34\x7e`],
    ['an LDAP message', masimo, '\x30\x0c\x02\x01\x01\x60\x07'],
    ['a date without a patient', masimo, '02/22/16 22:47:45 temperature=21\r\n'],
  ] as const)('is not seen in %s', (_, room, text) => {
    expect(detect(room as never, [client(bytes(text))])).toBe('reject');
  });
});

describe('An infusion pump', () => {
  it('is followed command by command: what is asked, what is changed, never to what, and never with which key', () => {
    const { records } = play(alaris, PUMP);
    expect(records).toMatchObject([
      { command: 'INST_SERIALNO', isChange: false, outcome: 'success', serial: '8002-51733', askedBy: 'client' },
      { command: 'COMMS_PROTOCOL', outcome: 'success', version: 'Asena Rev 2.1.5' },
      { command: 'REMOTE_CTRL', isChange: true, outcome: 'success' },
      { command: 'INF_START', isChange: true, outcome: 'success' },
      { command: 'INF_RATE', isChange: true, outcome: 'unanswered' },
    ]);
    expect(JSON.stringify(records)).not.toMatch(/3CC1|3\.50/);
    expect(evidenceOf(alaris, records)).toEqual(
      expect.arrayContaining([
        'alaris.role=pump (server)',
        'alaris.serial=8002-51733 (server)',
        'alaris.remote-control=true (server)',
      ]),
    );
  });

  it('has messages whose checksum is the one that its maker reckons', () => {
    expect(crc(bytes('INF'))).toBe(0x4961);
    expect(alarisMessage('INF_STOP')).toEqual(bytes('!INF_STOP|CD57\r'));
  });
});

describe('A ventilator', () => {
  it('is followed command by command, with name and version as it tells them, whatever waveforms come between', () => {
    const { records } = play(medibus, VENTILATOR);
    expect(records).toMatchObject([
      { command: 'initialise communication', outcome: 'success' },
      { command: 'device identification', model: 'Evita XL', version: '07.03', deviceId: '8420', askedBy: 'client' },
      { command: 'device identification', model: '', askedBy: 'server', outcome: 'success' },
      { command: 'measured data', outcome: 'success', bytes: 6 },
      { command: 'alarms', outcome: 'failure' },
      { command: 'device settings', outcome: 'unanswered' },
    ]);
    expect(JSON.stringify(records)).not.toContain('B9');
    expect(evidenceOf(medibus, records)).toEqual(
      expect.arrayContaining([
        'medibus.role=device (server)',
        'medibus.role=collector (client)',
        'medibus.model=Evita XL (server)',
      ]),
    );
    expect(evidenceOf(medibus, records)).not.toContain('medibus.role=device (client)');
  });
});

describe('A monitor of the S/5 family', () => {
  it('is followed record by record: what is asked for, what is given, through escapes', () => {
    const { records } = play(datexOhmeda, MONITOR);
    expect(records).toMatchObject([
      { activity: 'request', content: 'physiological data', parts: [], sentBy: 'client' },
      {
        activity: 'data',
        content: 'physiological data',
        parts: ['display values', '10 s trend'],
        level: 6,
        plug: 4711,
        bytes: 102,
      },
      { activity: 'data', content: 'waveforms', parts: ['1', '4'], bytes: 240 },
    ]);
    expect(evidenceOf(datexOhmeda, records)).toEqual(
      expect.arrayContaining([
        'datex-ohmeda.role=collector (client)',
        'datex-ohmeda.role=monitor (server)',
        'datex-ohmeda.plug=4711 (server)',
      ]),
    );
  });

  it('is read on after a frame that came to grief', () => {
    const torn = MONITOR.map(({ direction, bytes: said }) => ({ direction, bytes: said.slice() }));
    if (torn[1] !== undefined) torn[1].bytes[50] = 0xff;
    expect(play(datexOhmeda, torn).records).toHaveLength(2);
  });
});

describe('A pulse oximeter', () => {
  it('tells its serial number and what it measures, once, and never how much', () => {
    const { records } = play(masimo, OXIMETER);
    expect(records).toMatchObject([
      { serial: '56661', sentBy: 'server', parameters: ['SPO2', 'BPM', 'PI', 'SPCO', 'SPMET', 'DESAT', 'PIDELTA'] },
    ]);
    expect(JSON.stringify(records)).not.toMatch(/098|097/);
  });

  it('is known without a serial number too', () => {
    const { records } = play(masimo, [server(bytes(`09/15/10 15:10:29 ${LINE}`))]);
    expect(evidenceOf(masimo, records)).toEqual(['masimo.role=pulse-oximeter (server)']);
  });
});

promisesOfStreamRoom(alaris, [PUMP]);
promisesOfStreamRoom(medibus, [VENTILATOR]);
promisesOfStreamRoom(datexOhmeda, [MONITOR]);
promisesOfStreamRoom(masimo, [OXIMETER]);
