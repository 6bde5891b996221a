import { latin1 } from '../bytes/text.ts';
import { defineDatagramRoom, draft } from '../datagram-room.ts';
import type { EvidenceDraft, Protocol } from '../protocol.ts';
import { transactionView } from '../transaction-view.ts';
import { parseDiscovery } from './discovery.ts';
import type { DiscoveryRecord, DpwsRecord } from './types.ts';

const PORT = 3702;
const ENVELOPE = /^\s*<(?:\?xml|(?:[\w.-]+:)?Envelope)/;

const room = defineDatagramRoom<DiscoveryRecord>({
  id: 'ws-discovery',
  title: 'WS-Discovery',
  standards: [
    'OASIS WS-Discovery 1.1 §4 to §6 (Hello, Probe, Resolve)',
    'WS-Discovery 2005/04 (DPWS 1.0)',
    'IEEE 11073-20701 §9 (types and scopes of SDC)',
  ],
  usualPorts: [PORT],
  firstBytes: [0x3c, 0x20, 0x0a, 0x0d],
  parse: parseDiscovery,
  evidence: discoveryEvidence,
  view: ({ activity, types }) =>
    transactionView('ws-discovery', { 'ws_discovery.activity': activity, 'ws_discovery.type': types }),
});

/** The namespace may stand behind what detection sees: at its own port an envelope is enough. */
export const wsDiscovery: Protocol<DiscoveryRecord> = {
  ...room,
  detect: (sample) => {
    const { toServer, toClient, serverPort, clientPort } = sample;
    const text = latin1(toServer.length > 0 ? toServer : toClient);
    const isAtHome = serverPort === PORT || clientPort === PORT;
    return isAtHome && ENVELOPE.test(text) && text.length >= 64 ? 'match' : room.detect(sample);
  },
};

function discoveryEvidence(record: DiscoveryRecord): readonly EvidenceDraft[] {
  const isAnswer = record.activity === 'probe-match' || record.activity === 'resolve-match';
  if (!isAnswer && record.activity !== 'hello') return [];
  // Hello is sent to all; an answer goes back to who asked from the port that was asked.
  const about = record.activity === 'hello' ? 'client' : 'server';
  return [
    ...record.types.flatMap((type) => draft('ws-discovery.type', type, about)),
    ...record.scopes
      .filter((scope) => scope.startsWith('sdc.'))
      .flatMap((scope) => draft('ws-discovery.scope', scope, about)),
    ...record.schemes.flatMap((scheme) => draft('ws-discovery.scheme', scheme, about)),
    ...draft('ws-discovery.endpoint', record.endpoint, about),
  ];
}

/** Travels over HTTP: the HTTP rooms recognise and read it, this one says what it tells of the two ends. */
export const dpws: Protocol<DpwsRecord> = {
  id: 'dpws',
  title: 'Device services (DPWS, IEEE 11073 SDC)',
  standards: [
    'OASIS DPWS 1.1 §3 (messaging), §5 (description)',
    'IEEE 11073-20702 (MDPWS)',
    'IEEE 11073-20701 §8 (services of SDC)',
  ],
  transports: [],
  usualPorts: [],
  isEncrypted: false,
  isClinical: true,
  detect: () => 'reject',
  evidence: (record) => [
    ...(record.isMedical && record.outcome === 'success' ? draft('sdc.role', 'provider', 'server') : []),
    ...(record.isMedical && record.outcome === 'success' ? draft('sdc.role', 'consumer', 'client') : []),
    ...draft('dpws.manufacturer', record.manufacturer, 'server'),
    ...draft('dpws.model', record.model, 'server'),
    ...draft('dpws.serial', record.serial, 'server'),
    ...draft('dpws.firmware', record.firmware, 'server'),
  ],
};
