import type { Asset, AssetFact } from '@sphinx/schema';
import { describe, expect, it } from 'vitest';
import { deviceOf } from './device.ts';

const fact = (value: string, confidence: number): AssetFact => ({
  value,
  confidence,
  origin: { kind: 'profile', reference: 'test' },
  evidence: [],
});

const asset = (facts: Asset['facts'], ips: string[] = ['10.0.0.9']): Asset => ({
  id: 'ast_1',
  name: 'device',
  macs: [],
  ips,
  hostnames: [],
  facts,
  services: [],
  peers: [],
  evidence: [],
  conflicts: [],
  sources: [],
  isSample: false,
  isPinned: false,
  firstSeen: 1,
  lastSeen: 1,
  revision: 1,
});

describe('what probing knows of a device', () => {
  it('believes that it is harmless only when that is well known', () => {
    const of = (confidence: number) =>
      deviceOf(asset({ kind: fact('server', confidence), patientSafetyClass: fact('none', confidence) }));
    expect(of(0.45)?.safetyClass).toBeUndefined();
    expect(of(0.7)?.safetyClass).toBe('none');
  });

  it('believes at once that it is on a patient', () => {
    const pump = asset({ kind: fact('infusion-pump', 0.3), patientSafetyClass: fact('life-sustaining', 0.3) });
    expect(deviceOf(pump)).toMatchObject({ kind: 'infusion-pump', safetyClass: 'life-sustaining' });
  });

  it('takes an address that others can reach, and none where there is none', () => {
    expect(deviceOf(asset({}, ['fe80::1', '10.0.0.9']))?.ip).toBe('10.0.0.9');
    expect(deviceOf(asset({}, []))).toBeUndefined();
  });
});
