import { fileURLToPath } from 'node:url';
import { type Conversation, createFact, type Fact, type HostEvidence } from '@sphinx/schema';
import { Classifier } from '../services/asset-inventory/classification/classify.ts';
import { loadIdentificationKnowledge } from '../services/asset-inventory/classification/load-knowledge.ts';
import { Networks } from '../services/asset-inventory/identity/networks.ts';
import { Inventory } from '../services/asset-inventory/inventory.ts';
import { AssetInventorySettings } from '../services/asset-inventory/manifest.ts';

// How long the inventory takes to know the network of a large hospital: 20,000 hosts, each with evidence and talk, in
// the batches in which the service gets them; then the same once more, as after every refresh. Last line: figures as JSON.

const HOSTS = 20_000;
const CONVERSATIONS_PER_HOST = 5;
const BATCH = 500;
const START = Date.UTC(2026, 0, 5, 8);
const SERVERS = 50;

/** A few of the things that stand in a hospital, by what they show. */
const DEVICES: readonly { mac: string; shown: Readonly<Record<string, string>> }[] = [
  { mac: '00:12:21', shown: { 'dhcp.vendor-class': 'B. Braun Space', 'dhcp.hostname': 'SPACECOM-#' } },
  { mac: '00:09:fb', shown: { 'dhcp.vendor-class': 'PHILIPS-IntelliVue', 'dhcp.hostname': 'MX800-#' } },
  {
    mac: '48:4d:7e',
    shown: { 'dhcp.vendor-class': 'MSFT 5.0', 'dhcp.hostname': 'PC-#', 'smb.client.dialect': 'SMB 2.0.2' },
  },
  { mac: '00:07:4d', shown: { 'dhcp.hostname': 'ZD421-#', 'snmp.sys-descr': 'Zebra Technologies ZTC ZD421-203dpi' } },
  { mac: '00:40:8c', shown: { 'mdns.name': 'axis-#.local', 'http.server': 'Boa/0.94' } },
  {
    mac: '64:16:7f',
    shown: { 'lldp.capability': 'telephone', 'lldp.model': 'VVX 450', 'sip.user-agent': 'PolycomVVX' },
  },
  { mac: '02:00:00', shown: { 'tcp.syn-fingerprint': '64:1:*', 'ip.ttl': '64' } },
];

function ipOf(host: number): string {
  return `10.${20 + (host >> 16)}.${(host >> 8) & 255}.${host & 255}`;
}

function macOf(host: number): string {
  const { mac } = DEVICES[host % DEVICES.length] ?? { mac: '02:00:00' };
  const digits = host.toString(16).padStart(6, '0');
  return `${mac}:${digits.slice(0, 2)}:${digits.slice(2, 4)}:${digits.slice(4)}`;
}

function hostFact(host: number, time: number): Fact<'host.observed'> {
  const { shown } = DEVICES[host % DEVICES.length] ?? { shown: {} };
  const items = Object.entries({ ...shown, 'arp.address': ipOf(host) }).map(
    ([attribute, value]): HostEvidence => ({
      attribute,
      value: value.replace('#', String(host)),
      protocol: attribute.split('.')[0] ?? '',
      role: 'self',
      firstSeen: START,
      lastSeen: time,
      count: 1,
      packet: { source: 'bench', number: host, time: START },
    }),
  );
  const data = { source: 'bench', sample: false, host: { mac: macOf(host), ip: ipOf(host) }, evidence: items };
  return createFact('host.observed', { key: `host:${host}`, time, source: 'bench', data });
}

function talkFact(client: number, turn: number, time: number): Fact<'conversation.observed'> {
  const server = (client * 31 + turn * 977) % SERVERS;
  const data: Conversation = {
    source: 'bench',
    sample: false,
    client: { mac: macOf(client), ip: ipOf(client) },
    server: { mac: macOf(server), ip: ipOf(server) },
    transport: 'tcp',
    serverPort: 443,
    protocol: 'tls',
    isEncrypted: true,
    isAnswered: true,
    bytesToServer: 1000 + time - START,
    bytesToClient: 5000,
    packets: 20,
    flows: 1,
    firstSeen: START,
    lastSeen: time,
    packet: { source: 'bench', number: client, time: START },
  };
  return createFact('conversation.observed', { key: `talk:${client}:${server}`, time, source: 'bench', data });
}

function* facts(time: number): Generator<Fact<'host.observed' | 'conversation.observed'>> {
  for (let host = 0; host < HOSTS; host++) yield hostFact(host, time);
  for (let turn = 0; turn < CONVERSATIONS_PER_HOST; turn++) {
    for (let host = 0; host < HOSTS; host++) yield talkFact(host, turn, time);
  }
}

function ingest(
  inventory: Inventory,
  time: number,
): { milliseconds: number; longestBatchMs: number; published: number } {
  let published = 0;
  let milliseconds = 0;
  let longestBatchMs = 0;
  let batch: Fact<'host.observed' | 'conversation.observed'>[] = [];
  const take = () => {
    const start = performance.now();
    published += inventory.observe(batch).facts.length;
    const taken = performance.now() - start;
    milliseconds += taken;
    longestBatchMs = Math.max(longestBatchMs, taken);
    batch = [];
  };
  for (const fact of facts(time)) {
    batch.push(fact);
    if (batch.length === BATCH) take();
  }
  take();
  return { milliseconds: Math.round(milliseconds), longestBatchMs: Math.round(longestBatchMs), published };
}

const knowledge = await loadIdentificationKnowledge(fileURLToPath(new URL('../knowledge', import.meta.url)));
const { ownNetworks, zones } = AssetInventorySettings.parse({});
const inventory = new Inventory({ networks: new Networks(ownNetworks, zones), classifier: new Classifier(knowledge) });
const first = ingest(inventory, START + 60_000);
const again = ingest(inventory, START + 3_600_000);
const perHost = CONVERSATIONS_PER_HOST + 1;
console.log(
  JSON.stringify({
    bench: 'inventory',
    hosts: HOSTS,
    profiles: knowledge.profiles.length,
    facts: HOSTS * perHost,
    first,
    again,
    factsPerSecond: Math.round((HOSTS * perHost * 1000) / first.milliseconds),
    assets: inventory.list().length,
    unknown: inventory.list().filter((asset) => asset.facts.kind === undefined).length,
    peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
);
