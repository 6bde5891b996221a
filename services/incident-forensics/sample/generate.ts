import { createFact, type Fact } from '@sphinx/schema';
import { HOUR, type StagedAttack } from './attack.ts';
import { OTHER_ATTACKS } from './attacks-others.ts';
import { USE_CASES } from './attacks-use-cases.ts';
import type { Catalogue } from './catalogue.ts';
import { assetOf, SampleHospital } from './hospital.ts';
import { writeNoise } from './noise.ts';
import { SeededRandom } from './random.ts';
import { Stage, type StagedFact } from './stage.ts';

export const SAMPLE_DAYS = 14;
const DAY = 24 * HOUR;
/** A Monday. */
const SAMPLE_START = Date.UTC(2026, 1, 2);
/** Sensors do not see everything. */
const MISSED = 0.15;

export const STAGED_ATTACKS: readonly StagedAttack[] = [...USE_CASES, ...OTHER_ATTACKS];

/** Two weeks of a hospital. */
export interface SampleWeeks {
  readonly start: number;
  readonly days: number;
  /** Whom the hospital states to scan, monitor, back up and administer. */
  readonly professionals: readonly string[];
  /** The inventory. */
  readonly assets: readonly Fact[];
  /** In the order of time. */
  readonly facts: readonly StagedFact[];
}

/** @param seed decides who, when and what of it is seen; the same seed gives the same weeks */
export function generateWeeks(catalogue: Catalogue, seed: number): SampleWeeks {
  const hospital = new SampleHospital();
  const random = new SeededRandom(seed);
  const stage = new Stage({ catalogue, hospital, random });
  writeNoise(stage, SAMPLE_START, SAMPLE_DAYS);
  stage.missed = MISSED;
  for (const attack of STAGED_ATTACKS) {
    stage.attack = attack.id;
    // Not on the last day, so that slow ones are whole.
    attack.run(stage, Math.floor(SAMPLE_START + random.between(0.3, SAMPLE_DAYS - 1.3) * DAY));
  }
  const assets = hospital.devices.map((device) =>
    createFact('asset.discovered', {
      key: device.id,
      time: SAMPLE_START,
      source: 'sample',
      data: assetOf(device, SAMPLE_START),
    }),
  );
  const facts = stage.facts.toSorted((a, b) => a.fact.time - b.fact.time);
  return { start: SAMPLE_START, days: SAMPLE_DAYS, professionals: hospital.professionals, assets, facts };
}
