import { createFact, type Fact } from '@sphinx/schema';

/** The smallest fact: one asset is gone. */
export function assetRemoved(key: string, number: number, reason = 'left the ward'): Fact<'asset.removed'> {
  const data = { assetId: key, reason: `${reason} (${number})` };
  return createFact('asset.removed', { key, time: 1_790_000_000_000 + number, source: 'contract', data });
}

/** A fact of another type about the same asset. */
export function verificationRequested(key: string, number: number): Fact<'verification.requested'> {
  const data = { assetId: key, requestedBy: `nurse ${number}` };
  return createFact('verification.requested', { key, time: 1_790_000_000_000 + number, source: 'contract', data });
}

/** A reader that keeps what it was handed. */
export function recorder(): { facts: Fact[]; batches: number[]; handler: (facts: readonly Fact[]) => Promise<void> } {
  const facts: Fact[] = [];
  const batches: number[] = [];
  const handler = async (batch: readonly Fact[]) => {
    facts.push(...batch);
    batches.push(batch.length);
  };
  return { facts, batches, handler };
}

export const idsOf = (facts: readonly Fact[]): string[] => facts.map(({ id }) => id);

/** First delivery of each fact, in order of arrival: what a reader keeps that leaves known ids out. */
export function withoutRepeats(facts: readonly Fact[]): Fact[] {
  return [...new Map(facts.map((fact) => [fact.id, fact])).values()];
}
