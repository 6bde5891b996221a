import type { Asset } from '@sphinx/schema';
import type { ProbeSubject } from './decide.ts';

/** A service that a device is known to offer. */
export interface KnownService {
  readonly transport: 'tcp' | 'udp';
  readonly port: number;
  readonly protocol: string;
  readonly isTls: boolean;
}

/** What probing has to know of a device; all that is kept of an asset. */
export interface Device extends ProbeSubject {
  readonly name: string;
  readonly isSample: boolean;
  readonly services: readonly KnownService[];
  /** Titles under which others called it. */
  readonly names: readonly string[];
}

/**
 * A harmless class is believed from this confidence on: who is wrong about it probes a patient's device. That a device is
 * fragile, or of a class that is left alone, is believed at once.
 */
const LEAST_CONFIDENCE = 0.6;
const CAREFUL_CLASSES = ['life-sustaining', 'therapy', 'diagnosis'];

function believedClass({ facts: { kind, patientSafetyClass } }: Asset): string | undefined {
  if (patientSafetyClass === undefined || CAREFUL_CLASSES.includes(patientSafetyClass.value))
    return patientSafetyClass?.value;
  const confidence = Math.min(patientSafetyClass.confidence, kind?.confidence ?? 1);
  return confidence >= LEAST_CONFIDENCE ? patientSafetyClass.value : undefined;
}

/** @returns undefined for an asset without an address */
export function deviceOf(asset: Asset): Device | undefined {
  const ip = asset.ips.find((address) => !address.startsWith('fe80:')) ?? asset.ips[0];
  if (ip === undefined) return undefined;
  const names = asset.evidence.filter(({ attribute, role }) => attribute === 'dicom.ae-title' && role === 'server');
  return {
    assetId: asset.id,
    name: asset.name,
    ip,
    kind: asset.facts.kind?.value,
    safetyClass: believedClass(asset),
    isSample: asset.isSample,
    services: asset.services.map(({ transport, port, protocol, isEncrypted, evidence }) => ({
      transport,
      port,
      protocol,
      isTls: isEncrypted && evidence.some(({ attribute }) => attribute === 'tls.server.version'),
    })),
    names: [...new Set(names.map(({ value }) => value))].slice(0, 4),
  };
}

/** An address of which nothing is known. */
export function strangerAt(ip: string): Device {
  return {
    assetId: undefined,
    name: ip,
    ip,
    kind: undefined,
    safetyClass: undefined,
    isSample: false,
    services: [],
    names: [],
  };
}
