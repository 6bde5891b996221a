import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { bytes, u16 } from '../testing/bytes.ts';
import { sense, valuesOf } from '../testing/capture.ts';
import { client, evidenceOf, play, server } from '../testing/play.ts';
import { mqtt } from './protocol.ts';
import type { MqttDetail } from './types.ts';

const text = (value: string) => bytes(u16(value.length), value);
const USER_AND_PASSWORD = 0xc2;

/** MQTT 3.1.1 §3.1, MQTT 5 §3.1 with empty properties. */
function connect(version: 4 | 5, flags: number, ...payload: readonly string[]): Uint8Array {
  const properties = version === 5 ? bytes(0) : bytes();
  const body = bytes(text('MQTT'), version, flags, u16(60), properties, ...payload.map(text));
  return bytes(0x10, body.length, body);
}
const accepted = bytes(0x20, 2, 0, 0);
const refused = bytes(0x20, 2, 0, 5);

describe('MQTT', () => {
  it.each([4, 5] as const)('of version %s tells that nobody had to prove who it is', (version) => {
    const { records } = play(mqtt, [client(connect(version, 2, 'monitor-4')), server(accepted)]);
    expect(evidenceOf(mqtt, records)).toEqual([
      'mqtt.client-id=monitor-4 (client)',
      'mqtt.authentication=none (server)',
    ]);
  });

  it('takes neither user name nor password nor anything that is published', () => {
    const publish = bytes(0x30, 12, text('ward/3'), 'pulse');
    const { records } = play(mqtt, [
      client(bytes(connect(4, USER_AND_PASSWORD, 'm', 'anna', 'secret'), publish)),
      server(accepted),
    ]);
    expect(evidenceOf(mqtt, records)).toContain('mqtt.authentication=password (server)');
    expect(JSON.stringify(records)).not.toMatch(/anna|secret|ward|pulse/);
  });

  it('tells a message with its acknowledgements, a subscription with its answer, each once', () => {
    const publish = bytes(0x34, 15, text('ward/3'), u16(9), 'pulse');
    const { records, details } = play(mqtt, [
      client(bytes(connect(4, 2, 'm'), publish)),
      server(bytes(accepted, 0x50, 2, u16(9))),
      client(bytes(0x62, 2, u16(9))),
      server(bytes(0x70, 2, u16(9))),
      client(bytes(0x82, 8, u16(10), text('a/b'), 1)),
      server(bytes(0x90, 3, u16(10), 0x80)),
      client(bytes(0xe0, 0)),
    ]);
    expect(records.slice(2)).toMatchObject([
      { activity: 'publish', sentBy: 'client', qos: 2, topicCount: 1, messageBytes: 5 },
      { activity: 'subscribe', topicCount: 1, reasonCode: 0x80 },
      { activity: 'disconnect', outcome: undefined },
    ]);
    expect(details.map((detail) => (detail as MqttDetail).packets.map(({ kind }) => kind))).toEqual([
      ['connect', 'connack'],
      ['publish', 'pubrec', 'pubrel', 'pubcomp'],
      ['subscribe', 'suback'],
      ['disconnect'],
    ]);
    expect(JSON.stringify(records)).not.toMatch(/ward|pulse|a\/b/);
  });

  it('reads the properties of version 5', () => {
    const properties = bytes(0x21, u16(20), 0x26, text('unit'), text('icu'));
    const body = bytes(text('MQTT'), 5, 2, u16(60), properties.length, properties, text('m'));
    const { details } = play(mqtt, [client(bytes(0x10, body.length, body)), server(bytes(0x20, 3, 0, 0, 0))]);
    expect(details).toMatchObject([
      {
        packets: [
          {
            connect: { version: 5, clientId: 'm' },
            properties: [
              { name: 'receive_maximum', value: 20, isUserDefined: false },
              { name: 'unit', value: 'icu', isUserDefined: true },
            ],
          },
          { reasonCodes: [0] },
        ],
      },
    ]);
  });

  it('says nothing of a broker that refuses', () => {
    const { records } = play(mqtt, [client(connect(4, 2, 'm')), server(refused)]);
    expect(evidenceOf(mqtt, records)).toEqual(['mqtt.client-id=m (client)']);
  });
});

const HOSPITAL = sharedData('pcaps/hospital-lab.pcap');

describe.skipIf(HOSPITAL === undefined)(
  'the broker of the laboratory (skipped where shared/data/pcaps is absent)',
  () => {
    it('lets a monitor in without asking who it is', () => {
      const batch = sense(HOSPITAL ?? '');
      expect(valuesOf(batch, '10.20.30.1', 'mqtt.authentication')).toEqual(['none']);
      expect(valuesOf(batch, '10.20.30.129', 'mqtt.client-id')).toEqual(['mon04']);
    });
  },
);

const PASSWORD = sharedData('ndpi/pcap/mqtt.pcap');

describe.skipIf(PASSWORD === undefined)('a recorded broker (skipped where shared/data/ndpi is absent)', () => {
  it('asks for a password', () => {
    expect(valuesOf(sense(PASSWORD ?? ''), '10.10.10.1', 'mqtt.authentication')).toEqual(['password']);
  });
});
