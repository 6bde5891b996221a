import type { CareAsset, Talk } from './care-asset.ts';
import type { CareKnowledge } from './care-knowledge.ts';

/** An asset in words of a test. */
export function asset(id: string, kind: string, fields: Partial<CareAsset> = {}): CareAsset {
  return { id, name: id, ips: [], kind, zone: '', careArea: '', safety: null, isSample: false, talks: [], ...fields };
}

/** What a client says to a server, as the client tells it. */
export function asks(peer: string, protocol: string): Talk {
  return { peer, role: 'client', protocol, port: 0, flows: 1, lastSeen: 1 };
}

const REFERENCES = [{ title: 'none', url: 'https://example.org/' }];

/** Little enough to think through. */
export const LITTLE_KNOWLEDGE: CareKnowledge = {
  services: {
    id: 'services',
    version: '1',
    rationale: '',
    references: REFERENCES,
    bedsideKinds: ['monitor'],
    workplaceKinds: ['workstation'],
    services: [
      {
        id: 'monitoring',
        title: 'Monitoring',
        description: '',
        safety: 'life-sustaining',
        devices: ['monitor'],
        applications: [{ kinds: ['central'], effect: 'degrades', because: 'alarms are heard at the bedside only' }],
      },
      {
        id: 'records',
        title: 'Records',
        description: '',
        safety: 'care-support',
        devices: [],
        applications: [{ kinds: ['ehr'], effect: 'stops', because: 'nobody reads records' }],
      },
    ],
  },
  dependencies: {
    id: 'dependencies',
    version: '1',
    rationale: '',
    references: REFERENCES,
    effects: [
      { id: 'slows', title: '', description: '', probability: 0.1 },
      { id: 'degrades', title: '', description: '', probability: 0.4 },
      { id: 'stops', title: '', description: '', probability: 0.9 },
    ],
    gatewayKinds: ['router'],
    networkKinds: ['router'],
    applicationKinds: ['server'],
    withoutNetwork: [{ effect: 'slows', because: 'it works on', kinds: ['pump'] }],
    rules: [
      { id: 'watching', title: '', protocols: ['snmp'], dependent: 'none', isAlternative: false, because: '' },
      {
        id: 'names',
        title: 'asks for names',
        protocols: ['dns'],
        dependent: 'client',
        effect: 'degrades',
        isAlternative: true,
        because: 'it finds nobody',
      },
      {
        id: 'alarms',
        title: 'shows its alarms at',
        dependent: 'either',
        user: { kinds: ['monitor'] },
        provider: { kinds: ['central'] },
        effect: 'degrades',
        isAlternative: false,
        because: 'alarms are heard at the bedside only',
      },
      {
        id: 'database',
        title: 'keeps its data in',
        protocols: ['tds'],
        dependent: 'client',
        effect: 'stops',
        isAlternative: false,
        because: 'it has no data',
      },
    ],
  },
};
