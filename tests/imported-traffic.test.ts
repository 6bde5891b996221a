import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSphinx } from './program/start-program.ts';
import { sharedData } from './shared-data.ts';

const SOFTFLOWD = '/usr/sbin/softflowd';
const HOSPITAL = sharedData('pcaps/hospital-lab.pcap') ?? '';

interface AnalyzedAsset {
  readonly ips: readonly string[];
  readonly facts: Readonly<Record<string, { readonly value: string } | undefined>>;
  readonly evidence: readonly { readonly attribute: string; readonly value: string }[];
  readonly peers: readonly { readonly ip: string; readonly isAnswered: boolean }[];
  readonly services: readonly { readonly port: number; readonly protocol: string }[];
  readonly verification: {
    readonly verdict: string;
    readonly results: readonly { readonly checkId: string; readonly outcome: string }[];
  } | null;
}

const EVE_TIME = '2026-05-01T08:30:00.250000+0200';

/** What Suricata would have written of a viewer that opens a page of an archive with an old TLS. */
function eveOfViewer(): string {
  const ends = { src_ip: '10.20.1.50', src_port: 50123, dest_ip: '10.20.1.10', dest_port: 443, proto: 'TCP' };
  const event = { timestamp: EVE_TIME, flow_id: 7, ...ends };
  const flow = {
    pkts_toserver: 12,
    pkts_toclient: 9,
    bytes_toserver: 900,
    bytes_toclient: 9000,
    start: EVE_TIME,
    end: EVE_TIME,
  };
  const tls = { version: 'TLSv1', sni: 'pacs.klinik.example', subject: 'CN=pacs', issuerdn: 'CN=pacs' };
  const events = [
    { ...event, event_type: 'tls', tls },
    { ...event, event_type: 'flow', app_proto: 'tls', flow },
  ];
  return events.map((one) => `${JSON.stringify(one)}\n`).join('');
}

/** What Zeek would have written of a pump that reports over HTTP. */
function zeekOfPump(): string {
  const fields = [
    'ts',
    'uid',
    'id.orig_h',
    'id.orig_p',
    'id.resp_h',
    'id.resp_p',
    'proto',
    'service',
    'conn_state',
    'orig_pkts',
    'resp_pkts',
  ];
  const row = ['1777617000.5', 'C1', '10.20.3.31', '40000', '10.20.3.1', '8080', 'tcp', 'http', 'SF', '5', '4'];
  return `#separator \\x09\n#path\tconn\n#fields\t${fields.join('\t')}\n${row.join('\t')}\n`;
}

/** IPFIX messages of softflowd for a capture, one after the other as RFC 5655 wants a file. */
async function ipfixOf(capture: string, folder: string): Promise<Buffer> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4 << 20 });
  const messages: Buffer[] = [];
  socket.on('message', (message) => messages.push(message));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const where = ['-n', `127.0.0.1:${socket.address().port}`, '-v', '10', '-a', '-d'];
  spawnSync(SOFTFLOWD, ['-r', capture, ...where, '-p', join(folder, 'pid'), '-c', 'none'], { stdio: 'ignore' });
  await new Promise((resolve) => setTimeout(resolve, 500));
  socket.close();
  return Buffer.concat(messages);
}

describe('sphinx analyze on what other sensors wrote', () => {
  let folder: string;
  let assets: readonly AnalyzedAsset[];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sphinx-imported-'));
    await writeFile(join(folder, 'eve.json'), eveOfViewer());
    await writeFile(join(folder, 'conn.log'), zeekOfPump());
    const hasFlows = HOSPITAL !== '' && existsSync(SOFTFLOWD);
    if (hasFlows) await writeFile(join(folder, 'flows.ipfix'), await ipfixOf(HOSPITAL, folder));
    const files = ['eve.json', 'conn.log', ...(hasFlows ? ['flows.ipfix'] : [])].map((name) => join(folder, name));
    const { code, output, errors } = await runSphinx(['analyze', ...files, '--json', '--data', folder]);
    expect(code, errors).toBe(0);
    ({ assets } = JSON.parse(output) as { assets: readonly AnalyzedAsset[] });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const assetAt = (ip: string): AnalyzedAsset => {
    const found = assets.find(({ ips }) => ips.includes(ip));
    if (found === undefined) throw new Error(`There is no asset at ${ip}.`);
    return found;
  };
  const outcomesOf = (ip: string) =>
    new Map(assetAt(ip).verification?.results.map(({ checkId, outcome }) => [checkId, outcome]));

  it('finds who is there, with the sensor that said so as evidence, and whom they talk to', () => {
    const reported = (ip: string) =>
      assetAt(ip).evidence.flatMap(({ attribute, value }) => (attribute === 'flow.reported-by' ? [value] : []));
    expect(reported('10.20.1.50')).toEqual(['Suricata']);
    expect(reported('10.20.3.31')).toEqual(['Zeek']);
    expect(assetAt('10.20.1.50').peers).toMatchObject([{ ip: '10.20.1.10', isAnswered: true }]);
    expect(assetAt('10.20.3.1').services).toMatchObject([{ port: 8080, protocol: 'http' }]);
  });

  it('judges what such a sensor understood', () => {
    expect(outcomesOf('10.20.1.10').get('tls-version')).toBe('fail');
  });

  it('does not pass what such a sensor cannot see', () => {
    const pump = outcomesOf('10.20.3.31');
    expect(pump.size).toBeGreaterThan(40);
    for (const check of ['tls-version', 'certificate-not-expired', 'smb-signing', 'ssh-algorithms', 'snmp-version']) {
      expect(pump.get(check), check).toMatch(/^not-/);
    }
    // What is not known of the device stays unknown, and nobody is called trustworthy for it.
    expect(assetAt('10.20.3.31').facts.kind).toBeUndefined();
    expect(assetAt('10.20.3.31').verification?.verdict).toBe('insufficient-evidence');
  });

  it.skipIf(HOSPITAL === '' || !existsSync(SOFTFLOWD))(
    'shows a whole hospital from its flows, and claims nothing more',
    () => {
      const reported = assets.filter(({ evidence }) => evidence.some(({ value }) => value === 'IPFIX'));
      expect(reported.length).toBeGreaterThan(10);
      for (const { evidence, services, verification, ips } of reported) {
        expect(new Set(evidence.map(({ attribute }) => attribute))).toEqual(new Set(['flow.reported-by']));
        for (const { protocol } of services) expect(protocol).toBe('unknown');
        expect(verification?.verdict, ips.join()).not.toBe('trusted');
        const passed = verification?.results.filter(({ outcome }) => outcome === 'pass') ?? [];
        // Who talks to whom is all that flows show.
        for (const { checkId } of passed)
          expect(checkId).toMatch(/internet|scanning|zone|apart|hospital|unique|separated/);
      }
    },
  );
});
