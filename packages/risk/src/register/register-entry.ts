import { Identifier, RISK_LEVELS, type RiskLevel } from '@sphinx/schema';
import { z } from 'zod';
import { CONSEQUENCES, ConsequenceId, RiskLevel as Level } from '../model/risk-knowledge.ts';

import { MoneyFigures } from '../money/money-figures.ts';

/** What is done about a risk (ISO 31000:2018, §6.5.2; NIST SP 800-39, task 3-1). */
export const Treatment = z.enum(['mitigate', 'transfer', 'avoid', 'accept']).meta({ id: 'RiskTreatment' });
export type Treatment = z.infer<typeof Treatment>;

/** What an entry is about. */
export const RegisterLink = z
  .object({
    kind: z.enum(['asset', 'clinical-service', 'incident', 'weakness']),
    id: Identifier.max(300),
    name: z.string().max(300).default(''),
  })
  .meta({ id: 'RiskRegisterLink' });
export type RegisterLink = z.infer<typeof RegisterLink>;

const Text = z.string().trim().max(4000);
const Time = z.int().nonnegative();

const FIELDS = {
  title: z.string().trim().min(1, 'Give it a title').max(200),
  description: Text,
  owner: z.string().trim().min(1, 'Every risk has an owner: a person or an office').max(200),
  treatment: Treatment,
  plan: Text.meta({ description: 'What is done, by whom, until when' }),
  consequence: ConsequenceId.meta({ description: 'Whose appetite it is held against' }),
  links: z.array(RegisterLink).max(200),
  stated: z
    .object({ probability: z.number().min(0).max(1), impact: z.number().min(0).max(100) })
    .nullable()
    .meta({ description: 'Judgement of people, for what the model does not know: within 30 days; harm 0 to 100' }),
  reviewAt: Time.nullable().meta({ description: 'When somebody looks at it again' }),
  money: MoneyFigures.nullable(),
};

/** What people state of a risk. */
export const RegisterStatement = z
  .object({
    ...FIELDS,
    description: FIELDS.description.default(''),
    plan: FIELDS.plan.default(''),
    links: FIELDS.links.default([]),
    stated: FIELDS.stated.default(null),
    reviewAt: FIELDS.reviewAt.default(null),
    money: FIELDS.money.default(null),
  })
  .meta({ id: 'RiskRegisterStatement' });
export type RegisterStatement = z.infer<typeof RegisterStatement>;

/** Parts of a statement that are said anew; what is left out stays. */
export const RegisterChange = z.object(FIELDS).partial();
export type RegisterChange = z.infer<typeof RegisterChange>;

/** Somebody carries the risk, until then. */
export interface Acceptance {
  readonly by: string;
  readonly at: number;
  readonly until: number;
  readonly reason: string;
}

/** One risk in the register. */
export interface RegisterEntry extends RegisterStatement {
  readonly id: string;
  readonly number: number;
  readonly status: 'open' | 'closed';
  readonly acceptance: Acceptance | null;
  /** Key of the proposal of the model that it came from. */
  readonly proposal: string | null;
  readonly isSample: boolean;
  readonly createdAt: number;
  readonly changedAt: number;
}

/** Highest level of each consequence that the hospital carries without asking anybody. */
export const Appetite = z
  .object(
    Object.fromEntries(CONSEQUENCES.map((id) => [id, Level])) as Record<(typeof CONSEQUENCES)[number], typeof Level>,
  )
  .meta({ id: 'RiskAppetite' });
export type Appetite = z.infer<typeof Appetite>;

/** Until the hospital says otherwise: harm to patients is carried only while it is low. Judgement of the authors. */
export const DEFAULT_APPETITE: Appetite = {
  safety: 'low',
  care: 'moderate',
  confidentiality: 'moderate',
  integrity: 'moderate',
  compliance: 'moderate',
  money: 'moderate',
};

/** @returns whether the level is above what the hospital carries */
export function exceeds(level: RiskLevel, most: RiskLevel): boolean {
  return RISK_LEVELS.indexOf(level) > RISK_LEVELS.indexOf(most);
}

/** What an entry asks of somebody. */
export type RegisterConcern =
  | 'exceeds-appetite'
  | 'acceptance-expired'
  | 'acceptance-missing'
  | 'review-overdue'
  | 'gone';

/**
 * @param level as it is now
 * @param isLinked whether something that it is linked with is still there, or it is linked with nothing
 * @param now milliseconds since the Unix epoch
 */
export function concernsOf(
  entry: RegisterEntry,
  level: RiskLevel,
  appetite: Appetite,
  isLinked: boolean,
  now: number,
): readonly RegisterConcern[] {
  if (entry.status === 'closed') return [];
  const { acceptance, treatment, reviewAt } = entry;
  const isAccepted = acceptance !== null && acceptance.until > now;
  const concerns: RegisterConcern[] = [];
  if (exceeds(level, appetite[entry.consequence]) && !isAccepted) concerns.push('exceeds-appetite');
  if (acceptance !== null && !isAccepted) concerns.push('acceptance-expired');
  if (treatment === 'accept' && acceptance === null) concerns.push('acceptance-missing');
  if (reviewAt !== null && reviewAt <= now) concerns.push('review-overdue');
  if (!isLinked) concerns.push('gone');
  return concerns;
}
