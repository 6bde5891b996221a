import { Badge } from '@mantine/core';
import type { PatientSafetyClass } from '@sphinx/schema';
import type { CareNeed, Effect, Layer } from './queries.ts';

const EFFECTS: Readonly<Record<Effect, { readonly title: string; readonly color: string }>> = {
  stops: { title: 'Stops', color: 'red.9' },
  degrades: { title: 'Degraded', color: 'orange.9' },
  slows: { title: 'Slowed', color: 'blue.9' },
};

/** Effects with what they mean, for choosing one. */
export const EFFECT_CHOICES = [
  { value: 'stops', label: 'Stops: does not do what it is there for' },
  { value: 'degrades', label: 'Degraded: goes on for a while or in part' },
  { value: 'slows', label: 'Slowed: goes on, by hand or with delay' },
] as const;

export function EffectBadge({ effect }: { effect: Effect }) {
  const { title, color } = EFFECTS[effect];
  return (
    <Badge color={color} tt="none" size="sm" flex="none" miw="max-content">
      {title}
    </Badge>
  );
}

export const LAYERS: Readonly<Record<Layer, string>> = {
  care: 'Clinical services',
  application: 'Applications and servers',
  device: 'Devices',
  network: 'Networks',
};

const SAFETY: Readonly<Record<PatientSafetyClass, string>> = {
  'life-sustaining': 'Keeps patients alive',
  therapy: 'Treats patients',
  diagnosis: 'Needed for diagnosis',
  'care-support': 'Supports care',
  none: '',
};

export function safetyWords(safety: PatientSafetyClass | null): string {
  return safety === null ? '' : SAFETY[safety];
}

const ORIGINS: Readonly<Record<CareNeed['origin'], string>> = {
  traffic: 'Seen in traffic',
  address: 'By its address',
  knowledge: 'Usual for its kind, not seen',
  stated: 'Stated by a person',
};

export function originWords({ origin, mode }: CareNeed): string {
  const together = mode === 'all' ? '; others stand in for it' : mode === 'share' ? '; one of several' : '';
  return `${ORIGINS[origin]}${together}`;
}

export function areaWords(area: string): string {
  return area === '' ? 'No care area stated' : area;
}

export function bedsWords(beds: number | null, origin?: 'stated' | 'counted' | null): string {
  if (beds === null) return 'not known';
  return origin === 'counted' ? `${beds} (counted)` : String(beds);
}
