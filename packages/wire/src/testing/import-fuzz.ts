import { Conversation, EVIDENCE_ATTRIBUTES, HostObservation } from '@sphinx/schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ImportingSensor } from '../imported/importing-sensor.ts';
import type { SensorBatch } from '../sensor.ts';

const RUNS = 200;

/** One damage to bytes; positions are fractions of their length. */
const damage = fc.record({
  position: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  removed: fc.nat({ max: 40 }),
  inserted: fc.uint8Array({ maxLength: 40 }),
});

/**
 * The promises that every reader of another sensor's output keeps on hostile input: it never throws, every entry is
 * accounted for, and whatever comes out is what the vocabulary promises.
 *
 * @param read feeds bytes to the reader
 * @param samples real input, which is then damaged
 */
export function promisesOfImport(
  title: string,
  read: (bytes: Uint8Array) => ImportingSensor,
  samples: readonly Uint8Array[],
): void {
  const damaged = fc
    .tuple(fc.constantFrom(...samples), fc.array(damage, { minLength: 1, maxLength: 8 }))
    .map(([sample, damages]) => damages.reduce(applyDamage, sample));

  describe(`${title} from somebody who means harm`, () => {
    it('never throws on arbitrary bytes, and accounts for every entry', () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 1500 }), (bytes) => expectSound(read(bytes))),
        { numRuns: RUNS },
      );
    });

    it('never throws on real input that was damaged, and accounts for every entry', () => {
      fc.assert(
        fc.property(damaged, (bytes) => expectSound(read(bytes))),
        { numRuns: 2 * RUNS },
      );
    });

    it('bears input that ends at any byte', () => {
      for (const sample of samples) {
        const step = Math.max(1, Math.floor(sample.length / 150));
        for (let length = 0; length < sample.length; length += step) expectSound(read(sample.slice(0, length)));
      }
    });
  });
}

/** Whatever was read can be stored and published, and nothing vanished on the way. */
function expectSound(importer: ImportingSensor): void {
  const batch = importer.takeBatch();
  const { leftOut, unreadable } = importer.account;
  expect(batch.flows.length + batch.records.length + leftOut + unreadable).toBe(importer.entries);
  expectVocabulary(batch);
}

export function expectVocabulary(batch: SensorBatch): void {
  for (const conversation of batch.conversations) Conversation.parse(conversation);
  for (const host of batch.hosts) {
    HostObservation.parse(host);
    for (const { attribute } of host.evidence) expect(Object.keys(EVIDENCE_ATTRIBUTES)).toContain(attribute);
  }
  for (const flow of batch.flows) {
    for (const value of Object.values(flow)) {
      if (typeof value === 'number') expect(Number.isSafeInteger(value) && value >= 0).toBe(true);
    }
  }
}

function applyDamage(
  bytes: Uint8Array,
  { position, removed, inserted }: typeof damage extends fc.Arbitrary<infer T> ? T : never,
) {
  const at = Math.floor(position * bytes.length);
  return new Uint8Array(Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + removed)]));
}
