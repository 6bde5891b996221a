import { Appetite, ConsequenceId, MoneyFigures, RegisterLink, RiskLevel, Treatment } from '@sphinx/risk';
import { z } from 'zod';
import type { MoneyDesk } from '../register/money-desk.ts';
import type { JudgedEntry, RegisterDesk } from '../register/register-desk.ts';

const LossRange = z
  .object({
    currency: z.string(),
    mean: z.number(),
    p10: z.number(),
    median: z.number(),
    p90: z.number(),
    p95: z.number(),
    worst: z.number(),
    anyLoss: z.number().min(0).max(1),
    curve: z.array(z.object({ probability: z.number(), loss: z.number() })),
  })
  .meta({ id: 'LossRange', description: 'Loss of a year, from 10,000 years that were drawn' });

export const RegisterItem = z
  .object({
    id: z.string(),
    number: z.int(),
    title: z.string(),
    owner: z.string(),
    treatment: Treatment,
    consequence: ConsequenceId,
    status: z.enum(['open', 'closed']),
    level: RiskLevel,
    probability: z.number().min(0).max(1),
    points: z.number(),
    basis: z.enum(['model', 'stated', 'none']).meta({ description: 'Where the level is from' }),
    worst: z.string().nullable().meta({ description: 'The link that is worst' }),
    concerns: z.array(
      z.enum(['exceeds-appetite', 'acceptance-expired', 'acceptance-missing', 'review-overdue', 'gone']),
    ),
    appetite: RiskLevel,
    acceptance: z.object({ by: z.string(), at: z.number(), until: z.number(), reason: z.string() }).nullable(),
    reviewAt: z.number().nullable(),
    links: z.array(RegisterLink),
    isSample: z.boolean(),
    changedAt: z.number(),
  })
  .meta({ id: 'RiskRegisterEntry' });
export type RegisterItem = z.infer<typeof RegisterItem>;

export const RegisterDetail = RegisterItem.extend({
  description: z.string(),
  plan: z.string(),
  stated: z.object({ probability: z.number(), impact: z.number() }).nullable(),
  proposal: z.string().nullable(),
  createdAt: z.number(),
  money: MoneyFigures.nullable(),
  loss: LossRange.nullable(),
  missingFigures: z.array(z.string()).meta({ description: 'What is wanted before money can be told' }),
  history: z.array(z.object({ sequence: z.int(), change: z.string(), by: z.string(), at: z.number() })),
}).meta({ id: 'RiskRegisterDetail' });
export type RegisterDetail = z.infer<typeof RegisterDetail>;

export const ProposalItem = z
  .object({
    key: z.string(),
    title: z.string(),
    consequence: ConsequenceId,
    level: RiskLevel,
    points: z.number(),
    reason: z.string(),
    links: z.array(RegisterLink),
    count: z.int(),
    isSample: z.boolean(),
  })
  .meta({ id: 'RiskProposal' });
export type ProposalItem = z.infer<typeof ProposalItem>;

export const AppetiteView = z.object({
  appetite: Appetite,
  by: z.string().nullable().meta({ description: 'null: as SPHINX brings it' }),
  at: z.number().nullable(),
  version: z.int(),
});
export type AppetiteView = z.infer<typeof AppetiteView>;

/** @returns an entry as the list shows it */
export function registerItemOf({ entry, concerns, ...figures }: JudgedEntry, desk: RegisterDesk): RegisterItem {
  const { id, number, title, owner, treatment, consequence, status, acceptance, reviewAt, links, isSample, changedAt } =
    entry;
  return {
    ...{ id, number, title, owner, treatment, consequence, status, acceptance, reviewAt, isSample, changedAt },
    ...figures,
    concerns: [...concerns],
    appetite: desk.store.appetite.appetite[consequence],
    links: [...links],
  };
}

/** @returns an entry with all that is known of it */
export async function registerDetailOf(
  judged: JudgedEntry,
  desk: RegisterDesk,
  money: MoneyDesk,
): Promise<RegisterDetail> {
  const { entry } = judged;
  const { range, missing } = money.of(entry);
  const history = await desk.store.history(entry.id);
  return {
    ...registerItemOf(judged, desk),
    description: entry.description,
    plan: entry.plan,
    stated: entry.stated,
    proposal: entry.proposal,
    createdAt: entry.createdAt,
    money: entry.money,
    loss: range === null ? null : { ...range, curve: [...range.curve] },
    missingFigures: [...missing],
    history: history.map(({ sequence, change, by, at }) => ({ sequence, change, by, at })),
  };
}
