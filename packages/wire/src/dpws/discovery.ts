import { latin1 } from '../bytes/text.ts';
import { elementText } from '../bytes/xml.ts';
import type { DiscoveryRecord } from './types.ts';

/** WS-Discovery 2005/04, which DPWS 1.0 has, and 1.1 of OASIS. */
const NAMESPACE = /\/ws\/2005\/04\/discovery|\/ws-dd\/ns\/discovery\/2009\/01/;
const ACTIVITIES: Readonly<Record<string, DiscoveryRecord['activity']>> = {
  Hello: 'hello',
  Bye: 'bye',
  Probe: 'probe',
  ProbeMatches: 'probe-match',
  Resolve: 'resolve',
  ResolveMatches: 'resolve-match',
};
const MAXIMUM_READ = 16 * 1024;
const MAXIMUM_NAMES = 16;
const NAME = /^[A-Za-z][\w.-]{0,63}$/;
/** Key purposes and coded device types (IEEE 11073-20701 §9.3, §9.4): words of the standard, none that somebody typed. */
const MEDICAL_SCOPE = /^sdc\.(?:mds\.pkp:[\d.]{1,64}|cdc\.type:[/\w.-]{1,64})$/;
const SCHEME = /^([A-Za-z][A-Za-z0-9.+-]{0,31}):/;

/** @returns undefined for what is no message of WS-Discovery (§4 to §6) */
export function parseDiscovery(payload: Uint8Array): DiscoveryRecord | undefined {
  const text = latin1(payload, 0, MAXIMUM_READ);
  if (!/^\s*<(?:\?xml|(?:[\w.-]+:)?Envelope)/.test(text) || !NAMESPACE.test(text)) return undefined;
  const action = elementText(text, 'Action').split('/').at(-1) ?? '';
  const types = wordsOf(elementText(text, 'Types'))
    .map((type) => type.split(':').at(-1) ?? '')
    .filter((type) => NAME.test(type));
  const scopes = wordsOf(elementText(text, 'Scopes'))
    .map(scopeOf)
    .filter((scope) => scope !== '');
  const addresses = wordsOf(elementText(text, 'XAddrs')).map(
    (address) => SCHEME.exec(address)?.[1]?.toLowerCase() ?? '',
  );
  return {
    protocol: 'ws-discovery',
    activity: ACTIVITIES[action] ?? 'message',
    types: unique(types),
    isMedical: types.includes('MedicalDevice') || scopes.some((scope) => scope.startsWith('sdc.')),
    scopes: unique(scopes),
    endpoint: /urn:uuid:([0-9a-f-]{36})/i.exec(endpointOf(text))?.[1]?.toLowerCase() ?? '',
    schemes: unique(addresses.filter((scheme) => scheme === 'http' || scheme === 'https')),
  };
}

/** The address of the device, not that of the message or of who is asked. */
function endpointOf(text: string): string {
  const start = text.search(/<(?:[\w.-]+:)?EndpointReference[\s>]/);
  return start < 0 ? '' : elementText(text.slice(start), 'Address');
}

function scopeOf(scope: string): string {
  return MEDICAL_SCOPE.test(scope) ? scope : (SCHEME.exec(scope)?.[1] ?? '');
}

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/, 64).filter((word) => word !== '');
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].slice(0, MAXIMUM_NAMES);
}
