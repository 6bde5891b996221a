import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../../tests/shared-data.ts';
import { CaptureReader } from '../../capture/capture-reader.ts';
import { createSensor } from '../../create-sensor.ts';
import { createEveReader } from '../../imported/eve/eve-reader.ts';
import { ImportingSensor } from '../../imported/importing-sensor.ts';
import type { Inspector } from '../../inspector.ts';
import type { SensorBatch } from '../../sensor.ts';
import type { EveAlert } from './alert-event.ts';
import { communityId } from './community-id.ts';
import type { EveEvent } from './eve-event.ts';
import { EveLog } from './eve-log.ts';
import { namedByAddress } from './file-event.ts';

const SUITE = sharedData('suricata-verify');
const DNS = 'dns/dns-udp-eve-txt/input.pcap';

/** Reads a capture; `watch` may look at its packets beside the log. */
function eventsOf(capture: string, watch?: (log: EveLog) => Inspector, withContent = false): EveEvent[] {
  const events: EveEvent[] = [];
  const log = new EveLog({ withContent, write: (event) => events.push(event) });
  if (watch !== undefined) log.watchWith(watch(log));
  readInto(log, capture);
  return events;
}

function eventsOfType(events: readonly EveEvent[], type: string): readonly EveEvent[] {
  return events.filter(({ event_type }) => event_type === type);
}

function readInto(log: EveLog, capture: string): SensorBatch {
  const files = { types: [], names: 'programs', givesContent: false } as const;
  const sensor = createSensor({ source: 'test', isSample: false, inspector: log, files });
  const reader = new CaptureReader(sensor);
  reader.push(readFileSync(join(SUITE ?? '', capture)));
  reader.end();
  sensor.finish();
  const batch = sensor.takeBatch();
  log.batch(batch);
  return batch;
}

const RULE = {
  gid: 1,
  sid: 7,
  rev: 2,
  message: 'a name was asked for',
  category: 'Misc activity',
  priority: 3,
  references: ['cve,2014-0160', 'url,example.org/x'],
  metadata: [['created_at', '2026-01-01']] as const,
  target: 'dest_ip',
};

/** Speaks about the first packet of a capture and about the first side of a transaction. */
function alwaysAlerting(log: EveLog): Inspector {
  let spoken = 0;
  const speak = (view: EveAlert['view']) => {
    const ends = { sourceIp: '10.0.0.1', sourcePort: 1, destinationIp: '10.0.0.2', destinationPort: 2 };
    log.alert({ rule: RULE, timeMicros: 1, packetNumber: 1, direction: 'to-server', transport: 'tcp', ...ends, view });
  };
  return {
    packet: () => {
      if (spoken++ === 0) speak(undefined);
    },
    stream: () => {},
    transaction: (_flow, _direction, view) => {
      if (spoken++ < 3) speak(view);
    },
    flowEnded: () => {},
  };
}

function includes(value: unknown, part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return value === part;
  return Object.entries(part).every(([name, each]) => includes(Object(value)[name], each));
}

describe.skipIf(SUITE === undefined)('EVE JSON of a capture', () => {
  it('tells a DNS query and its answer, each with its packet, and the flow that carried them', () => {
    const events = eventsOf(DNS).filter(({ src_port, dest_port }) => src_port === 52345 || dest_port === 52345);
    expect(events).toMatchObject([
      {
        timestamp: '2017-06-08T15:45:57.828730+0000',
        event_type: 'dns',
        pcap_cnt: 1,
        src_ip: '10.16.1.11',
        dns: { type: 'request', id: 28243, queries: [{ rrname: 'google.com', rrtype: 'TXT' }] },
      },
      {
        event_type: 'dns',
        pcap_cnt: 2,
        src_ip: '10.16.1.1',
        dns: { type: 'response', flags: '8180', rcode: 'NOERROR' },
      },
      {
        event_type: 'flow',
        app_proto: 'dns',
        flow: { pkts_toserver: 1, pkts_toclient: 1, age: 0, state: 'established' },
      },
    ]);
    expect(new Set(events.map(({ flow_id }) => flow_id)).size).toBe(1);
  });

  it('tells a TLS handshake once, with what both ends showed', () => {
    const tls = eventsOf('ja4-tls/input.pcap').filter(({ event_type }) => event_type === 'tls');
    expect(tls).toMatchObject([
      {
        tls: {
          subject: 'C=FR, ST=IDF, L=Paris, O=Stamus, CN=SELKS',
          serial: '00:97:E6:47:09:8E:EA:C9:B4',
          fingerprint: '3a:0b:3b:23:15:2c:44:5c:27:ac:6a:0c:41:d6:fa:74:af:b4:09:5b',
          version: 'TLS 1.2',
          notafter: '2025-02-09T18:07:27',
        },
      },
    ]);
  });

  it.each([
    ['quic-v2/input.pcap', 'quic', { extensions: { 6: { name: 'alpn', values: { 0: 'h3' } } } }],
    ['dhcp-eve-extended/input.pcap', 'dhcp', { dhcp_type: 'ack', routers: { 0: '10.16.1.1' }, lease_time: 3600 }],
    ['snmp-v3-unauth/snmp-v3-get-bulk-unauth.pcap', 'snmp', { version: 3, pdu_type: 'get_request' }],
    ['rfb-rules/00-vnc-openwall-3.7.pcap', 'rfb', { server_protocol_version: { major: '003', minor: '007' } }],
    ['rdp-protocol/RDP-003.pcap', 'rdp', { event_type: 'initial_request' }],
    ['modbus/modbus.pcap', 'modbus', { request: { function_code: 'RdCoils' } }],
    ['output-eve-smb-01/input.pcap', 'smb', { command: 'SMB1_COMMAND_NEGOTIATE_PROTOCOL' }],
  ])('tells what %s shows of %s', (capture, type, members) => {
    const events = eventsOf(capture).filter(({ event_type }) => event_type === type);
    expect(events.some((event) => includes(event[type], members))).toBe(true);
  });

  it('tells what is irregular in headers, packet by packet', () => {
    const odd = eventsOf('bug-7414-decoder-event-01/ip_secopt.pcap').filter(
      ({ event_type }) => event_type === 'anomaly',
    );
    expect(odd.map(({ pcap_cnt, anomaly }) => [pcap_cnt, Object(anomaly).event])).toEqual([
      [3, 'decoder.ipv4.opt_pad_required'],
      [3, 'decoder.ipv4.opt_invalid_len'],
      [3, 'decoder.ipv4.opt_invalid_len'],
    ]);
  });

  it('names a file by its whole address only where the sender calls it nothing', () => {
    const [file, members] = [{ filename: 'eicar.com' }, { http: { url: '/download/eicar.com?v=1' } }];
    expect(namedByAddress(file, members, true)).toEqual({ filename: '/download/eicar.com' });
    expect(namedByAddress(file, members, false)).toEqual({ filename: 'eicar.com' });
  });

  it('tells a file with the request that asked for it, and the hash of what was seen whole', () => {
    const files = eventsOf('http-range-file/input.pcap').filter(({ event_type }) => event_type === 'fileinfo');
    expect(files.length).toBeGreaterThan(0);
    for (const { http, fileinfo } of files) {
      expect(http).toMatchObject({ http_method: expect.stringMatching(/^[A-Z]+$/) });
      expect(Object(fileinfo).sha256 !== undefined).toBe(Object(fileinfo).state === 'CLOSED');
    }
  });

  it('gives an alert the flow as it was then and what the protocol told of the transaction', () => {
    const alerts = eventsOf(DNS, alwaysAlerting).filter(({ event_type }) => event_type === 'alert');
    expect(alerts[0]).toMatchObject({
      alert: {
        signature_id: 7,
        references: ['https://cve.mitre.org/cgi-bin/cvename.cgi?name=2014-0160', 'https://example.org/x'],
        metadata: { created_at: ['2026-01-01'] },
        target: { ip: '10.0.0.2', port: 2 },
      },
      app_proto: 'dns',
      direction: 'to_server',
      flow: { pkts_toserver: 1, pkts_toclient: 0 },
      dns: { type: 'request', id: 28243 },
    });
    expect(eventsOf(DNS, alwaysAlerting).filter(({ flow }) => Object(flow).alerted === true)).toHaveLength(1);
  });

  it.each([
    ['mqtt31-pub-qos2/input.pcap', /topicX|baabaa|"pass"/],
    ['bug-3616-smtp/input.pcap', /gurpartap|raj_deol|NEWS\.txt/],
    ['output-eve-ftp-data/input.pcap', /temp\.txt/],
    ['pgsql/pgsql-simple-query-rollback/input.pcap', /Hermione|new_table|ju-Test/],
    ['ldap-search/ldap.pcap', /dc=example/],
  ])('leaves what is stored of %s free of what it tells with content', (capture, content) => {
    const events: EveEvent[] = [];
    const log = new EveLog({ withContent: true, write: (event) => events.push(event) });
    const { records, hosts, conversations, files } = readInto(log, capture);
    expect(content.test(JSON.stringify(events))).toBe(true);
    expect(content.exec(JSON.stringify({ records, hosts, conversations, files }))).toBe(null);
  });

  it('counts by the packet that acknowledged, where that is asked for, and an alert by the one behind it', () => {
    const numbersOf = (numbering: 'completing' | 'acknowledging') => {
      const events: EveEvent[] = [];
      const log = new EveLog({ numbering, write: (event) => events.push(event) });
      log.watchWith(alwaysAlerting(log));
      readInto(log, 'mime/mime-dec-parse-odd-len/input.pcap');
      return events.filter(({ event_type }) => event_type === 'smtp').map(({ pcap_cnt }) => pcap_cnt);
    };
    expect(numbersOf('completing')).toEqual([14]);
    expect(numbersOf('acknowledging')).toEqual([15]);
  });

  it('tells what was said only where content is asked for', () => {
    const capture = 'mqtt31-pub-qos2/input.pcap';
    const published = { topic: 'topicX', message: 'baabaablacksheep' };
    const told = (withContent: boolean) =>
      eventsOf(capture, undefined, withContent).filter(({ event_type }) => event_type === 'mqtt');
    expect(told(true).some(({ mqtt }) => includes(mqtt, { publish: published }))).toBe(true);
    expect(told(true).some(({ mqtt }) => includes(mqtt, { connect: { username: 'user', password: 'pass' } }))).toBe(
      true,
    );
    expect(told(false)).toHaveLength(told(true).length);
    expect(JSON.stringify(told(false))).not.toMatch(/topicX|baabaa|"pass"|"user"/);
  });

  it('tells DNS in the older form where that is asked for', () => {
    const events: EveEvent[] = [];
    const log = new EveLog({ dnsVersion: 2, write: (event) => events.push(event) });
    readInto(log, DNS);
    expect(events.filter(({ src_port, dest_port }) => [src_port, dest_port].includes(52345)).slice(0, 2)).toMatchObject(
      [
        { dns: { type: 'query', id: 28243, rrname: 'google.com', rrtype: 'TXT', tx_id: 0 } },
        { dns: { version: 2, type: 'answer', rrname: 'google.com', rcode: 'NOERROR', answers: [{ rrtype: 'TXT' }] } },
      ],
    );
  });

  it('writes the whole address of an HTTP request where content is asked for', () => {
    const [http] = eventsOf('bug-28/input.pcap', undefined, true).filter(({ event_type }) => event_type === 'http');
    expect(Object(http?.http).url).toMatch(/^\/a\/Drk\.syn\?adcontext=ROUTINE_CHECKIN&/);
  });

  it('writes no query of an HTTP address', () => {
    const http = eventsOf('bug-28/input.pcap').filter(({ event_type }) => event_type === 'http');
    expect(http).toMatchObject([{ http: { hostname: 'btg.btgrab.com', url: '/a/Drk.syn', http_method: 'GET' } }]);
  });

  it('tells what goes through a proxy, with transactions counted anew', () => {
    const events = eventsOf('http-connect/http-connect-simple/input.pcap');
    expect(eventsOfType(events, 'http')).toMatchObject([
      { tx_id: 0, http: { http_method: 'CONNECT' } },
      { tx_id: 0, http: { http_method: 'GET', status: 200 } },
    ]);
    expect(eventsOfType(events, 'flow')).toMatchObject([{ app_proto: 'http', app_proto_orig: 'http' }]);
    const [handshake] = eventsOfType(eventsOf('bug-2430/backwards.pcap'), 'tls');
    expect(handshake).toMatchObject({ tls: { from_proto: 'http', issuerdn: expect.stringContaining('Symantec') } });
  });

  it('tells every message of DNP3, what its points say only with content', () => {
    const told = (withContent: boolean) =>
      eventsOfType(eventsOf('dnp3/dnp3-file-del/input.pcap', undefined, withContent), 'dnp3');
    expect(told(false)).toMatchObject([
      { dnp3: { type: 'request', src: 3, dst: 4, application: { function_code: 27, objects: [{ group: 70 }] } } },
      { dnp3: { type: 'response', application: { complete: true }, iin: {} } },
    ]);
    expect(JSON.stringify(told(false))).not.toContain('temp');
    expect(JSON.stringify(told(true))).toContain('C:/temp/DNPDeviceConfiguration');
  });

  it('tells SMB request by request, with calls over pipes; names of files only with content', () => {
    const told = (withContent: boolean) =>
      eventsOfType(eventsOf('smb2-06/20171220_smb_net_user.pcap', undefined, withContent), 'smb');
    const events = told(true);
    expect(events).toHaveLength(65);
    expect(events).toContainEqual(
      expect.objectContaining({
        smb: expect.objectContaining({
          command: 'SMB2_COMMAND_CREATE',
          status: 'STATUS_SUCCESS',
          filename: 'lsarpc',
          fuid: '0000002a-0008-0000-0009-000000000008',
        }),
      }),
    );
    const calls = events.filter(({ smb }) => Object(smb).dcerpc?.request === 'REQUEST');
    expect(calls).toHaveLength(46);
    expect(calls[0]).toMatchObject({ smb: { dcerpc: { response: 'RESPONSE', interfaces: [{ version: '1.0' }] } } });
    expect(JSON.stringify(told(false))).not.toContain('filename":');
  });

  it('is read by SPHINX itself as the same flows', () => {
    const importer = new ImportingSensor({ source: 'test', isSample: false });
    const reader = createEveReader();
    for (const event of eventsOf(DNS)) reader.line(JSON.stringify(event), importer);
    const { flows, records } = importer.takeBatch();
    expect(records).toHaveLength(4);
    expect(flows).toMatchObject([
      { clientIp: '10.16.1.11', serverIp: '10.16.1.1', serverPort: 53, protocol: 'dns', packetsToServer: 1 },
      { clientIp: '10.16.1.11', serverIp: '10.16.1.1', serverPort: 53, protocol: 'dns', packetsToServer: 1 },
    ]);
    expect(importer.account).toMatchObject({ unreadable: 0 });
  });
});

describe('the Community ID of a flow', () => {
  const flow = { clientMac: undefined, serverMac: undefined, vlan: undefined, firstPacketNumber: 1 };

  // Values of the specification's own baseline (corelight/community-id-spec).
  it.each([
    ['tcp', '128.232.110.120', 34855, '66.35.250.204', 80, '1:LQU9qZlK+B5F3KDmev6m5PMibrg='],
    ['tcp', '66.35.250.204', 80, '128.232.110.120', 34855, '1:LQU9qZlK+B5F3KDmev6m5PMibrg='],
    ['udp', '192.168.1.52', 54585, '8.8.8.8', 53, '1:d/FP5EW3wiY1vCndhwleRRKHowQ='],
  ])('is that of other sensors: %s %s %i', (transport, clientIp, clientPort, serverIp, serverPort, wanted) => {
    expect(communityId({ ...flow, transport, clientIp, clientPort, serverIp, serverPort })).toBe(wanted);
  });
});
