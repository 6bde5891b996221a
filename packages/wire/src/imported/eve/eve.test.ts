import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../../tests/shared-data.ts';
import { valuesOf } from '../../testing/capture.ts';
import { expectVocabulary, promisesOfImport } from '../../testing/import-fuzz.ts';
import { ImportingSensor } from '../importing-sensor.ts';
import { RecordLines } from '../record-lines.ts';
import { createEveReader } from './eve-reader.ts';

const SUITE = sharedData('suricata-verify');

function read(bytes: Uint8Array): ImportingSensor {
  const importer = new ImportingSensor({ source: 'test', isSample: false });
  const reader = createEveReader();
  const lines = new RecordLines(
    (line) => reader.line(line, importer),
    () => importer.unreadable('too long'),
  );
  lines.push(bytes);
  lines.end();
  return importer;
}

const readEvents = (...events: readonly object[]) =>
  read(Buffer.from(`${events.map((event) => JSON.stringify(event)).join('\n')}\n`));

const ENDS = { src_ip: '10.20.1.50', src_port: 50123, dest_ip: '10.20.1.10', dest_port: 104, proto: 'TCP' };
const AT = { timestamp: '2026-05-01T08:30:00.250000+0200', flow_id: 1234567890123456 };
const FLOW = {
  ...AT,
  ...ENDS,
  event_type: 'flow',
  app_proto: 'http',
  ether: { src_macs: ['00:1b:21:aa:00:50'], dest_macs: ['00:1b:21:aa:00:10'] },
  flow: {
    pkts_toserver: 12,
    pkts_toclient: 9,
    bytes_toserver: 1800,
    bytes_toclient: 90_000,
    start: '2026-05-01T08:29:58.000000+0200',
    end: '2026-05-01T08:30:00.250000+0200',
    state: 'closed',
  },
  tcp: { tcp_flags: '1b', tcp_flags_ts: '1b', tcp_flags_tc: '1b', syn: true, fin: true, psh: true, ack: true },
};
const TLS = {
  ...AT,
  ...ENDS,
  event_type: 'tls',
  tls: {
    subject: 'C=DE, O=Klinik, CN=pacs.klinik.example',
    issuerdn: 'C=DE, O=Klinik, CN=Klinik CA',
    serial: '0A:1B',
    sni: 'pacs.klinik.example',
    version: 'TLS 1.2',
    notbefore: '2025-01-01T00:00:00',
    notafter: '2027-01-01T00:00:00',
    subjectaltname: ['pacs.klinik.example'],
    ja3: { hash: 'e7d705a3286e19ea42f587b344ee6865', string: '771,4865' },
  },
};

describe('EVE of Suricata', () => {
  it('gives flows with both directions, times to the microsecond and the states of our own sensor', () => {
    const { flows, conversations } = readEvents(FLOW).takeBatch();
    expect(flows).toMatchObject([
      {
        clientIp: '10.20.1.50',
        serverIp: '10.20.1.10',
        clientMac: '00:1b:21:aa:00:50',
        protocol: 'http',
        packetsToServer: 12,
        bytesToClient: 90_000,
        tcpFlagsToServer: 0x1b,
        state: 'closed',
        firstSeenMicros: Date.UTC(2026, 4, 1, 6, 29, 58) * 1000,
        lastSeenMicros: Date.UTC(2026, 4, 1, 6, 30, 0, 250) * 1000,
      },
    ]);
    expect(conversations).toMatchObject([{ isAnswered: true, protocol: 'http', serverPort: 104, packets: 21 }]);
  });

  it('gives the transactions of a flow the same id as the flow', () => {
    const { flows, records } = readEvents(TLS, FLOW).takeBatch();
    expect(records[0]?.flow.id).toBe(flows[0]?.id);
  });

  it('tells of certificates in the words of our own sensor', () => {
    const batch = readEvents(TLS).takeBatch();
    const told = (attribute: string) => valuesOf(batch, '10.20.1.10', attribute);
    expect(told('tls.server.version')).toEqual(['TLS 1.2']);
    expect(told('tls.certificate.not-after')).toEqual(['2027-01-01T00:00:00.000Z']);
    expect(told('tls.certificate.serial')).toEqual(['0a1b']);
    expect(told('tls.certificate.self-signed')).toEqual(['false']);
    expect(valuesOf(batch, '10.20.1.50', 'tls.client.sni')).toEqual(['pacs.klinik.example']);
  });

  it('knows an answer by its ports, whichever way a version of Suricata writes it', () => {
    const client = { src_ip: '10.0.0.5', src_port: 40_000, dest_ip: '10.0.0.53', dest_port: 53, proto: 'UDP' };
    const server = { src_ip: '10.0.0.53', src_port: 53, dest_ip: '10.0.0.5', dest_port: 40_000, proto: 'UDP' };
    const answers = [{ rrname: 'RIS.klinik.example', rrtype: 'A', rdata: '10.0.0.9' }];
    const older = { ...AT, ...client, event_type: 'dns', dns: { version: 2, type: 'answer', ra: true, answers } };
    const newer = { ...AT, ...server, event_type: 'dns', dns: { version: 3, type: 'response', ra: true, answers } };
    for (const event of [older, newer]) {
      const batch = readEvents(event).takeBatch();
      expect(batch.records[0]?.flow).toMatchObject({ clientIp: '10.0.0.5', serverIp: '10.0.0.53' });
      expect(valuesOf(batch, '10.0.0.53', 'dns.server')).toEqual(['recursive']);
      expect(valuesOf(batch, '10.0.0.9', 'dns.name')).toEqual(['ris.klinik.example']);
    }
  });

  it('gives a lease to the client and not to the server that wrote it', () => {
    const dhcp = { type: 'reply', dhcp_type: 'ack', client_mac: '00:1b:21:aa:00:50', assigned_ip: '10.20.1.50' };
    const ends = { src_ip: '10.20.1.1', src_port: 67, dest_ip: '10.20.1.50', dest_port: 68, proto: 'UDP' };
    const { hosts } = readEvents({ ...AT, ...ends, event_type: 'dhcp', dhcp }).takeBatch();
    expect(hosts.find(({ host }) => host.ip === '10.20.1.50')?.host.mac).toBe('00:1b:21:aa:00:50');
    const server = hosts.find(({ host }) => host.ip === '10.20.1.1');
    expect(server?.evidence).toMatchObject([{ attribute: 'dhcp.server', value: '10.20.1.1', role: 'server' }]);
  });

  it('never takes over what may name a patient or open a door', () => {
    const secret = 'MUSTERMANN';
    const batch = readEvents(
      { ...AT, ...ENDS, event_type: 'http', http: { url: `/patient?name=${secret}`, http_refer: secret, status: 200 } },
      { ...AT, ...ENDS, event_type: 'fileinfo', fileinfo: { filename: `/scans/${secret}.dcm`, size: 9 } },
      { ...AT, ...ENDS, event_type: 'smtp', smtp: { mail_from: secret, rcpt_to: [secret] } },
      {
        ...AT,
        ...ENDS,
        event_type: 'mqtt',
        mqtt: { connect: { client_id: 'pump-7', username: secret, password: secret } },
      },
      { ...AT, ...ENDS, event_type: 'snmp', snmp: { version: 2, community: secret, pdu_type: 'response' } },
      {
        ...AT,
        ...ENDS,
        event_type: 'smb',
        smb: { filename: secret, ntlmssp: { user: secret }, command: 'SMB2_COMMAND_CREATE' },
      },
      { ...AT, ...ENDS, event_type: 'ldap', ldap: { request: { search_request: { base_object: secret } } } },
      { ...AT, ...ENDS, event_type: 'pgsql', pgsql: { request: { simple_query: `select ${secret}` } } },
    ).takeBatch();
    expect(batch.records).toHaveLength(8);
    expect(JSON.stringify(batch)).not.toContain(secret);
  });

  it('accounts for everything: what is left out, what cannot be read, and what Suricata itself lost', () => {
    const stats = (kernel_drops: number) => ({ ...AT, event_type: 'stats', stats: { capture: { kernel_drops } } });
    const importer = read(
      Buffer.from(
        `${[stats(5), stats(12), FLOW, { hello: 1 }].map((one) => JSON.stringify(one)).join('\n')}\n{"event_ty`,
      ),
    );
    expect(importer.account).toMatchObject({ leftOut: 2, unreadable: 2, lost: 12 });
    expect(importer.entries).toBe(5);
    expect(importer.warnings().join(' ')).toMatch(/2 of 5 entries could not be read.*2 stats.*12 packets/s);
  });

  promisesOfImport(
    'EVE',
    read,
    [FLOW, TLS].map((event) => Buffer.from(`${JSON.stringify(event)}\n`)),
  );
});

/** What the suite expects of Suricata's output: the fields that a check names, as the event that carries them. */
function expectedEvents(suite: string): readonly Record<string, unknown>[] {
  return readdirSync(suite, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('test.yaml'))
    .flatMap((path) =>
      readFileSync(`${suite}/${path}`, 'utf8')
        .split(/^\s*match:\s*$/m)
        .slice(1),
    )
    .flatMap((block) => {
      const event: Record<string, unknown> = {};
      const indent = /^\n?( +)/.exec(block)?.[1]?.length ?? 0;
      for (const line of block.split('\n').filter((text) => text.trim() !== '')) {
        const found = /^( +)([a-z][\w.[\]]*): *(.+)$/i.exec(line);
        if ((found?.[1]?.length ?? 0) !== indent || found === null) break;
        if (!/__/.test(found[2] ?? '')) put(event, found[2] ?? '', parsed(found[3] ?? ''));
      }
      return typeof event.event_type === 'string' ? [event] : [];
    });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.replace(/^'(.*)'$/, '$1');
  }
}

function put(target: Record<string, unknown>, path: string, value: unknown): void {
  const [name = '', ...rest] = path.split(/\.|\[|\]\.?/).filter((part) => part !== '');
  if (rest.length === 0) target[name] = value;
  else {
    const inner = target[name] ?? (/^\d+$/.test(rest[0] ?? '') ? [] : {});
    if (typeof inner !== 'object') return;
    target[name] = inner;
    put(inner as Record<string, unknown>, rest.join('.'), value);
  }
}

describe.skipIf(SUITE === undefined)('every event that the verification suite of Suricata expects', () => {
  it('is read, left out on purpose, or about no addresses', () => {
    const events = expectedEvents(SUITE ?? '');
    expect(events.length).toBeGreaterThan(3000);
    for (const event of events) {
      const { arp = { src_ip: '10.20.1.1', dest_ip: '10.20.1.2' } } = event;
      const importer = readEvents({ ...AT, ...ENDS, ...event, arp });
      const { unreadable, leftOut } = importer.account;
      const batch = importer.takeBatch();
      expect(unreadable, JSON.stringify(event)).toBe(0);
      expect(batch.flows.length + batch.records.length + leftOut, JSON.stringify(event)).toBeGreaterThan(0);
      expectVocabulary(batch);
      if (event.event_type === 'flow') expectFlow(event, batch.flows);
    }
  });
});

function expectFlow(event: Record<string, unknown>, flows: readonly unknown[]): void {
  const flow = event.flow as Record<string, unknown> | undefined;
  const expected = {
    ...(typeof event.src_ip === 'string' && !event.src_ip.includes(':') ? { clientIp: event.src_ip } : {}),
    ...(typeof event.dest_port === 'number' ? { serverPort: event.dest_port } : {}),
    ...(typeof flow?.pkts_toserver === 'number' ? { packetsToServer: flow.pkts_toserver } : {}),
    ...(typeof flow?.bytes_toclient === 'number' ? { bytesToClient: flow.bytes_toclient } : {}),
  };
  expect(flows).toMatchObject([expected]);
}
