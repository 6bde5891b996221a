import { isIP } from 'node:net';
import type { AssetPlace } from '@sphinx/platform';
import type { AlertSubject } from '@sphinx/schema';
import type { Baseline } from '../baselines/baseline.ts';
import type { BaselineLibrary } from '../baselines/baseline-library.ts';
import { type FlowRow, isAnswered } from '../traffic/count-flow.ts';
import type { HostWindow } from '../traffic/host-window.ts';
import { HOUR_MS } from '../traffic/window-book.ts';
import type { Moment } from './measure-judge.ts';
import type { Sighting } from './sighting.ts';
import { actorSubject, userPlace } from './users.ts';
import { comparedWords } from './words.ts';

/** Whoever offers something beyond it offers it for once: ports of calls, of file transfers. */
const FIRST_EPHEMERAL_PORT = 32_768;
/** What is new of one device in one hour; a device that changes altogether is told a few times, not a hundred. */
const MOST_PER_HOUR = 3;
/** Days before the hours of a day say something. */
const DAYS_OF_HOURS = 10;
/** Flows in an hour that count as work. */
const FLOWS_OF_WORK = 5;
const HOURS_PER_DAY = 24;

interface Habit {
  readonly detector: 'unusual-protocol' | 'unusual-peer' | 'atypical-port' | 'unusual-logon';
  readonly name: string;
  /** What it does, after "it". */
  readonly words: string;
  readonly peer: string;
}

/** Tells what a device does for the first time, once it is known what it does, or what its kind does. */
export class HabitJudge {
  readonly #library: BaselineLibrary;
  readonly #placeOf: (ip: string) => AssetPlace | undefined;
  readonly #isInternal: (ip: string) => boolean;

  constructor(options: {
    readonly library: BaselineLibrary;
    readonly placeOf: (ip: string) => AssetPlace | undefined;
    readonly isInternal: (ip: string) => boolean;
  }) {
    this.#library = options.library;
    this.#placeOf = options.placeOf;
    this.#isInternal = options.isInternal;
  }

  /** Of the host that began the flow. */
  judgeClient(window: HostWindow, row: FlowRow, moment: Moment, tell: (sighting: Sighting) => void): void {
    if (!isAnswered(row)) return;
    const { app_name: protocol, dst_port: port, dst_ip: server, transport } = row;
    const uses = `uses ${transport}/${port}`;
    const isOffered = port > 0 && port < FIRST_EPHEMERAL_PORT;
    if (protocol === 'unknown') {
      if (isOffered)
        this.#judge(
          window,
          habit('unusual-protocol', uses, `speaks to ${transport.toUpperCase()} port ${port}`, server),
          moment,
          tell,
        );
    } else {
      // An opening that is too short to be recognised is no other protocol.
      if (isOffered) window.addHabit(uses);
      this.#judge(
        window,
        habit('unusual-protocol', `speaks ${protocol}`, `speaks ${protocol} as a client`, server),
        moment,
        tell,
      );
    }
    const place = this.#nameOfPlace(server);
    if (place !== undefined) {
      this.#judge(window, habit('unusual-peer', `to ${place}`, `speaks to ${place}`, server), moment, tell);
    }
    if (window.flows === FLOWS_OF_WORK) this.#judgeHour(window, moment, tell);
  }

  /** Of the host that was asked. */
  judgeServer(window: HostWindow, row: FlowRow, moment: Moment, tell: (sighting: Sighting) => void): void {
    const { dst_port: port, transport, src_ip: client } = row;
    if (transport !== 'tcp' || !isAnswered(row) || port === 0 || port >= FIRST_EPHEMERAL_PORT) return;
    const serves = habit('atypical-port', `serves tcp/${port}`, `answers on TCP port ${port}`, client);
    this.#judge(window, serves, moment, tell);
    if (!this.#isInternal(client)) this.#judgeOpening(window, port, client, moment, tell);
  }

  /** Of a person who has logged on. */
  judgeLogon(
    window: HostWindow,
    { way, place }: { readonly way: 'from' | 'to'; readonly place: string },
    moment: Moment,
    tell: (sighting: Sighting) => void,
  ): void {
    this.#judge(
      window,
      habit('unusual-logon', `logs on ${way} ${place}`, `logs on ${way} ${place}`, place),
      moment,
      tell,
    );
  }

  #judge(
    window: HostWindow,
    { detector, name, words, peer }: Habit,
    moment: Moment,
    tell: (sighting: Sighting) => void,
  ): void {
    if (!window.addHabit(name)) return;
    const place = this.#placeOf(window.ip);
    const device = this.#library.device(place?.asset ?? window.ip);
    const kind = place?.kind ?? '';
    const ofKind = this.#library.learntKind(kind);
    if (device?.baseline.habits.isKnown(name) === true) return;
    // What others of the kind do is nothing to tell of, even if this one does it for the first time.
    const compared = ofKind ?? (kind === '' && this.#library.hasSiteLearnt ? this.#library.site : undefined);
    if (compared?.habits.isKnown(name) === true) return;
    const own = device?.hasLearnt === true ? device.baseline : undefined;
    const judge = own ?? ofKind;
    if (judge === undefined || window.newHabits >= MOST_PER_HOUR) return;
    window.newHabits++;
    const norm = { basis: own === undefined ? 'kind' : 'itself', hours: judge.hours } as const;
    tell({
      detector,
      actor: window.ip,
      about: name,
      subjects: [actorSubject(window.ip), ...peerSubject(detector, peer)],
      expected: `${who(window)} never ${words} (${comparedWords(norm, kind)})`,
      seen: `${who(window)} ${words}${firstWords(detector, peer)}`,
      rarity: 0.5 / (judge.hours + 1),
      basis: norm.basis,
      habit: name,
      ...moment,
    });
  }

  /** A port of the site that the internet reaches. */
  #judgeOpening(
    window: HostWindow,
    port: number,
    client: string,
    moment: Moment,
    tell: (sighting: Sighting) => void,
  ): void {
    const name = `reached tcp/${port}`;
    if (!window.addHabit(name) || !this.#library.hasSiteLearnt || this.#library.site.habits.isKnown(name)) return;
    const norm = { basis: 'site', hours: this.#library.site.hours } as const;
    tell({
      detector: 'atypical-alien-port',
      actor: client,
      about: `${window.ip} ${name}`,
      subjects: [
        { role: 'actor', type: 'ip', value: client },
        { role: 'target', type: 'ip', value: window.ip, port },
      ],
      expected: `The internet never reaches TCP port ${port} of any host here (${comparedWords(norm, '')})`,
      seen: `${client} spoke to TCP port ${port} of ${window.ip}`,
      rarity: 0.5 / (norm.hours + 1),
      basis: 'site',
      habit: name,
      ...moment,
    });
  }

  #judgeHour(window: HostWindow, moment: Moment, tell: (sighting: Sighting) => void): void {
    const place = this.#placeOf(window.ip);
    const device = this.#library.device(place?.asset ?? window.ip);
    if (device?.hasLearnt !== true || device.baseline.days < DAYS_OF_HOURS) return;
    const hour = Math.floor(moment.endTime / HOUR_MS) % HOURS_PER_DAY;
    const kind = place?.kind ?? '';
    const ofKind = this.#library.learntKind(kind);
    // A person who works late for once is none of ours, unless nobody with such a device ever does.
    if (ofKind === undefined || !window.addHabit(`works at ${hour}`)) return;
    const near = (baseline: Baseline) =>
      [hour - 1, hour, hour + 1].reduce((sum, each) => sum + baseline.activeIn(each), 0);
    if (near(device.baseline) > 0 || near(ofKind) > 0) return;
    const words = `works between ${hour}:00 and ${hour + 1}:00 UTC`;
    const norm = { basis: 'kind', hours: ofKind.hours } as const;
    tell({
      detector: 'unusual-time',
      actor: window.ip,
      about: `works at ${hour}`,
      subjects: [{ role: 'actor', type: 'ip', value: window.ip }],
      expected: `It never ${words}, nor an hour before or after, and none of its kind does (${comparedWords(norm, kind)})`,
      seen: `It ${words}`,
      rarity: 0.5 / (norm.hours + 1),
      basis: norm.basis,
      habit: `works at ${hour}`,
      ...moment,
    });
  }

  /** Where a peer is, in as few different words as tell something. */
  #nameOfPlace(ip: string): string | undefined {
    if (!this.#isInternal(ip)) return 'the internet';
    const place = this.#placeOf(ip);
    if (place === undefined || (place.zone === '' && place.kind === '')) return undefined;
    return place.zone === '' ? `hosts of the kind ${place.kind}` : `the zone ${place.zone}`;
  }
}

function habit(detector: Habit['detector'], name: string, words: string, peer: string): Habit {
  return { detector, name, words, peer };
}

function who({ ip }: HostWindow): string {
  return userPlace(ip) === undefined ? 'It' : 'The person';
}

function firstWords(detector: Habit['detector'], peer: string): string {
  if (detector === 'unusual-logon') return '';
  return detector === 'atypical-port' ? `, first to ${peer}` : `, first with ${peer}`;
}

function peerSubject(detector: Habit['detector'], peer: string): readonly AlertSubject[] {
  if (detector === 'unusual-logon')
    return [{ role: 'affected', type: isIP(peer) === 0 ? 'hostname' : 'ip', value: peer }];
  return [{ role: detector === 'atypical-port' ? 'affected' : 'target', type: 'ip', value: peer }];
}
