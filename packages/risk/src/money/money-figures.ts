import { z } from 'zod';

/** More events of one kind in a year than once a week are put together to one by who states them. */
const MOST_EVENTS = 52;
const MOST_MONEY = 1e12;

function threePoint(most: number, unit: string) {
  const figure = z.number().min(0).max(most);
  return z
    .object({ low: figure, likely: figure, high: figure })
    .refine(({ low, likely, high }) => low <= likely && likely <= high, {
      message: 'Least, likeliest and greatest stand in this order',
    })
    .meta({ description: `${unit}: least, likeliest, greatest` });
}

/**
 * Figures of a loss after the Open FAIR standards (The Open Group: O-RT, C20B; O-RA, C20A), each as least, likeliest and greatest.
 * Either how often the loss happens is stated, or how often it is attempted and how often that succeeds.
 */
export const MoneyFigures = z
  .object({
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .default('EUR')
      .meta({ description: 'ISO 4217' }),
    lossEventFrequency: threePoint(MOST_EVENTS, 'Loss events in a year').nullable().default(null),
    threatEventFrequency: threePoint(MOST_EVENTS, 'Attempts in a year').nullable().default(null),
    vulnerability: threePoint(1, 'Part of the attempts that succeed').nullable().default(null),
    primaryLoss: threePoint(MOST_MONEY, 'Money of one event: work, replacement, lost income').nullable().default(null),
    secondaryProbability: threePoint(1, 'Part of the events after which others react: fines, claims, reputation')
      .nullable()
      .default(null),
    secondaryLoss: threePoint(MOST_MONEY, 'Money of one such reaction').nullable().default(null),
    basis: z.string().max(2000).default('').meta({ description: 'Where the figures are from' }),
  })
  .meta({ id: 'MoneyFigures' });
export type MoneyFigures = z.infer<typeof MoneyFigures>;

/** @returns figures that are wanted before money can be told, in words; none where all are there */
export function missingFigures(figures: MoneyFigures | null): readonly string[] {
  const missing: string[] = [];
  const of = figures ?? MoneyFigures.parse({});
  if (of.lossEventFrequency === null && (of.threatEventFrequency === null || of.vulnerability === null)) {
    if (of.threatEventFrequency === null && of.vulnerability === null) {
      missing.push('how often the loss happens in a year, or how often it is attempted and which part succeeds');
    } else if (of.vulnerability === null) missing.push('which part of the attempts succeeds');
    else missing.push('how often it is attempted in a year');
  }
  if (of.primaryLoss === null) missing.push('what one event costs the hospital itself');
  if (of.secondaryLoss !== null && of.secondaryProbability === null) {
    missing.push('after which part of the events others react');
  }
  if (of.secondaryProbability !== null && of.secondaryLoss === null) {
    missing.push('what a reaction of others costs');
  }
  return missing;
}
