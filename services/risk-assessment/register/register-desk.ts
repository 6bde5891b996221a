import { randomUUID } from 'node:crypto';
import { type Clock, SphinxError } from '@sphinx/platform';
import {
  type Appetite,
  concernsOf,
  describeChange,
  levelOf,
  type Proposal,
  type ProposedOver,
  propose,
  type RegisterChange,
  type RegisterConcern,
  type RegisterEntry,
  type RegisterLink,
  RegisterStatement,
  RISK_LEVELS,
  type RiskLevel,
} from '@sphinx/risk';
import type { RiskDesk } from '../risk/risk-desk.ts';
import type { RegisterStore } from './register-store.ts';

const DAY_MS = 24 * 3_600_000;
/** Nobody carries a risk for longer without looking at it again. */
const LONGEST_ACCEPTANCE_MS = 366 * DAY_MS;
const REVIEW_AFTER_MS = 90 * DAY_MS;
/** Every asset is looked at for them: half a second with 20,000. */
const PROPOSALS_KEPT_MS = 10_000;

/** An entry with its risk as it is now. */
export interface JudgedEntry {
  readonly entry: RegisterEntry;
  readonly level: RiskLevel;
  readonly probability: number;
  readonly points: number;
  /** Where the level is from. */
  readonly basis: 'model' | 'stated' | 'none';
  readonly concerns: readonly RegisterConcern[];
  /** The link that is worst. */
  readonly worst: string | null;
}

interface Figures {
  readonly level: RiskLevel;
  readonly probability: number;
  readonly points: number;
  readonly worst: string | null;
}

/** The risk register: what people carry, treat and accept, held against the model and the appetite. */
export class RegisterDesk {
  readonly #risk: RiskDesk;
  readonly #store: RegisterStore;
  readonly #clock: Clock;
  #proposed: { readonly revision: number; readonly until: number; readonly proposals: readonly Proposal[] } | undefined;

  constructor(parts: { readonly risk: RiskDesk; readonly store: RegisterStore; readonly clock: Clock }) {
    this.#risk = parts.risk;
    this.#store = parts.store;
    this.#clock = parts.clock;
  }

  get store(): RegisterStore {
    return this.#store;
  }

  /** All entries, open ones first, what is above the appetite before what is not, the worst first. */
  all(): readonly JudgedEntry[] {
    const order = ({ entry, points, level, concerns }: JudgedEntry) =>
      (entry.status === 'open' ? 100_000 : 0) +
      (concerns.includes('exceeds-appetite') ? 10_000 : 0) +
      RISK_LEVELS.indexOf(level) * 1000 +
      points;
    return this.#store
      .all()
      .map((entry) => this.judge(entry))
      .sort((a, b) => order(b) - order(a) || a.entry.number - b.entry.number);
  }

  /** @param name id, or number as "R-3" or "3" @throws SphinxError SPX_NOT_FOUND */
  find(name: string): RegisterEntry {
    const number = /^(?:R-)?(\d{1,9})$/i.exec(name)?.[1];
    const found = this.#store.get(name) ?? this.#store.all().find((entry) => entry.number === Number(number));
    if (found === undefined) {
      throw new SphinxError(
        'SPX_NOT_FOUND',
        `The risk register has no entry "${name}". "sphinx risk register" lists them.`,
      );
    }
    return found;
  }

  judge(entry: RegisterEntry): JudgedEntry {
    const model = this.#ofLinks(entry);
    const stated = this.#ofStatement(entry);
    const figures = stated !== undefined && stated.points >= (model?.points ?? 0) ? stated : (model ?? NOTHING);
    const basis = model === undefined && stated === undefined ? 'none' : figures === stated ? 'stated' : 'model';
    const hasModelLinks = entry.links.some(isOfModel);
    const isLinked = !hasModelLinks || model !== undefined;
    const { appetite } = this.#store.appetite;
    const concerns = concernsOf(entry, figures.level, appetite, isLinked, this.#clock.now());
    return { entry, ...figures, basis, concerns };
  }

  /** What exceeds the appetite and is in no entry; up to some seconds old, for it is asked with every change of risk. */
  proposals(): readonly Proposal[] {
    const { revision, appetite } = this.#store;
    const known = this.#proposed;
    if (known?.revision === revision && performance.now() < known.until) return known.proposals;
    const proposals = propose(this.#over(), appetite.appetite, this.#store.all(), this.#store.dismissals);
    this.#proposed = { revision, until: performance.now() + PROPOSALS_KEPT_MS, proposals };
    return proposals;
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  proposal(key: string): Proposal {
    const found = this.proposals().find((each) => each.key === key);
    if (found === undefined) {
      throw new SphinxError(
        'SPX_NOT_FOUND',
        `Nothing is proposed by the key "${key}" any more. Look at the list again.`,
      );
    }
    return found;
  }

  async add(statement: RegisterStatement, by: string, proposal?: Proposal): Promise<RegisterEntry> {
    const now = this.#clock.now();
    const entry: RegisterEntry = {
      ...this.#named(statement),
      id: `risk_${randomUUID()}`,
      number: this.#store.nextNumber(),
      status: 'open',
      acceptance: null,
      proposal: proposal?.key ?? null,
      isSample: proposal?.isSample ?? false,
      createdAt: now,
      changedAt: now,
    };
    const change = proposal === undefined ? 'Added' : `Taken from a proposal of the model: ${proposal.reason}`;
    await this.#store.save(entry, { change, by, at: now });
    return entry;
  }

  /** Takes a proposal into the register. @throws SphinxError SPX_NOT_FOUND */
  async take(key: string, given: Pick<RegisterStatement, 'owner' | 'treatment'>, by: string): Promise<RegisterEntry> {
    const proposal = this.proposal(key);
    const { title, reason, consequence, links } = proposal;
    const statement = RegisterStatement.parse({
      ...given,
      title,
      description: reason,
      consequence,
      links,
      reviewAt: this.#clock.now() + REVIEW_AFTER_MS,
    });
    return this.add(statement, by, proposal);
  }

  /** @throws SphinxError SPX_NOT_FOUND, SPX_CONFLICT for one that is closed */
  async change(name: string, fields: RegisterChange, by: string): Promise<RegisterEntry> {
    const before = this.#open(name);
    const now = this.#clock.now();
    const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
    const entry = this.#named({ ...before, ...given, changedAt: now });
    const change = describeChange(before, entry);
    if (change === '') return before;
    await this.#store.save(entry, { change, by, at: now });
    return entry;
  }

  /** @throws SphinxError SPX_NOT_FOUND, SPX_CONFLICT, SPX_INVALID_INPUT for an end that is past or further off than a year */
  async accept(name: string, { until, reason }: { until: number; reason: string }, by: string): Promise<RegisterEntry> {
    const before = this.#open(name);
    const now = this.#clock.now();
    if (until <= now || until > now + LONGEST_ACCEPTANCE_MS) {
      throw new SphinxError('SPX_INVALID_INPUT', 'An acceptance ends within a year from now. Name a day in that time.');
    }
    const entry = {
      ...before,
      treatment: 'accept' as const,
      acceptance: { by, at: now, until, reason },
      changedAt: now,
    };
    const change = `Accepted until ${new Date(until).toISOString().slice(0, 10)}: ${reason}`;
    await this.#store.save(entry, { change, by, at: now });
    return entry;
  }

  /** @throws SphinxError SPX_NOT_FOUND, SPX_CONFLICT */
  async close(name: string, reason: string, by: string): Promise<RegisterEntry> {
    const now = this.#clock.now();
    const entry = { ...this.#open(name), status: 'closed' as const, changedAt: now };
    await this.#store.save(entry, { change: `Closed: ${reason}`, by, at: now });
    return entry;
  }

  /** @throws SphinxError SPX_NOT_FOUND, SPX_CONFLICT for one that is open */
  async reopen(name: string, by: string): Promise<RegisterEntry> {
    const before = this.find(name);
    if (before.status === 'open') throw new SphinxError('SPX_CONFLICT', `R-${before.number} is open.`);
    const now = this.#clock.now();
    const entry = { ...before, status: 'open' as const, changedAt: now };
    await this.#store.save(entry, { change: 'Opened again', by, at: now });
    return entry;
  }

  /** Puts an entry back as it was before its last change; that is a change, too. @throws SphinxError SPX_NOT_FOUND, SPX_CONFLICT */
  async undo(name: string, by: string): Promise<RegisterEntry> {
    const { id, number } = this.find(name);
    const [last, before] = await this.#store.history(id);
    if (last === undefined || before === undefined) {
      throw new SphinxError(
        'SPX_CONFLICT',
        `R-${number} was never changed: there is nothing to take back. Close it instead.`,
      );
    }
    const now = this.#clock.now();
    const entry = { ...before.entry, changedAt: now };
    await this.#store.save(entry, { change: `Taken back: ${last.change}`.slice(0, 500), by, at: now });
    return entry;
  }

  async setAppetite(appetite: Appetite, by: string): Promise<void> {
    await this.#store.setAppetite(appetite, by, this.#clock.now());
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  async dismiss(key: string, reason: string, by: string): Promise<void> {
    const { level } = this.proposal(key);
    await this.#store.dismiss({ key, level, reason, by, at: this.#clock.now() });
  }

  #open(name: string): RegisterEntry {
    const entry = this.find(name);
    if (entry.status === 'open') return entry;
    throw new SphinxError('SPX_CONFLICT', `R-${entry.number} is closed. Open it again first.`);
  }

  /** Links carry the names that things have now. */
  #named<Statement extends RegisterStatement>(statement: Statement): Statement {
    const { map } = this.#risk.state();
    const links = statement.links.map((link) => {
      const place = isOfModel(link) ? map.placeOf(link.id) : undefined;
      return place === undefined ? { ...link, name: link.name || link.id } : { ...link, name: map.at(place).name };
    });
    return { ...statement, links };
  }

  #ofLinks({ links, consequence }: RegisterEntry): Figures | undefined {
    const state = this.#risk.state();
    let worst: Figures | undefined;
    for (const link of links) {
      const place = isOfModel(link) ? state.map.placeOf(link.id) : undefined;
      if (place === undefined) continue;
      const risk = place < state.assets.length ? state.ofAsset(place) : state.ofCare(place);
      const of = risk.consequences.find(({ id }) => id === consequence);
      if (of === undefined || of.points < (worst?.points ?? -1)) continue;
      worst = { level: of.level, probability: of.probability, points: of.points, worst: state.map.at(place).name };
    }
    return worst;
  }

  #ofStatement({ stated }: RegisterEntry): Figures | undefined {
    if (stated === null) return undefined;
    const { probability, impact } = stated;
    const level = levelOf(probability, impact, this.#risk.knowledge.parameters);
    return { level, probability, points: probability * impact, worst: null };
  }

  #over(): readonly ProposedOver[] {
    const state = this.#risk.state();
    return state.map.nodes.flatMap(({ id, name, kind, type, isSample }, place): ProposedOver[] => {
      if (type === 'network') return [];
      const isAsset = type === 'asset';
      const { consequences } = isAsset ? state.ofAsset(place) : state.ofCare(place);
      const link: RegisterLink = { kind: isAsset ? 'asset' : 'clinical-service', id, name };
      return [{ link, kind: isAsset ? kind : '', isSample, consequences }];
    });
  }
}

const NOTHING: Figures = { level: 'very-low', probability: 0, points: 0, worst: null };

function isOfModel({ kind }: RegisterLink): boolean {
  return kind === 'asset' || kind === 'clinical-service';
}
