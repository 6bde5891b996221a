import type { AssetPlace } from '@sphinx/platform';
import type { TelemetryRow } from '@sphinx/schema';
import type { Acceptances } from '../anomalies/acceptances.ts';
import type { BaselineLibrary, LearntHour } from '../baselines/baseline-library.ts';
import type { AnomalyKnowledge } from '../knowledge/anomaly-knowledge.ts';
import { countAsClient, countAsServer, type FlowRow, isAnswered, portWords } from '../traffic/count-flow.ts';
import { countOperation } from '../traffic/count-operation.ts';
import type { HostWindow } from '../traffic/host-window.ts';
import type { Locality } from '../traffic/locality.ts';
import { isForMany } from '../traffic/locality.ts';
import type { MeasureId } from '../traffic/measures.ts';
import { readOperation } from '../traffic/operation.ts';
import { StreamServers } from '../traffic/stream-servers.ts';
import { HOUR_MS, WindowBook } from '../traffic/window-book.ts';
import { Beacons } from './beacons.ts';
import { CombinationJudge } from './combination-judge.ts';
import type { FileEndings } from './file-endings.ts';
import { HabitJudge } from './habit-judge.ts';
import type { ListedAddresses } from './listed-addresses.ts';
import { LogonWatch } from './logon-watch.ts';
import { MeasureJudge, type Moment } from './measure-judge.ts';
import { PeerJudge } from './peer-judge.ts';
import { SeasonJudge } from './season-judge.ts';
import type { Sighting } from './sighting.ts';
import { beaconSighting, listedSighting, miningSighting } from './sign-sightings.ts';

const HOURS_PER_DAY = 24;
/** Measures that one active host has to be judged by, of all that there are. */
const MEASURES_PER_HOST = 8;
const LEAST_HOSTS = 50;
/** Chance is left no more and no less than this in one hour of one measure. */
const RARITY = { least: 1e-9, greatest: 1e-4 } as const;
/** Hours as a whole may have a quarter of what chance may bring in a day. */
const SHARE_OF_HOURS = 0.25;
const RARITY_OF_HOURS = { least: 1e-8, greatest: 5e-4 } as const;
/** Flows with fewer packets from the client are none that orders go over: of the original, botnet detection. */
const PACKETS_OF_COMMAND = 3;

/** What a watch works with. */
export interface WatchParts {
  readonly knowledge: AnomalyKnowledge;
  readonly library: BaselineLibrary;
  readonly acceptances: Acceptances;
  readonly locality: Locality;
  readonly listed: ListedAddresses;
  readonly endings: FileEndings;
  readonly placeOf: (ip: string) => AssetPlace | undefined;
  /** Name of an asset; what was given where it has none. */
  readonly nameOf: (key: string) => string;
  /** Anomalies a day that chance alone may make. */
  readonly falseAlarmsPerDay: number;
  readonly tell: (sighting: Sighting) => void;
}

/** Looks at flows and records as they come, and tells what is unusual at once. */
export class TrafficWatch {
  readonly #parts: WatchParts;
  readonly #books = new Map<string, WindowBook>();
  readonly #beacons = new Map<string, Beacons>();
  readonly #measures: MeasureJudge;
  readonly #habits: HabitJudge;
  readonly #seasons: SeasonJudge;
  readonly #peers: PeerJudge;
  readonly #combinations: CombinationJudge;
  readonly #streams: StreamServers;
  /** Persons, by their log-ons in logs. */
  readonly logons: LogonWatch;
  #activeHosts = 0;

  constructor(parts: WatchParts) {
    const { knowledge, library, placeOf, nameOf, acceptances } = parts;
    this.#parts = parts;
    this.#streams = new StreamServers(knowledge.ports.streamingDomains);
    const rarity = () => this.rarity;
    const rarityOfHours = () => this.rarityOfHours;
    const acceptedOf: Acceptances['upTo'] = (detector, actor, measure) => acceptances.upTo(detector, actor, measure);
    const { detectors } = knowledge;
    this.#measures = new MeasureJudge({ detectors, library, placeOf, acceptedOf, rarity });
    const floors = detectors.find(({ sign }) => sign === 'season')?.floors ?? {};
    this.#seasons = new SeasonJudge({ library, placeOf, floors, acceptedOf, rarity });
    this.#peers = new PeerJudge({ library, placeOf, nameOf, rarity: rarityOfHours });
    this.#combinations = new CombinationJudge({ library, detectors, placeOf, rarity: rarityOfHours });
    this.#habits = new HabitJudge({ library, placeOf, isInternal: (ip) => this.#isInternal(ip) });
    this.logons = new LogonWatch({
      library,
      acceptances,
      measures: this.#measures,
      habits: this.#habits,
      tell: parts.tell,
    });
  }

  /** Share of the hours of one measure of one host that may be told of by chance: from what a day may bring altogether. */
  get rarity(): number {
    const judged = Math.max(LEAST_HOSTS, this.#activeHosts) * HOURS_PER_DAY * MEASURES_PER_HOST;
    return Math.min(RARITY.greatest, Math.max(RARITY.least, this.#parts.falseAlarmsPerDay / judged));
  }

  /** The same for hours as a whole and for new peers, which are judged once where measures are judged one by one. */
  get rarityOfHours(): number {
    const judged = Math.max(LEAST_HOSTS, this.#activeHosts) * HOURS_PER_DAY;
    const ofDay = this.#parts.falseAlarmsPerDay * SHARE_OF_HOURS;
    return Math.min(RARITY_OF_HOURS.greatest, Math.max(RARITY_OF_HOURS.least, ofDay / judged));
  }

  /** Hosts and pairs that are followed at the moment. */
  get figures(): { readonly hosts: number; readonly pairs: number } {
    const sum = (counts: readonly number[]) => counts.reduce((total, each) => total + each, 0);
    return {
      hosts: sum([...this.#books.values()].map(({ hosts }) => hosts)),
      pairs: sum([...this.#beacons.values()].map(({ pairs }) => pairs)),
    };
  }

  takeFlow(row: FlowRow): void {
    const { knowledge } = this.#parts;
    const { src_ip: client, dst_ip: server } = row;
    const isServerInternal = this.#isInternal(server);
    const isClientInternal = this.#isInternal(client);
    if (!isServerInternal && !isClientInternal) return;
    const book = this.#bookOf(row.source_id, row.is_sample);
    book.goOn(row.end_time);
    const moment: Moment = {
      time: row.time,
      endTime: row.end_time,
      source: row.source_id,
      isSample: row.is_sample,
      packetNumber: row.packet_number,
    };
    const ofClient = book.window(client);
    if (ofClient !== undefined) {
      const about = { ports: knowledge.ports, isServerInternal, streams: this.#streams };
      countAsClient(ofClient, row, about, (measure) => this.#judge(ofClient, measure, moment));
      if (isClientInternal) this.#habits.judgeClient(ofClient, row, moment, this.#parts.tell);
    }
    // Hosts of the internet are judged by what they do here only.
    const ofServer = isServerInternal ? book.window(server) : undefined;
    if (ofServer !== undefined) {
      countAsServer(ofServer, row, { ports: knowledge.ports, isClientInternal }, (measure) =>
        this.#judge(ofServer, measure, moment),
      );
      this.#habits.judgeServer(ofServer, row, moment, this.#parts.tell);
      if (isClientInternal && ofClient !== undefined && isAnswered(row)) this.#meet(ofClient, ofServer, moment);
    }
    this.#lookForSigns(row, moment, isClientInternal, isServerInternal);
  }

  takeRecord(row: TelemetryRow<'protocol_activity'>): void {
    this.#streams.take(row);
    const operation = readOperation(row);
    const { ports } = this.#parts.knowledge;
    // A connection is told when it ends, a record at once: whoever mines or administers is not waited for.
    const isMining = ports.mining.has(row.app_name, row.dst_port);
    const isAdministration = ports.administration.has(row.app_name, row.dst_port);
    if (operation === undefined && !isMining && !isAdministration) return;
    const isClientInternal = this.#isInternal(row.src_ip);
    const isServerInternal = this.#isInternal(row.dst_ip);
    if (!isClientInternal && !isServerInternal) return;
    const book = this.#bookOf(row.source_id, row.is_sample);
    book.goOn(row.time);
    const window = book.window(row.src_ip);
    if (window === undefined) return;
    const { source_id: source, is_sample: isSample, packet_number: packetNumber, time } = row;
    const moment = { time, endTime: time, source, isSample, packetNumber };
    if (isMining && isClientInternal) this.#parts.tell(miningSighting(row, moment));
    const isNewPeer = isAdministration && isServerInternal && window.addMember('administered-peers', row.dst_ip) > 0;
    if (isNewPeer) this.#judge(window, 'administered-peers', moment);
    if (operation === undefined) return;
    const { endings } = this.#parts;
    if (operation.kind === 'file-written') endings.saw(operation.ending, row.src_ip, time);
    countOperation(
      window,
      operation,
      (ending) => endings.isOrdinary(ending, time),
      (measure) => this.#judge(window, measure, moment),
    );
  }

  /** A source was taken back, or has ended for good. */
  forget(source: string): void {
    this.#books.delete(source);
    this.#beacons.delete(source);
  }

  /** Assets may have public addresses, above all of IPv6. */
  #isInternal(ip: string): boolean {
    return this.#parts.locality.isInternal(ip) || this.#parts.placeOf(ip) !== undefined;
  }

  #lookForSigns(row: FlowRow, moment: Moment, isClientInternal: boolean, isServerInternal: boolean): void {
    const { knowledge, listed, tell } = this.#parts;
    if (isClientInternal && knowledge.ports.mining.has(row.app_name, row.dst_port)) tell(miningSighting(row, moment));
    const far = isClientInternal ? row.dst_ip : row.src_ip;
    if (listed.size > 0 && row.packets_out >= PACKETS_OF_COMMAND && listed.has(far))
      tell(listedSighting(row, moment, far));
    if (!isClientInternal || isServerInternal || !isAnswered(row) || isForMany(row.dst_ip)) return;
    if (knowledge.ports.regular.has(row.app_name, row.dst_port)) return;
    const rhythm = this.#beaconsOf(row.source_id).take(row);
    if (rhythm !== undefined && rhythm.rarity <= this.rarity) {
      tell(beaconSighting(row, moment, rhythm, portWords(row.transport, row.dst_port)));
    }
  }

  /** One device here has spoken to another. What one of them was told of needs no second word of the other. */
  #meet(client: HostWindow, server: HostWindow, moment: Moment): void {
    const isNewForClient = client.addAsked(server.ip);
    const isNewForServer = server.addAsking(client.ip);
    const sighting =
      (isNewForClient ? this.#peers.judge(client, server.ip, 'asked', moment) : undefined) ??
      (isNewForServer ? this.#peers.judge(server, client.ip, 'asks', moment) : undefined);
    if (sighting !== undefined) this.#parts.tell(sighting);
  }

  #judge(window: HostWindow, measure: MeasureId, moment: Moment): void {
    const sighting = this.#measures.judge(window, measure, moment) ?? this.#seasons.judge(window, measure, moment);
    if (sighting !== undefined) this.#parts.tell(sighting);
  }

  #bookOf(source: string, isSample: boolean): WindowBook {
    let book = this.#books.get(source);
    if (book === undefined) {
      book = new WindowBook(
        (window, hour) => this.#learn(window, hour, source, isSample),
        (ip) => this.#isInternal(ip),
        (hosts) => {
          this.#activeHosts = Math.max(hosts, this.#activeHosts * 0.98);
        },
      );
      this.#books.set(source, book);
    }
    return book;
  }

  #beaconsOf(source: string): Beacons {
    let beacons = this.#beacons.get(source);
    if (beacons === undefined) {
      beacons = new Beacons();
      this.#beacons.set(source, beacons);
    }
    return beacons;
  }

  #learn(window: HostWindow, hour: number, source: string, isSample: boolean): void {
    if (!window.isInternal) return;
    const { library, acceptances, placeOf } = this.#parts;
    const place = placeOf(window.ip);
    const key = place?.asset ?? window.ip;
    if (place !== undefined) library.rename(window.ip, key);
    const moment = { time: hour, endTime: hour + HOUR_MS - 1, source, isSample, packetNumber: 0 };
    const { point, score, sighting } = this.#combinations.judge(window, moment);
    if (sighting !== undefined) this.#parts.tell(sighting);
    const exceeded = new Map([...window.told].map((measure) => [measure, this.#measures.mostLearnt(window, measure)]));
    // An hour that somebody was told of teaches nothing of what is usual together.
    const joint = sighting === undefined && exceeded.size === 0 ? { point, score } : undefined;
    const { values, habits } = window;
    library.take(
      { key, kind: place?.kind ?? '', hour, values, habits, exceeded, peers: this.#peersOf(window), joint },
      (habit) => !acceptances.isRefused(window.ip, habit),
    );
  }

  #peersOf({ asked, asking }: HostWindow): LearntHour['peers'] {
    const keyOf = (ip: string) => this.#parts.placeOf(ip)?.asset ?? ip;
    return [
      ...Array.from(asked, (ip) => ({ key: keyOf(ip), role: 'asked' as const })),
      ...Array.from(asking, (ip) => ({ key: keyOf(ip), role: 'asks' as const })),
    ];
  }
}
