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
export const SAMPLE_START = Date.UTC(2026, 1, 2);
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
  /** Ids of the devices that each attack takes over or harms. */
  readonly victims: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * @param seed decides who, when and what of it is seen; the same seed gives the same weeks
 * @param start midnight of the first day, milliseconds since the Unix epoch
 */
export function generateWeeks(catalogue: Catalogue, seed: number, start: number = SAMPLE_START): SampleWeeks {
  const hospital = new SampleHospital();
  const random = new SeededRandom(seed);
  const stage = new Stage({ catalogue, hospital, random });
  writeNoise(stage, start, SAMPLE_DAYS);
  stage.missed = MISSED;
  for (const attack of STAGED_ATTACKS) {
    stage.attack = attack.id;
    // Not on the last day, so that slow ones are whole.
    attack.run(stage, Math.floor(start + random.between(0.3, SAMPLE_DAYS - 1.3) * DAY));
  }
  const assets = hospital.devices.map((device) =>
    createFact('asset.discovered', {
      key: device.id,
      time: start,
      source: 'sample',
      data: assetOf(device, start),
    }),
  );
  const facts = stage.facts.toSorted((a, b) => a.fact.time - b.fact.time);
  const { victims } = stage;
  return { start, days: SAMPLE_DAYS, professionals: hospital.professionals, assets, facts, victims };
}
