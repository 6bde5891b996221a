import { describe, expect, it } from 'vitest';
import { valuesOf } from '../../testing/capture.ts';
import { promisesOfImport } from '../../testing/import-fuzz.ts';
import { ImportingSensor } from '../importing-sensor.ts';
import { RecordLines } from '../record-lines.ts';
import { DetectingFeed } from '../traffic-feed.ts';
import { createZeekReader } from './zeek-reader.ts';

/** A log as Zeek writes it in columns. */
function columns(
  path: string,
  fields: Readonly<Record<string, string>>,
  ...rows: readonly (readonly string[])[]
): string {
  return [
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    `#path\t${path}`,
    '#open\t2026-05-01-08-30-00',
    `#fields\t${Object.keys(fields).join('\t')}`,
    `#types\t${Object.values(fields).join('\t')}`,
    ...rows.map((row) => row.join('\t')),
    '#close\t2026-05-01-09-00-00',
    '',
  ].join('\n');
}

const ENDS = {
  ts: 'time',
  uid: 'string',
  'id.orig_h': 'addr',
  'id.orig_p': 'port',
  'id.resp_h': 'addr',
  'id.resp_p': 'port',
};
const COUNTS = {
  orig_bytes: 'count',
  resp_bytes: 'count',
  conn_state: 'string',
  history: 'string',
  orig_pkts: 'count',
};
const CONN = { ...ENDS, proto: 'enum', service: 'string', duration: 'interval', ...COUNTS, resp_pkts: 'count' };
const CONN_LOG = columns(
  'conn',
  CONN,
  [
    '1777617000.250000',
    'CabcDE1',
    '10.20.1.50',
    '50123',
    '10.20.1.10',
    '443',
    'tcp',
    'ssl,http',
    '2.5',
    '900',
    '90000',
    'SF',
    'ShADadFf',
    '12',
    '9',
  ],
  [
    '1777617001.000000',
    'CabcDE2',
    '10.20.1.50',
    '50124',
    '10.20.1.99',
    '445',
    'tcp',
    '-',
    '-',
    '-',
    '-',
    'S0',
    'S',
    '3',
    '0',
  ],
  [
    '1777617002.000000',
    'CabcDE3',
    'fe80::1',
    '5353',
    'ff02::fb',
    '5353',
    'udp',
    'dns',
    '-',
    '-',
    '-',
    'S0',
    'D',
    '1',
    '0',
  ],
);
const DHCP_LOG = columns(
  'dhcp',
  {
    ts: 'time',
    uids: 'set[string]',
    client_addr: 'addr',
    server_addr: 'addr',
    mac: 'string',
    host_name: 'string',
    assigned_addr: 'addr',
    msg_types: 'vector[string]',
  },
  [
    '1777617003.000000',
    'CabcDE4,CabcDE5',
    '10.20.1.50',
    '10.20.1.1',
    '00:1b:21:aa:00:50',
    'R\\xc3\\xb6ntgen-3',
    '10.20.1.50',
    'DISCOVER,OFFER,REQUEST,ACK',
  ],
);

function feed(text: string, name = 'zeek'): DetectingFeed {
  const feed = new DetectingFeed({
    source: 'test',
    isSample: false,
    name,
    createSensor: () => {
      throw new Error('This is no capture.');
    },
  });
  feed.push(Buffer.from(text));
  return feed;
}

function read(bytes: Uint8Array): ImportingSensor {
  const importer = new ImportingSensor({ source: 'test', isSample: false });
  const reader = createZeekReader('conn');
  const lines = new RecordLines(
    (line) => reader.line(line, importer),
    () => importer.unreadable('too long'),
  );
  lines.push(bytes);
  lines.end();
  return importer;
}

describe('logs of Zeek', () => {
  it('give connections with state, flags and the protocol that protects the others', () => {
    const zeek = feed(CONN_LOG);
    expect(zeek.end()).toEqual([]);
    expect(zeek.takeBatch().flows).toMatchObject([
      { protocol: 'tls', isEncrypted: true, state: 'closed', packetsToClient: 9, tcpFlagsToServer: 0x1b },
      { protocol: 'unknown', state: 'one-way', serverPort: 445, tcpFlagsToServer: 0x02 },
      { transport: 'udp', clientIp: 'fe80::1', protocol: 'dns' },
    ]);
  });

  it('read the same as columns, as JSON with epoch, with milliseconds and with ISO times', () => {
    const entry = {
      uid: 'CabcDE1',
      'id.orig_h': '10.20.1.50',
      'id.orig_p': 50123,
      'id.resp_h': '10.20.1.10',
      'id.resp_p': 443,
    };
    const rest = {
      proto: 'tcp',
      service: 'ssl,http',
      duration: 2.5,
      orig_bytes: 900,
      resp_bytes: 90000,
      conn_state: 'SF',
    };
    const counts = { history: 'ShADadFf', orig_pkts: 12, resp_pkts: 9 };
    const [expected] = feed(CONN_LOG).takeBatch().flows;
    for (const ts of [1777617000.25, 1777617000250, '2026-05-01T06:30:00.250000Z']) {
      const line = `${JSON.stringify({ ts, ...entry, ...rest, ...counts })}\n`;
      expect(feed(line, 'conn.log').takeBatch().flows).toEqual([expected]);
      // Without a telling name the fields of conn.log tell.
      expect(feed(line, 'upload').takeBatch().flows).toEqual([expected]);
    }
  });

  it('give a lease its card, its name in any script, and the server that gave it', () => {
    const batch = feed(DHCP_LOG).takeBatch();
    expect(batch.hosts.find(({ host }) => host.ip === '10.20.1.50')?.host.mac).toBe('00:1b:21:aa:00:50');
    expect(valuesOf(batch, '10.20.1.50', 'dhcp.hostname')).toEqual(['Röntgen-3']);
    expect(valuesOf(batch, '10.20.1.1', 'dhcp.server')).toEqual(['10.20.1.1']);
  });

  it('tell of names, certificates and logins in the words of our own sensor', () => {
    const ends = {
      ts: 1777617000,
      uid: 'C1',
      'id.orig_h': '10.20.1.50',
      'id.orig_p': 5,
      'id.resp_h': '10.20.1.10',
      'id.resp_p': 6,
    };
    const entries = [
      {
        _path: 'ssl',
        ...ends,
        version: 'TLSv12',
        cipher: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
        subject: 'CN=pacs,O=Klinik\\, Nord,C=DE',
      },
      { _path: 'dns', ...ends, query: 'PACS.klinik.example', answers: ['10.20.1.10'], rcode: 0, RA: true },
      { _path: 'ssh', ...ends, version: 2, client: 'SSH-2.0-OpenSSH_9.2', server: 'SSH-2.0-OpenSSH_7.4' },
      {
        _path: 'rfb',
        ...ends,
        server_major_version: '003',
        server_minor_version: '008',
        authentication_method: 'None',
      },
    ];
    const batch = feed(entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')).takeBatch();
    const told = (attribute: string) => valuesOf(batch, '10.20.1.10', attribute);
    expect(told('tls.server.version')).toEqual(['TLS 1.2']);
    expect(told('tls.certificate.subject')).toEqual(['C=DE, O=Klinik\\, Nord, CN=pacs']);
    expect(told('dns.name')).toEqual(['pacs.klinik.example']);
    expect(told('dns.server')).toEqual(['recursive']);
    expect(told('ssh.server.software')).toEqual(['OpenSSH_7.4']);
    expect(told('vnc.authentication')).toEqual(['none']);
    expect(batch.records).toHaveLength(4);
  });

  it('never take over what may name a patient', () => {
    const secret = 'MUSTERMANN';
    const ends = { ts: 1777617000, uid: 'C1', 'id.orig_h': '10.20.1.50', 'id.resp_h': '10.20.1.10' };
    const entries = [
      {
        _path: 'http',
        ...ends,
        uri: `/?name=${secret}`,
        referrer: secret,
        username: secret,
        password: secret,
        status_code: 200,
      },
      { _path: 'ftp', ...ends, user: secret, password: secret, command: 'STOR', arg: `ftp://${secret}` },
      { _path: 'smtp', ...ends, mailfrom: secret, rcptto: [secret], subject: secret },
      { _path: 'files', ...ends, tx_hosts: ['10.20.1.10'], filename: secret, mime_type: 'image/jpeg' },
      { _path: 'smb_files', ...ends, name: secret, path: secret, action: 'SMB::FILE_OPEN' },
      { _path: 'kerberos', ...ends, client: secret, service: secret, request_type: 'AS' },
      { _path: 'ntlm', ...ends, username: secret, hostname: secret, success: true },
      { _path: 'notice', ...ends, note: 'Scan::Port_Scan', msg: secret, sub: secret },
    ];
    const batch = feed(entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')).takeBatch();
    expect(batch.records).toHaveLength(entries.length);
    expect(JSON.stringify(batch)).not.toContain(secret);
  });

  it('that nobody here knows are counted by their name', () => {
    const zeek = feed(columns('weird', { ts: 'time', name: 'string' }, ['1777617000.0', 'bad_TCP_checksum']));
    expect(zeek.end().join()).toMatch(/1 weird\.log/);
  });

  promisesOfImport('Logs of Zeek', read, [Buffer.from(CONN_LOG), Buffer.from(DHCP_LOG)]);
});
