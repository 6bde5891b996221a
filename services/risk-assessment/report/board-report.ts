import { type LossRange, RISK_LEVELS, type RiskLevel, rankIn } from '@sphinx/risk';
import type { MoneyDesk } from '../register/money-desk.ts';
import type { JudgedEntry, RegisterDesk } from '../register/register-desk.ts';
import { careRiskItem, summaryOf } from '../risk/describe-risk.ts';
import type { RiskDesk } from '../risk/risk-desk.ts';

const DAY_MS = 24 * 3_600_000;
/** One page holds so many. */
const MOST_RISKS = 6;
const MOST_SERVICES = 5;
const LONGEST_TITLE = 80;
const SOON_MS = 30 * DAY_MS;

/** A risk in one line of the report. */
export interface ReportRisk {
  readonly number: number;
  readonly title: string;
  readonly level: RiskLevel;
  readonly owner: string;
  readonly treatment: string;
  readonly reviewAt: number | null;
  readonly isAbove: boolean;
}

/** What the board of a hospital reads on one page. */
export interface BoardReport {
  readonly time: number;
  readonly horizonDays: number;
  readonly level: RiskLevel;
  readonly text: string;
  /** Sentences that say what the board has to know or to decide, the gravest first. */
  readonly points: readonly string[];
  /** Open risks by likelihood (rows, very low first) and harm (columns). */
  readonly matrix: readonly (readonly number[])[];
  /** Level of each cell of the matrix. */
  readonly levels: readonly (readonly RiskLevel[])[];
  readonly risks: readonly ReportRisk[];
  readonly openRisks: number;
  readonly services: readonly {
    readonly name: string;
    readonly level: RiskLevel;
    readonly probability: number;
    readonly beds: number | null;
  }[];
  readonly money: readonly { readonly range: LossRange; readonly count: number }[];
  readonly forecast: string | null;
  readonly isSample: boolean;
}

/** @param forecast a sentence; null where there is none @param now milliseconds since the Unix epoch */
export function boardReport(parts: {
  readonly risk: RiskDesk;
  readonly register: RegisterDesk;
  readonly money: MoneyDesk;
  readonly forecast: string | null;
  readonly now: number;
}): BoardReport {
  const { risk, register, money, forecast, now } = parts;
  const state = risk.state();
  const summary = summaryOf(risk);
  const open = register.all().filter(({ entry }) => entry.status === 'open');
  const services = state.map
    .care()
    .map((place) => careRiskItem(risk, place))
    .sort((a, b) => b.points - a.points);
  const { levels } = risk.knowledge.parameters;
  return {
    time: now,
    horizonDays: summary.horizonDays,
    level: summary.level,
    text: summary.text,
    points: pointsOf(open, register, now),
    matrix: matrixOf(open, risk),
    levels,
    risks: open.slice(0, MOST_RISKS).map(riskOf),
    openRisks: open.length,
    services: services.slice(0, MOST_SERVICES).map(({ name, level, probability, beds }) => ({
      name: shortened(name),
      level,
      probability,
      beds,
    })),
    money: money.together(open.map(({ entry }) => entry)),
    forecast,
    isSample: state.assets.some(({ isSample }) => isSample),
  };
}

function pointsOf(open: readonly JudgedEntry[], register: RegisterDesk, now: number): readonly string[] {
  const having = (concern: JudgedEntry['concerns'][number]) =>
    open.filter(({ concerns }) => concerns.includes(concern));
  const named = (entries: readonly JudgedEntry[]) =>
    entries
      .slice(0, 5)
      .map(({ entry }) => `R-${entry.number}`)
      .join(', ');
  const above = having('exceeds-appetite');
  const expired = having('acceptance-expired');
  const overdue = having('review-overdue');
  const unsigned = having('acceptance-missing');
  const soon = open.filter(({ entry: { acceptance } }) => {
    const left = (acceptance?.until ?? 0) - now;
    return left > 0 && left <= SOON_MS;
  });
  const proposals = register.proposals();
  const count = (many: number, one: string, more: string) => (many === 1 ? `1 ${one}` : `${many} ${more}`);
  return [
    above.length > 0 &&
      `${count(above.length, 'risk is', 'risks are')} above what the hospital carries: ${named(above)}.`,
    proposals.length > 0 &&
      `${count(proposals.length, 'finding of the model is', 'findings of the model are')} above the appetite and in nobody's hands: ${shortened(proposals[0]?.title ?? '')}${proposals.length > 1 ? ' and others' : ''}.`,
    expired.length > 0 &&
      `${count(expired.length, 'acceptance has', 'acceptances have')} ended and must be decided anew: ${named(expired)}.`,
    unsigned.length > 0 &&
      `${count(unsigned.length, 'risk is', 'risks are')} to be accepted and nobody has: ${named(unsigned)}.`,
    soon.length > 0 && `${count(soon.length, 'acceptance ends', 'acceptances end')} within 30 days: ${named(soon)}.`,
    overdue.length > 0 && `${count(overdue.length, 'review is', 'reviews are')} overdue: ${named(overdue)}.`,
  ].filter((point) => point !== false);
}

/** Rows likelihood, columns harm, each from very low to very high. */
function matrixOf(open: readonly JudgedEntry[], risk: RiskDesk): readonly (readonly number[])[] {
  const { likelihoodLevels, impactLevels } = risk.knowledge.parameters;
  const matrix = RISK_LEVELS.map(() => RISK_LEVELS.map(() => 0));
  for (const { basis, probability, points } of open) {
    if (basis === 'none') continue;
    const row = matrix[rankIn(probability, likelihoodLevels)];
    const column = rankIn(probability === 0 ? 0 : points / probability, impactLevels);
    if (row !== undefined) row[column] = (row[column] ?? 0) + 1;
  }
  return matrix;
}

function riskOf({ entry, level, concerns }: JudgedEntry): ReportRisk {
  const { number, title, owner, treatment, acceptance, reviewAt } = entry;
  const until = acceptance === null ? '' : ` until ${dayText(acceptance.until)}`;
  return {
    number,
    title: shortened(title),
    level,
    owner: owner.slice(0, 40),
    treatment: treatment === 'accept' ? `accept${until}` : treatment,
    reviewAt,
    isAbove: concerns.includes('exceeds-appetite'),
  };
}

function shortened(text: string): string {
  return text.length <= LONGEST_TITLE ? text : `${text.slice(0, LONGEST_TITLE - 1)}…`;
}

/** @returns 2026-11-30 */
export function dayText(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** @returns an amount as people read it: "EUR 120,000", rounded to two digits, for more would be pretence */
export function amountText(amount: number, currency: string): string {
  return `${currency} ${Number(amount.toPrecision(2)).toLocaleString('en')}`;
}

/** @returns a range of losses in one sentence */
export function moneyText({ range, count }: BoardReport['money'][number]): string {
  const { currency, median, p90, anyLoss, mean } = range;
  const years = Math.round(anyLoss * 100);
  return `${count === 1 ? 'One risk has' : `${count} risks have`} figures of money: a year costs ${amountText(mean, currency)} on average, at most ${amountText(median, currency)} in half of the years and at most ${amountText(p90, currency)} in nine of ten; ${years} of 100 years cost anything.`;
}
