import { z } from 'zod';
import type { AccessGateSettings } from '../manifest.ts';
import type { AccessPolicy, Device, NetworkName } from './access-policy.ts';

/** What is done at the door: let in as usual, let into a certain VLAN, or refused. */
export const Access = z.object({
  answer: z.enum(['accept', 'reject']),
  network: z.enum(['own', 'restricted', 'quarantine', 'onboarding']),
  vlan: z.string().meta({ description: 'Number or name of the VLAN; empty where the switch decides' }),
});
export type Access = z.infer<typeof Access>;

/** A decision with its reasons: what the verdict asks for, and what is done. */
export interface Decision {
  /** What would be done without watching and without failing open. */
  readonly asked: Access;
  readonly done: Access;
  readonly reasons: readonly string[];
}

const AS_USUAL: Access = { answer: 'accept', network: 'own', vlan: '' };

/** Decides on access of a device, or of an address that nobody knows. Pure. */
export function decideAccess(
  device: Device | undefined,
  policy: AccessPolicy,
  settings: Pick<AccessGateSettings, 'mode' | 'restrictedNetwork' | 'quarantineNetwork' | 'onboardingNetwork'>,
): Decision {
  const verdict = device?.verdict ?? 'unknown';
  const asked = accessTo(policy.verdicts[verdict].network, settings);
  const reasons = [
    device === undefined
      ? 'No device with this address is known.'
      : device.verdict === undefined
        ? `${device.name} has not been judged yet.`
        : `The verdict on ${device.name} is ${device.verdict}.`,
  ];
  if (isSame(asked, AS_USUAL)) return { asked, done: asked, reasons };
  const safetyClass = device?.safetyClass;
  if (safetyClass !== undefined && policy.failOpen.includes(safetyClass)) {
    reasons.push(`Devices of class ${safetyClass} fail open: patients come first.`);
    return { asked, done: AS_USUAL, reasons };
  }
  if (settings.mode === 'watch') {
    reasons.push('The gate watches only.');
    return { asked, done: AS_USUAL, reasons };
  }
  return { asked, done: asked, reasons };
}

export function isSame(a: Access, b: Access): boolean {
  return a.answer === b.answer && a.network === b.network && a.vlan === b.vlan;
}

function accessTo(
  network: NetworkName,
  settings: Pick<AccessGateSettings, 'restrictedNetwork' | 'quarantineNetwork' | 'onboardingNetwork'>,
): Access {
  switch (network) {
    case 'own':
      return AS_USUAL;
    case 'restricted':
      return { answer: 'accept', network, vlan: settings.restrictedNetwork };
    case 'onboarding':
      return { answer: 'accept', network, vlan: settings.onboardingNetwork };
    case 'quarantine':
      // Without a place for it a rejected device stays outside.
      return {
        answer: settings.quarantineNetwork === '' ? 'reject' : 'accept',
        network,
        vlan: settings.quarantineNetwork,
      };
  }
}
