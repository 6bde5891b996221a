import type { CheckDefinition, CheckParameters } from '../knowledge/check-definition.ts';
import type { KnownDevice, UsedService } from './device-book.ts';

/** A service that is seen in use and that a person may want to watch. */
export interface Proposal {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly assetId: string;
  readonly care: string;
  readonly clients: number;
  readonly checks: readonly {
    readonly kind: string;
    readonly port: number;
    readonly parameters: CheckParameters;
    readonly isEssential: boolean;
  }[];
}

/** Of clinical protocols one user is enough; of others a server is what several use. */
const CLINICAL_PROTOCOLS = ['dicom', 'hl7', 'fhir'];
const SEVERAL = 2;
/** Inside TLS other checks than the certificate say more. */
const EXTRA_KINDS = ['tls-expiry'];
const PRODUCTS: Readonly<Record<string, string>> = { postgresql: 'postgresql', mysql: 'mysql', tds: 'sqlserver' };

/**
 * @param isWatched whether a service at this address is watched already
 * @returns most used first
 */
export function proposeServices(
  devices: readonly KnownDevice[],
  definitions: readonly CheckDefinition[],
  isWatched: (ip: string) => boolean,
): readonly Proposal[] {
  return devices
    .filter(({ isSample, ips }) => !isSample && ips.length > 0 && !ips.some(isWatched))
    .flatMap((device) => proposeFor(device, definitions) ?? [])
    .sort((a, b) => b.clients - a.clients || a.name.localeCompare(b.name));
}

function proposeFor(device: KnownDevice, definitions: readonly CheckDefinition[]): Proposal | undefined {
  const used = device.services.filter(
    ({ protocol, clients }) => clients >= SEVERAL || (clients > 0 && CLINICAL_PROTOCOLS.includes(protocol)),
  );
  const checks = used.flatMap((service) => checksFor(service, device, definitions));
  const [host] = device.ips;
  if (host === undefined || !checks.some(({ isEssential }) => isEssential)) return undefined;
  const { assetId, name, careArea } = device;
  const clients = Math.max(...used.map((service) => service.clients));
  return { id: assetId, name, host, assetId, care: careArea, clients, checks: checks.slice(0, 10) };
}

function checksFor(
  service: UsedService,
  device: KnownDevice,
  definitions: readonly CheckDefinition[],
): Proposal['checks'] {
  const { protocol, port, isTls, transport } = service;
  const fitting = definitions.filter(
    (definition) => definition.protocols.includes(protocol) && definition.transport === transport,
  );
  const own = fitting.map(({ id, parameters }) => ({
    kind: id,
    port,
    parameters: parametersFor(service, device, new Set(parameters.map(({ name }) => name))),
    isEssential: !EXTRA_KINDS.includes(id),
  }));
  const hasExpiry = own.some(({ kind }) => kind === 'tls-expiry');
  return isTls && !hasExpiry ? [...own, { kind: 'tls-expiry', port, parameters: {}, isEssential: false }] : own;
}

function parametersFor(
  { protocol, isTls }: UsedService,
  { aeTitles }: KnownDevice,
  names: ReadonlySet<string>,
): CheckParameters {
  const [calledTitle] = aeTitles;
  return {
    ...(names.has('tls') ? { tls: isTls } : {}),
    ...(names.has('calledTitle') && calledTitle !== undefined ? { calledTitle } : {}),
    ...(names.has('product') ? { product: PRODUCTS[protocol] ?? 'postgresql' } : {}),
  };
}
