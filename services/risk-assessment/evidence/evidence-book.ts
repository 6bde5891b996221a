import type { SqlExecutor } from '@sphinx/platform';
import type { KnownFault, KnownWeakness, RiskIncident, RiskSignal } from '@sphinx/risk';
import type { Fact } from '@sphinx/schema';
import {
  type FindAsset,
  faultsOf,
  incidentOf,
  isSettled,
  knownWeakness,
  later,
  type SignalOf,
  signalsOfAlert,
  signalsOfDetection,
} from './read-signal.ts';

/** Older signals have faded to nothing. */
const KEPT_MS = 45 * 24 * 3_600_000;
/** Of one asset; more analytics than this say nothing more. */
const MOST_SIGNALS = 64;

/** What speaks for or against each asset: what was detected, its weaknesses, checks that failed, incidents. */
export class EvidenceBook {
  readonly #signals = new Map<string, Map<string, RiskSignal>>();
  readonly #weaknesses = new Map<string, Map<string, KnownWeakness>>();
  readonly #faults = new Map<string, readonly KnownFault[]>();
  readonly #incidents = new Map<string, RiskIncident>();
  readonly #incidentsOf = new Map<string, Set<string>>();

  /** @param now milliseconds since the Unix epoch */
  async open(sql: SqlExecutor, now: number): Promise<void> {
    await sql.query('DELETE FROM risk_assessment.signal WHERE time < $1', [now - KEPT_MS]);
    const signals = await sql.query<{ asset: string; key: string; signal: RiskSignal }>(
      'SELECT asset, key, signal FROM risk_assessment.signal',
    );
    for (const { asset, key, signal } of signals) mapIn(this.#signals, asset).set(key, signal);
    const weaknesses = await sql.query<{ asset: string; weaknesses: readonly KnownWeakness[] }>(
      'SELECT asset, weaknesses FROM risk_assessment.weakness',
    );
    for (const row of weaknesses) {
      this.#weaknesses.set(row.asset, new Map(row.weaknesses.map((each) => [each.weakness, each])));
    }
    const faults = await sql.query<{ asset: string; faults: readonly KnownFault[] }>(
      'SELECT asset, faults FROM risk_assessment.fault',
    );
    for (const row of faults) this.#faults.set(row.asset, row.faults);
    const incidents = await sql.query<{ incident: RiskIncident }>('SELECT incident FROM risk_assessment.incident');
    for (const { incident } of incidents) this.#putIncident(incident);
  }

  signalsOf(asset: string): readonly RiskSignal[] {
    return [...(this.#signals.get(asset)?.values() ?? [])];
  }

  weaknessesOf(asset: string): readonly KnownWeakness[] {
    return [...(this.#weaknesses.get(asset)?.values() ?? [])];
  }

  faultsOf(asset: string): readonly KnownFault[] {
    return this.#faults.get(asset) ?? [];
  }

  incidentsOf(asset: string): readonly RiskIncident[] {
    return [...(this.#incidentsOf.get(asset) ?? [])].flatMap((id) => this.#incidents.get(id) ?? []);
  }

  /** Assets about which something was detected. */
  detected(): ReadonlySet<string> {
    return new Set([...this.#signals.keys(), ...this.#incidentsOf.keys()]);
  }

  /** Takes what others found out; the same fact once more changes nothing. @returns ids of the assets concerned */
  async take(facts: readonly Fact[], find: FindAsset, sql: SqlExecutor): Promise<ReadonlySet<string>> {
    const concerned = new Set<string>();
    const signals = new Map<string, SignalOf>();
    const weaknesses = new Set<string>();
    const faults = new Set<string>();
    for (const fact of facts) {
      switch (fact.type) {
        case 'detection.found':
          for (const each of signalsOfDetection(fact.data, find)) this.#putSignal(each, signals);
          break;
        case 'alert.raised':
          for (const each of signalsOfAlert(fact.data, find)) this.#putSignal(each, signals);
          break;
        case 'weakness.found':
        case 'weakness.changed':
        case 'weakness.closed': {
          const of = mapIn(this.#weaknesses, fact.data.assetId);
          for (const each of fact.data.weaknesses) {
            if (fact.type === 'weakness.closed' || isSettled(each)) of.delete(each.weakness);
            else of.set(each.weakness, knownWeakness(each));
          }
          weaknesses.add(fact.data.assetId);
          break;
        }
        case 'verdict.issued':
          this.#faults.set(fact.data.assetId, faultsOf(fact.data));
          faults.add(fact.data.assetId);
          break;
        case 'incident.opened':
        case 'incident.updated':
        case 'incident.closed': {
          const incident = incidentOf(fact.data);
          for (const asset of this.#putIncident(incident)) concerned.add(asset);
          await sql.query(
            `INSERT INTO risk_assessment.incident (id, incident) VALUES ($1, $2::jsonb)
             ON CONFLICT (id) DO UPDATE SET incident = excluded.incident`,
            [incident.id, JSON.stringify(incident)],
          );
          break;
        }
        case 'asset.removed':
          await this.#forget(fact.data.assetId, sql);
          break;
        case 'asset.merged':
          await this.#forget(fact.data.mergedAssetId, sql);
          break;
        default:
      }
    }
    await storeRows(sql, 'weakness', 'weaknesses', weaknesses, (asset) => this.weaknessesOf(asset));
    await storeRows(sql, 'fault', 'faults', faults, (asset) => this.faultsOf(asset));
    await storeSignals(sql, signals);
    for (const { assetId } of signals.values()) concerned.add(assetId);
    for (const asset of [...weaknesses, ...faults]) concerned.add(asset);
    return concerned;
  }

  #putSignal({ assetId, signal }: SignalOf, changed: Map<string, SignalOf>): void {
    const of = mapIn(this.#signals, assetId);
    const key = `${signal.analytic}|${signal.role}`;
    const kept = later(of.get(key), signal);
    of.set(key, kept);
    changed.set(`${assetId}|${key}`, { assetId, signal: kept });
    const [oldest] = of.keys();
    if (of.size > MOST_SIGNALS && oldest !== undefined) of.delete(oldest);
  }

  /** @returns assets that it names, or named before */
  #putIncident(incident: RiskIncident): ReadonlySet<string> {
    const before = this.#incidents.get(incident.id)?.assets ?? [];
    for (const { assetId } of before) this.#incidentsOf.get(assetId)?.delete(incident.id);
    this.#incidents.set(incident.id, incident);
    for (const { assetId } of incident.assets) {
      const of = this.#incidentsOf.get(assetId) ?? new Set<string>();
      this.#incidentsOf.set(assetId, of.add(incident.id));
    }
    return new Set([...before, ...incident.assets].map(({ assetId }) => assetId));
  }

  async #forget(asset: string, sql: SqlExecutor): Promise<void> {
    this.#signals.delete(asset);
    this.#weaknesses.delete(asset);
    this.#faults.delete(asset);
    for (const table of ['signal', 'weakness', 'fault']) {
      await sql.query(`DELETE FROM risk_assessment.${table} WHERE asset = $1`, [asset]);
    }
  }
}

function mapIn<Value>(maps: Map<string, Map<string, Value>>, key: string): Map<string, Value> {
  const known = maps.get(key);
  if (known !== undefined) return known;
  const made = new Map<string, Value>();
  maps.set(key, made);
  return made;
}

async function storeRows(
  sql: SqlExecutor,
  table: 'weakness' | 'fault',
  column: 'weaknesses' | 'faults',
  assets: ReadonlySet<string>,
  toldOf: (asset: string) => readonly object[],
): Promise<void> {
  if (assets.size === 0) return;
  await sql.query(
    `INSERT INTO risk_assessment.${table} (asset, ${column})
     SELECT asset, value::jsonb FROM unnest($1::text[], $2::text[]) AS told (asset, value)
     ON CONFLICT (asset) DO UPDATE SET ${column} = excluded.${column}`,
    [[...assets], [...assets].map((asset) => JSON.stringify(toldOf(asset)))],
  );
}

async function storeSignals(sql: SqlExecutor, signals: ReadonlyMap<string, SignalOf>): Promise<void> {
  if (signals.size === 0) return;
  const rows = [...signals.values()];
  await sql.query(
    `INSERT INTO risk_assessment.signal (asset, key, time, signal)
     SELECT asset, key, time::bigint, signal::jsonb
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS told (asset, key, time, signal)
     ON CONFLICT (asset, key) DO UPDATE SET time = excluded.time, signal = excluded.signal`,
    [
      rows.map(({ assetId }) => assetId),
      rows.map(({ signal }) => `${signal.analytic}|${signal.role}`),
      rows.map(({ signal }) => String(signal.time)),
      rows.map(({ signal }) => JSON.stringify(signal)),
    ],
  );
}
