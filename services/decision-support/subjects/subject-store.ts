import type { SqlExecutor, StateStore } from '@sphinx/platform';
import {
  type Asset,
  type AssetWeaknesses,
  type Fact,
  type Incident,
  PatientSafetyClass,
  type Weakness,
} from '@sphinx/schema';
import { type HeldWeakness, type Subject, subjectOfIncident, subjectOfWeakness, type TouchedAsset } from './subject.ts';

/** Facts that subjects come from. */
export const SUBJECT_FACTS = [
  'incident.opened',
  'incident.updated',
  'incident.closed',
  'weakness.found',
  'weakness.changed',
  'weakness.closed',
  'asset.discovered',
  'asset.updated',
  'asset.merged',
  'asset.removed',
] as const;

/** Assets of one weakness that are read; more change no ranking. */
const MOST_HELD = 2000;
const NUMBER = /^(?:INC-)?(\d{1,9})$/i;

/** Weaknesses that a list shows. */
const MOST_WEAKNESSES = 200;
const MOST_INCIDENTS = 500;

/** What is to be decided on, as other services told it. Subjects are at hand in memory; only what changed is read again. */
export class SubjectStore {
  readonly #state: StateStore;
  #incidents: Map<string, Subject> | undefined;
  readonly #weaknesses = new Map<string, Subject>();
  #assetRevision = 0;
  /** Grows with everything that is taken: what was read before is not kept. */
  #taken = 0;

  constructor(state: StateStore) {
    this.#state = state;
  }

  /** Grows when what is known of some asset changes. */
  get assetRevision(): number {
    return this.#assetRevision;
  }

  /** Takes facts in their order; all of them or none. */
  async take(facts: readonly Fact[]): Promise<void> {
    await this.#state.transaction(async (sql) => {
      for (const fact of facts) await takeFact(fact, sql);
    });
    this.#taken += 1;
    const assets: string[] = [];
    for (const fact of facts) {
      switch (fact.type) {
        case 'incident.opened':
        case 'incident.updated':
        case 'incident.closed':
          if (fact.type === 'incident.closed' || fact.data.status === 'closed') this.#incidents?.delete(fact.data.id);
          else this.#incidents?.set(fact.data.id, subjectOfIncident(fact.data));
          break;
        case 'weakness.found':
        case 'weakness.changed':
        case 'weakness.closed':
          for (const { weakness } of fact.data.weaknesses) this.#weaknesses.delete(weakness);
          break;
        case 'asset.discovered':
        case 'asset.updated':
          assets.push(fact.data.id);
          break;
        case 'asset.merged':
        case 'asset.removed':
          // Rows of the asset are gone: nobody can say any more which weaknesses it had.
          this.#weaknesses.clear();
          break;
        default:
      }
    }
    if (facts.some(({ type }) => type.startsWith('asset.'))) this.#assetRevision += 1;
    await this.#forgetWeaknessesOf(assets);
  }

  /** Open incidents, newest first. */
  async incidents(): Promise<readonly Subject[]> {
    if (this.#incidents === undefined) {
      const rows = await this.#state.query<{ incident: Incident }>('SELECT incident FROM decision_support.incident');
      this.#incidents ??= new Map(rows.map(({ incident }) => [incident.id, subjectOfIncident(incident)]));
    }
    return [...this.#incidents.values()]
      .sort((a, b) => b.lastSeen - a.lastSeen || (a.id < b.id ? -1 : 1))
      .slice(0, MOST_INCIDENTS);
  }

  /** Major weaknesses, those of most assets with the highest priority first. */
  async weaknesses(): Promise<readonly Subject[]> {
    const names = await this.#state.query<{ weakness: string }>(
      `SELECT weakness FROM decision_support.weakness GROUP BY weakness
       ORDER BY max(priority) DESC, count(*) DESC, weakness LIMIT ${MOST_WEAKNESSES}`,
    );
    const listed = new Set(names.map(({ weakness }) => weakness));
    for (const known of this.#weaknesses.keys()) if (!listed.has(known)) this.#weaknesses.delete(known);
    const subjects: Subject[] = [];
    for (const weakness of listed) {
      const before = this.#taken;
      const subject = this.#weaknesses.get(weakness) ?? (await this.#weakness(weakness));
      if (subject === undefined) continue;
      if (before === this.#taken) this.#weaknesses.set(weakness, subject);
      subjects.push(subject);
    }
    return subjects;
  }

  async #forgetWeaknessesOf(assets: readonly string[]): Promise<void> {
    if (assets.length === 0 || this.#weaknesses.size === 0) return;
    const rows = await this.#state.query<{ weakness: string }>(
      'SELECT DISTINCT weakness FROM decision_support.weakness WHERE asset_id = ANY($1::text[])',
      [assets],
    );
    for (const { weakness } of rows) this.#weaknesses.delete(weakness);
  }

  /** @param name id of an incident, its number ("12", "INC-12"), or a weakness @returns undefined where nothing is open by it */
  async find(name: string): Promise<Subject | undefined> {
    const number = NUMBER.exec(name)?.[1];
    const [row] = await this.#state.query<{ incident: Incident }>(
      'SELECT incident FROM decision_support.incident WHERE id = $1 OR number = $2',
      [name, number === undefined ? -1 : Number(number)],
    );
    return row === undefined ? this.#weakness(name) : subjectOfIncident(row.incident);
  }

  /** Assets as the inventory knows them now; those that it does not know are left out. */
  async assets(ids: readonly string[]): Promise<ReadonlyMap<string, TouchedAsset>> {
    const rows = await this.#state.query<{ asset: TouchedAsset }>(
      'SELECT asset FROM decision_support.asset WHERE id = ANY($1::text[])',
      [ids],
    );
    return new Map(rows.map(({ asset }) => [asset.id, wholeOf(asset)]));
  }

  /** All assets that a decision about the subject is for, with what the inventory knows of them now. */
  async touched(subject: Subject): Promise<readonly TouchedAsset[]> {
    if (subject.kind === 'weakness') return (await this.#held(subject.id)).map(({ asset }) => asset);
    const known = await this.assets(subject.assets.map(({ id }) => id));
    return subject.assets.map((asset) => ({ ...asset, ips: known.get(asset.id)?.ips ?? [] }));
  }

  async #weakness(name: string): Promise<Subject | undefined> {
    return subjectOfWeakness(await this.#held(name));
  }

  async #held(name: string): Promise<readonly HeldWeakness[]> {
    const rows = await this.#state.query<{
      weakness: Weakness;
      asset: TouchedAsset | null;
      sample: boolean;
      asset_id: string;
      asset_name: string;
    }>(
      `SELECT w.held AS weakness, a.asset AS asset, w.sample AS sample, w.asset_id, w.asset_name
       FROM decision_support.weakness w LEFT JOIN decision_support.asset a ON a.id = w.asset_id
       WHERE w.weakness = $1 ORDER BY w.priority DESC, w.asset_id LIMIT ${MOST_HELD}`,
      [name],
    );
    return rows.map((row) => ({
      weakness: row.weakness,
      asset:
        row.asset !== null
          ? wholeOf(row.asset)
          : {
              id: row.asset_id,
              name: row.asset_name,
              kind: '',
              safetyClass: null,
              careArea: '',
              zone: '',
              ips: [],
            },
      isSample: row.sample,
    }));
  }
}

/** Addresses are not with assets that an earlier version kept. */
function wholeOf(asset: TouchedAsset): TouchedAsset {
  return { ...asset, ips: asset.ips ?? [] };
}

async function takeFact(fact: Fact, sql: SqlExecutor): Promise<void> {
  switch (fact.type) {
    case 'incident.opened':
    case 'incident.updated':
      return fact.data.status === 'closed' ? removeIncident(fact.data.id, sql) : saveIncident(fact.data, sql);
    case 'incident.closed':
      return removeIncident(fact.data.id, sql);
    case 'weakness.found':
    case 'weakness.changed':
    case 'weakness.closed':
      return saveWeaknesses(fact.data, sql);
    case 'asset.discovered':
    case 'asset.updated':
      return saveAsset(fact.data, sql);
    case 'asset.merged':
      return removeAsset(fact.data.mergedAssetId, sql);
    case 'asset.removed':
      return removeAsset(fact.data.assetId, sql);
    default:
  }
}

async function saveIncident(incident: Incident, sql: SqlExecutor): Promise<void> {
  await sql.query(
    `INSERT INTO decision_support.incident (id, number, last_seen, incident) VALUES ($1, $2, $3, $4::jsonb)
     ON CONFLICT (id) DO UPDATE SET number = excluded.number, last_seen = excluded.last_seen, incident = excluded.incident`,
    [incident.id, incident.number, incident.lastSeen, JSON.stringify(incident)],
  );
}

async function removeIncident(id: string, sql: SqlExecutor): Promise<void> {
  await sql.query('DELETE FROM decision_support.incident WHERE id = $1', [id]);
}

/** Of the many weaknesses of a hospital those are kept that somebody has to decide on now. */
async function saveWeaknesses(
  { assetId, assetName, isSample, weaknesses }: AssetWeaknesses,
  sql: SqlExecutor,
): Promise<void> {
  for (const weakness of weaknesses) {
    if (!isMajor(weakness)) {
      await sql.query('DELETE FROM decision_support.weakness WHERE weakness = $1 AND asset_id = $2', [
        weakness.weakness,
        assetId,
      ]);
      continue;
    }
    await sql.query(
      `INSERT INTO decision_support.weakness (weakness, asset_id, asset_name, priority, sample, held)
       VALUES ($1, $2, $3, $4, $5, $6::jsonb)
       ON CONFLICT (weakness, asset_id) DO UPDATE SET asset_name = excluded.asset_name, priority = excluded.priority,
         sample = excluded.sample, held = excluded.held`,
      [weakness.weakness, assetId, assetName, weakness.priority, isSample, JSON.stringify(weakness)],
    );
  }
}

/** Open, and to be acted on by SSVC, used by attackers already, or critical and certainly there. */
function isMajor({ status, decision, isKnownExploited, severity, presence }: Weakness): boolean {
  if (status !== 'open' && status !== 'in-progress') return false;
  return decision === 'act' || isKnownExploited || (severity === 'critical' && presence === 'affected');
}

async function saveAsset({ id, name, facts, ips }: Asset, sql: SqlExecutor): Promise<void> {
  const asset: TouchedAsset = {
    id,
    name,
    kind: facts.kind?.value ?? '',
    safetyClass: PatientSafetyClass.safeParse(facts.patientSafetyClass?.value).data ?? null,
    careArea: facts.careArea?.value ?? '',
    zone: facts.zone?.value ?? '',
    ips: [...ips].sort(),
  };
  await sql.query(
    `INSERT INTO decision_support.asset (id, asset) VALUES ($1, $2::jsonb)
     ON CONFLICT (id) DO UPDATE SET asset = excluded.asset WHERE decision_support.asset.asset <> excluded.asset`,
    [id, JSON.stringify(asset)],
  );
}

async function removeAsset(id: string, sql: SqlExecutor): Promise<void> {
  await sql.query('DELETE FROM decision_support.asset WHERE id = $1', [id]);
  await sql.query('DELETE FROM decision_support.weakness WHERE asset_id = $1', [id]);
}
