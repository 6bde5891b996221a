import { fileURLToPath } from 'node:url';
import { type AssetPlace, loadFileTypes } from '@sphinx/platform';
import type { TelemetryRow } from '@sphinx/schema';
import { Acceptances } from '../anomalies/acceptances.ts';
import { BaselineLibrary } from '../baselines/baseline-library.ts';
import { FileEndings } from '../detectors/file-endings.ts';
import { ListedAddresses } from '../detectors/listed-addresses.ts';
import type { Sighting } from '../detectors/sighting.ts';
import { TrafficWatch } from '../detectors/traffic-watch.ts';
import { userPlace } from '../detectors/users.ts';
import { loadAnomalyKnowledge } from '../knowledge/anomaly-knowledge.ts';
import { Locality } from '../traffic/locality.ts';

const KNOWLEDGE = fileURLToPath(new URL('../../../knowledge', import.meta.url));

/** The detectors on their own, without anything that keeps what they tell: for tests and for the benchmark. */
export class Trial {
  readonly library: BaselineLibrary;
  readonly acceptances: Acceptances;
  readonly watch: TrafficWatch;
  readonly places = new Map<string, AssetPlace>();
  readonly sightings: Sighting[] = [];

  private constructor(
    parts: Omit<
      ConstructorParameters<typeof TrafficWatch>[0],
      'library' | 'acceptances' | 'placeOf' | 'nameOf' | 'tell'
    >,
    learningDays: number,
  ) {
    const placeOf = (actor: string) => userPlace(actor) ?? this.places.get(actor);
    this.library = new BaselineLibrary(learningDays);
    this.acceptances = new Acceptances(placeOf);
    this.watch = new TrafficWatch({
      ...parts,
      library: this.library,
      acceptances: this.acceptances,
      placeOf,
      nameOf: (key) => key.replace('asset_', ''),
      tell: (sighting) => this.sightings.push(sighting),
    });
  }

  static async open({
    learningDays = 7,
    listed = [] as readonly string[],
    falseAlarmsPerDay = 2,
  } = {}): Promise<Trial> {
    const knowledge = await loadAnomalyKnowledge(KNOWLEDGE);
    const fileTypes = await loadFileTypes(KNOWLEDGE);
    const parts = {
      knowledge,
      locality: new Locality([]),
      listed: new ListedAddresses(listed),
      endings: new FileEndings(fileTypes.flatMap(({ extensions }) => extensions)),
      falseAlarmsPerDay,
    };
    return new Trial(parts, learningDays);
  }

  flows(rows: Iterable<TelemetryRow<'network_activity'>>): void {
    for (const row of rows) this.watch.takeFlow(row);
  }

  records(rows: Iterable<TelemetryRow<'protocol_activity'>>): void {
    for (const row of rows) this.watch.takeRecord(row);
  }

  /** The last sighting of each detector, host and reason: as many as anomalies. */
  anomalies(): readonly Sighting[] {
    const last = new Map<string, Sighting>();
    for (const each of this.sightings) last.set(`${each.detector} ${each.actor} ${each.about}`, each);
    return [...last.values()];
  }
}
