import type { TelemetryRow } from '@sphinx/schema';
import { flow, HOUR_MS, numbersFrom, record, unanswered } from './invented-hospital.ts';

type FlowRow = TelemetryRow<'network_activity'>;
type RecordRow = TelemetryRow<'protocol_activity'>;

/** Something that happens to the invented hospital within an hour, and what should tell of it. */
export interface InventedAttack {
  readonly title: string;
  /** Id of the detector. */
  readonly detector: string;
  readonly actor: string;
  readonly flows: readonly FlowRow[];
  readonly records: readonly RecordRow[];
}

/** Hours from the middle of a working morning to the dead of night. */
const NIGHT = 16;
const WORKSTATION = '10.5.0.3';
const PUMP = '10.3.0.4';
const FILES = '10.2.0.30';
const PACS = '10.2.0.20';
const STRANGER = '203.0.113.66';

type Case = Omit<InventedAttack, 'title' | 'detector' | 'actor'>;

/** One of each kind, each begun at `time`, an hour of work, milliseconds since the Unix epoch. */
export function inventedAttacks(time: number): readonly InventedAttack[] {
  const random = numbersFrom(17);
  const made = (
    title: string,
    detector: string,
    actor: string,
    { flows = [], records = [] }: Partial<Case>,
  ): InventedAttack => ({
    title,
    detector,
    actor,
    flows: [...flows].sort((a, b) => a.end_time - b.end_time),
    records,
  });
  const many = <T>(count: number, make: (at: number) => T) => Array.from({ length: count }, (_, at) => make(at));
  const from = (src_ip: string, dst_ip: string, dst_port: number, at: number) => ({
    src_ip,
    dst_ip,
    dst_port,
    time: time + at,
  });
  const name = (at: number) =>
    `${many(50, () => 'abcdefghijklmnopqrstuvwxyz234567'[Math.floor(random() * 32)]).join('')}.${at}.t.evil.example`;
  return [
    made('a worm tries port 445 of a network', 'horizontal-scan', WORKSTATION, {
      flows: many(200, (at) => unanswered(from(WORKSTATION, `10.9.1.${at + 1}`, 445, at * 100))),
    }),
    made('somebody tries the ports of the archive', 'vertical-scan', WORKSTATION, {
      flows: many(100, (at) =>
        flow({
          ...from(WORKSTATION, PACS, at + 1, at * 50),
          state: 'rejected',
          bytes_in: 40,
          packets_in: 1,
          packets_out: 1,
          tcp_flags_out: 2,
          tcp_flags_in: 0x14,
        }),
      ),
    }),
    made('a slow scan, one address a minute', 'horizontal-scan', PUMP, {
      flows: many(55, (at) => unanswered(from(PUMP, `10.9.2.${at + 1}`, 3389, at * 60_000))),
    }),
    made('a tunnel over DNS', 'dns-tunnel', WORKSTATION, {
      records: many(400, (at) =>
        record(
          { src_ip: WORKSTATION, dst_ip: '10.2.0.53', app_name: 'dns', activity: 'response', time: time + at * 500 },
          { name: name(at), responseCode: 0 },
        ),
      ),
    }),
    made('a tunnel over ICMP', 'icmp-tunnel', WORKSTATION, {
      flows: [
        flow({
          ...from(WORKSTATION, STRANGER, 0, 0),
          transport: 'icmp',
          state: 'established',
          bytes_out: 3_000_000,
          bytes_in: 2_000_000,
          packets_out: 3_000,
          packets_in: 3_000,
          end_time: time + 900_000,
        }),
      ],
    }),
    made('an implant calls every minute, a little off', 'beaconing', WORKSTATION, {
      flows: many(40, (at) =>
        flow({
          ...from(WORKSTATION, STRANGER, 8443, at * 60_000 + Math.floor(random() * 6_000)),
          app_name: 'tls',
          bytes_out: 900,
          bytes_in: 400,
        }),
      ),
    }),
    made('patient data leaves to a stranger', 'mass-data-out', WORKSTATION, {
      flows: many(20, (at) =>
        flow({
          ...from(WORKSTATION, STRANGER, 443, at * 60_000),
          app_name: 'tls',
          bytes_out: 400_000_000,
          bytes_in: 400_000,
        }),
      ),
    }),
    made('a workstation fetches the whole file server', 'mass-data-collected', WORKSTATION, {
      flows: many(30, (at) =>
        flow({
          ...from(WORKSTATION, FILES, 445, at * 60_000),
          app_name: 'smb',
          bytes_out: 900_000,
          bytes_in: 600_000_000,
        }),
      ),
    }),
    made('somebody logs on to one machine after the other', 'lateral-movement', WORKSTATION, {
      flows: many(30, (at) =>
        flow({
          ...from(WORKSTATION, `10.5.0.${at + 20}`, 3389, at * 30_000),
          app_name: 'rdp',
          bytes_out: 90_000,
          bytes_in: 700_000,
        }),
      ),
    }),
    made('passwords are guessed over SSH', 'brute-force', STRANGER, {
      flows: many(120, (at) =>
        flow({ ...from(STRANGER, FILES, 22, at * 3_000), app_name: 'ssh', bytes_out: 2_200, bytes_in: 2_600 }),
      ),
    }),
    made('passwords are guessed against the directory', 'brute-force', WORKSTATION, {
      records: many(60, (at) =>
        record(
          { src_ip: WORKSTATION, dst_ip: '10.2.0.40', app_name: 'kerberos', activity: 'as', time: time + at * 2_000 },
          { outcome: 'failure', error: 'pre-authentication-failed' },
        ),
      ),
    }),
    made('files of a share are encrypted', 'ransomware', WORKSTATION, {
      records: many(900, (at) =>
        record(
          { src_ip: WORKSTATION, dst_ip: FILES, app_name: 'smb', activity: 'file-open', time: time + at * 500 },
          { kind: 'disk', access: 'write', outcome: 'success', extension: at % 2 === 0 ? 'docx' : 'lockd7' },
        ),
      ),
    }),
    made('a server is flooded', 'flood', PACS, {
      flows: many(3_000, (at) =>
        unanswered(from(`198.18.${Math.floor(at / 250)}.${(at % 250) + 1}`, PACS, 11_112, at * 10)),
      ),
    }),
    made('a server is held up by requests that it answers and nobody completes', 'half-open-flood', PACS, {
      flows: many(600, (at) =>
        unanswered({ ...from('198.18.7.7', PACS, 11_112, at * 10), state: 'new', packets_in: 1, bytes_in: 60 }),
      ),
    }),
    made('a time server amplifies', 'udp-amplifier', '10.2.0.53', {
      flows: many(50, (at) =>
        flow({
          ...from(STRANGER, '10.2.0.53', 123, at * 200),
          transport: 'udp',
          app_name: 'ntp',
          state: 'established',
          bytes_out: 234,
          bytes_in: 48_200,
          packets_out: 1,
          packets_in: 100,
        }),
      ),
    }),
    made('a workstation mines', 'crypto-mining', WORKSTATION, {
      flows: [
        flow({ ...from(WORKSTATION, STRANGER, 3333, 0), app_name: 'stratum', bytes_out: 9_000, bytes_in: 12_000 }),
      ],
    }),
    made('a program shares files', 'peer-to-peer', WORKSTATION, {
      flows: many(40, (at) =>
        flow({ ...from(WORKSTATION, `203.0.113.${at + 1}`, 20_000 + at, at * 1_000), app_name: 'bittorrent' }),
      ),
    }),
    made('a workstation sends spam', 'abused-smtp', WORKSTATION, {
      flows: many(80, (at) =>
        flow({
          ...from(WORKSTATION, `203.0.113.${at + 1}`, 25, at * 1_000),
          app_name: 'smtp',
          bytes_out: 9_000,
          bytes_in: 700,
        }),
      ),
    }),
    made('malware looks for its master by names made up', 'failed-names', WORKSTATION, {
      records: many(150, (at) =>
        record(
          { src_ip: WORKSTATION, dst_ip: '10.2.0.53', app_name: 'dns', activity: 'response', time: time + at * 1_000 },
          { name: `${name(at).slice(0, 14)}.example`, responseCode: 3 },
        ),
      ),
    }),
    made('a stranger goes through the network', 'alien-many-hosts', STRANGER, {
      flows: many(60, (at) => flow({ ...from(STRANGER, `10.5.0.${at + 1}`, 443, at * 400), app_name: 'tls' })),
    }),
    made('somebody asks the archive for all patients', 'clinical-operations', WORKSTATION, {
      records: many(2_000, (at) =>
        record(
          { src_ip: WORKSTATION, dst_ip: PACS, app_name: 'dicom', activity: 'operation', time: time + at * 1_000 },
          { operation: 'C-FIND', outcome: 'success' },
        ),
      ),
    }),
    made('a pump speaks SMB', 'unusual-protocol', PUMP, {
      flows: [flow({ ...from(PUMP, '10.2.0.10', 445, 0), app_name: 'smb' })],
    }),
    made('a pump speaks to the internet', 'unusual-peer', PUMP, {
      flows: [flow({ ...from(PUMP, STRANGER, 443, 0), app_name: 'http' })],
    }),
    made('a pump offers Telnet', 'atypical-port', PUMP, {
      flows: [flow({ ...from('10.2.0.10', PUMP, 23, 0), app_name: 'telnet' })],
    }),
    made('the internet reaches a port that it never did', 'atypical-alien-port', STRANGER, {
      flows: [flow({ ...from(STRANGER, FILES, 8_080, 0), app_name: 'http' })],
    }),
    made('a workstation works at night', 'unusual-time', WORKSTATION, {
      flows: many(10, (at) =>
        flow({ ...from(WORKSTATION, FILES, 445, NIGHT * HOUR_MS + at * 30_000), app_name: 'smb' }),
      ),
    }),
    made('a workstation moves far more data than ever', 'top-talker', WORKSTATION, {
      flows: many(40, (at) =>
        flow({
          ...from(WORKSTATION, PACS, 104, at * 60_000),
          app_name: 'dicom',
          bytes_out: 900_000_000,
          bytes_in: 90_000,
        }),
      ),
    }),
    made('a workstation mails its files away', 'smtp-talker', WORKSTATION, {
      flows: many(6, (at) =>
        flow({
          ...from(WORKSTATION, '203.0.113.25', 587, at * 300_000),
          app_name: 'smtp',
          bytes_out: 18_000_000,
          bytes_in: 9_000,
        }),
      ),
    }),
    made('a workstation speaks to every host that answers', 'many-peers', WORKSTATION, {
      flows: many(400, (at) =>
        flow({
          ...from(WORKSTATION, `10.5.${4 + Math.floor(at / 200)}.${(at % 200) + 1}`, 80, at * 500),
          app_name: 'http',
        }),
      ),
    }),
    made('a workstation plays films for hours', 'media-streaming', WORKSTATION, {
      records: [
        record(
          { src_ip: WORKSTATION, dst_ip: '198.51.100.77', app_name: 'tls', activity: 'client-hello', time },
          { serverName: 'rr4---sn-4g5e6nsz.googlevideo.com' },
        ),
      ],
      flows: many(2, (at) =>
        flow({
          ...from(WORKSTATION, '198.51.100.77', 443, at * 1_500_000),
          app_name: 'tls',
          end_time: time + at * 1_500_000 + 1_400_000,
          bytes_out: 900_000,
          bytes_in: 90_000_000,
        }),
      ),
    }),
    made('a server is asked by thousands, each answered', 'flood', PACS, {
      flows: many(40_000, (at) =>
        flow({
          ...from(`198.18.${Math.floor(at / 250) % 200}.${(at % 250) + 1}`, PACS, 443, at * 20),
          app_name: 'tls',
          bytes_out: 700,
          bytes_in: 3_000,
        }),
      ),
    }),
    made('a host speaks to an attacker that is listed', 'command-and-control', PUMP, {
      flows: [flow({ ...from(PUMP, '192.0.2.99', 443, 0), app_name: 'http' })],
    }),
  ];
}
