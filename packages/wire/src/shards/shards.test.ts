import { readFileSync } from 'node:fs';
import type { Conversation, HostEvidence } from '@sphinx/schema';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { CaptureReader } from '../capture/capture-reader.ts';
import { createSensor } from '../create-sensor.ts';
import type { Sensor, SensorBatch } from '../sensor.ts';
import { bytes, u16, u32 } from '../testing/bytes.ts';
import { recordsOf } from '../testing/capture.ts';
import { ConversationFeed } from '../testing/conversation-packets.ts';
import { client, server } from '../testing/play.ts';
import { ShardsByTurns } from '../testing/shards.ts';

const OPTIONS = { source: 'test', isSample: false };
/** Small, so that hosts and conversations are joined over many batches. */
const PACKETS_PER_BATCH = 500;
/** Two networks' traffic, data channels, tunnels of all kinds, fragments, ARP and DHCP, one address on several links. */
const CAPTURES = [
  'pcaps/hospital-lab.pcap',
  'pcaps/hl7-mllp.pcap',
  'ja4/pcap/gre-erspan-vxlan.pcap',
  'ja4/pcap/tcpdump-geneve.pcap',
  'ndpi/pcap/teredo.pcap',
  'ndpi/pcap/ja3_lots_of_cipher_suites_2_anon.pcap',
  'ndpi/pcap/ftp_failed.pcap',
  'ndpi/pcap/sip.pcap',
  'ndpi/pcap/synscan.pcap',
  'ndpi/pcap/ftp-start-tls.pcap',
  'ndpi/pcap/KakaoTalk_talk.pcap',
].flatMap((path) => sharedData(path) ?? []);

interface Everything {
  readonly flows: readonly string[];
  readonly records: readonly string[];
  /** The last totals of each. */
  readonly hosts: Readonly<Record<string, object>>;
  readonly evidence: Readonly<Record<string, HostEvidence>>;
  readonly conversations: Readonly<Record<string, Conversation>>;
  readonly statistics: object;
}

/** What a sensor says of a capture, without the order in which it says it. */
function everythingOf(file: string, sensor: Sensor): Everything {
  const batches: SensorBatch[] = [];
  let packets = 0;
  const reader = new CaptureReader({
    packet(...packet) {
      sensor.packet(...packet);
      packets += 1;
      if (packets % PACKETS_PER_BATCH === 0) batches.push(sensor.takeBatch());
    },
  });
  reader.push(readFileSync(file));
  sensor.finish();
  batches.push(sensor.takeBatch());
  const observations = batches.flatMap(({ hosts }) => hosts);
  const keyOf = ({ ip, mac }: { ip?: string | undefined; mac?: string | undefined }) => ip ?? mac ?? '';
  const { workerRestarts: _, ...statistics } = batches.at(-1)?.statistics ?? {};
  return {
    flows: batches.flatMap(({ flows }) => flows.map((flow) => JSON.stringify(flow))).sort(),
    records: batches.flatMap(({ records }) => records.map((record) => JSON.stringify(record))).sort(),
    hosts: Object.fromEntries(observations.map(({ host }) => [keyOf(host), host])),
    evidence: Object.fromEntries(
      observations.flatMap(({ host, evidence }) =>
        evidence.map((one) => [`${keyOf(host)} ${one.attribute} ${one.role} ${one.port} ${one.value}`, one] as const),
      ),
    ),
    conversations: Object.fromEntries(
      batches
        .flatMap(({ conversations }) => conversations)
        .map((one) => [`${one.client.ip} ${one.server.ip} ${one.transport} ${one.serverPort} ${one.protocol}`, one]),
    ),
    statistics,
  };
}

describe('packets that are split between sensors', () => {
  it.skipIf(CAPTURES.length === 0).each(CAPTURES)('tell the same as to one sensor: %s', (file) => {
    const whole = everythingOf(file, createSensor(OPTIONS));
    for (const shards of [1, 2, 3]) {
      expect(everythingOf(file, new ShardsByTurns(OPTIONS, shards))).toEqual(whole);
    }
  });

  it('tell of the media of a call what was agreed on with another host', () => {
    const one = streamsOf(createSensor(OPTIONS));
    expect(one).toMatchObject([{ codec: 'opus' }]);
    // Which shard has which pair of hosts is left to chance.
    for (let attempt = 0; attempt < 6; attempt++) expect(streamsOf(new ShardsByTurns(OPTIONS, 3))).toEqual(one);
  });
});

/** A call that phones agree on through a server, and what goes from one to the other. */
function streamsOf(sensor: Sensor): unknown {
  const describe = (ip: string, port: number) =>
    `v=0\r\no=- 1 1 IN IP4 x\r\ns=-\r\nc=IN IP4 ${ip}\r\nt=0 0\r\nm=audio ${port} RTP/AVP 96\r\na=rtpmap:96 opus/48000/2\r\n`;
  const message = (first: string, body: string) =>
    bytes(
      `${first}\r\nCall-ID: 7@ward\r\nCSeq: 1 INVITE\r\nContent-Type: application/sdp\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
  const feed = new ConversationFeed(sensor);
  feed.datagrams({ clientIp: '10.0.0.5', serverIp: '10.0.0.9', clientPort: 5060, serverPort: 5060 }, [
    client(message('INVITE sip:nurse@ward SIP/2.0', describe('10.0.0.5', 16_384))),
    server(message('SIP/2.0 200 OK', describe('10.9.9.9', 20_002))),
  ]);
  const speech = Array.from({ length: 6 }, (_, index) =>
    client(bytes(0x80, 96, u16(index), u32(index * 960), u32(0x1234abcd), new Uint8Array(41))),
  );
  feed.datagrams({ clientIp: '10.0.0.5', serverIp: '10.9.9.9', clientPort: 16_384, serverPort: 20_002 }, speech);
  sensor.finish();
  return recordsOf(sensor.takeBatch(), 'rtp');
}
