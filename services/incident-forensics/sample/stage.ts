import {
  type Alert,
  type AlertKind,
  type AlertSubject,
  createFact,
  type Detection,
  deterministicId,
  type Fact,
} from '@sphinx/schema';
import type { Catalogue, NamedAnalytic } from './catalogue.ts';
import type { SampleDevice, SampleHospital } from './hospital.ts';
import type { SeededRandom } from './random.ts';

const MINUTE_MS = 60_000;

/** A fact with what only its maker knows: the attack that it is of, or null where it is everyday life. */
export interface StagedFact {
  readonly fact: Fact;
  readonly attack: string | null;
}

/** Where something happened: a device, or an address outside. */
export type Place = SampleDevice | string;

const ipOf = (place: Place) => (typeof place === 'string' ? place : place.ip);

/** Writes facts as the services of SPHINX publish them, with labels that the grouping never sees. */
export class Stage {
  readonly facts: StagedFact[] = [];
  readonly hospital: SampleHospital;
  readonly random: SeededRandom;
  readonly #catalogue: Catalogue;
  #sequence = 0;
  readonly #victims = new Map<string, Set<string>>();
  /** Label of what is written now. */
  attack: string | null = null;
  /** Share of what happens that no sensor sees. */
  missed = 0;

  constructor(parts: { catalogue: Catalogue; hospital: SampleHospital; random: SeededRandom }) {
    this.#catalogue = parts.catalogue;
    this.hospital = parts.hospital;
    this.random = parts.random;
  }

  /** Ids of the devices that each attack takes over or harms. */
  get victims(): ReadonlyMap<string, ReadonlySet<string>> {
    return this.#victims;
  }

  /** The attack that is written now takes over or harms these devices. */
  hits(...devices: readonly SampleDevice[]): void {
    if (this.attack === null) return;
    const victims = this.#victims.get(this.attack) ?? new Set();
    for (const { id } of devices) victims.add(id);
    this.#victims.set(this.attack, victims);
  }

  /**
   * A rule over traffic matches, perhaps several times.
   *
   * @param port of the server
   * @param times matches, five seconds to two minutes apart
   */
  traffic(time: number, sid: number, client: Place, server: Place, port: number, times = 1): void {
    if (this.random.isTrue(this.missed)) return;
    const { class: ruleClass, title, severity, techniques, isOfAnswer } = this.#catalogue.network(sid);
    for (let index = 0, at = time; index < times; index++, at += this.random.whole(5_000, 2 * MINUTE_MS)) {
      const id = this.#id('det', at);
      const rule = { gid: 1, sid, revision: 1, title, set: sid >= 9_000_000 ? 'own' : 'et-open', class: ruleClass };
      const ends = [
        { ip: ipOf(client), port: this.random.whole(40_000, 60_000) },
        { ip: ipOf(server), port },
      ] as const;
      this.#write('detection.found', at, {
        id,
        rule: { ...rule, category: '', references: [], techniques: [...techniques] },
        severity,
        source: ends[isOfAnswer ? 1 : 0],
        destination: ends[isOfAnswer ? 0 : 1],
        target: null,
        transport: 'tcp',
        protocol: null,
        time: at,
        packet: { source: 'sample-incidents', number: this.#sequence, time: at },
        isSample: true,
      });
    }
  }

  /** A model finds a flow suspicious. */
  model(time: number, from: Place, to: Place, probability: number): void {
    if (this.random.isTrue(this.missed)) return;
    const rule = { gid: 30, sid: 1, revision: 1, title: 'A flow looks like an attack', set: 'model', class: '' };
    this.#write('detection.found', time, {
      id: this.#id('det', time),
      rule: { ...rule, category: '', references: [], techniques: [] },
      severity: 'medium',
      source: { ip: ipOf(from), port: this.random.whole(40_000, 60_000) },
      destination: { ip: ipOf(to), port: 443 },
      target: null,
      transport: 'tcp',
      protocol: null,
      time,
      packet: { source: 'sample-incidents', number: this.#sequence, time },
      model: { name: 'flows', probability, reasons: ['more bytes sent than received'] },
      isSample: true,
    });
  }

  /** A rule over logs fires on a host, about a user. */
  log(time: number, rule: string, host: Place, user?: string, count = 1): void {
    const where: AlertSubject = { role: 'affected', type: 'ip', value: ipOf(host) };
    const who: readonly AlertSubject[] = user === undefined ? [] : [{ role: 'actor', type: 'user', value: user }];
    this.#alert(time, 'log-rule', this.#catalogue.log(rule), [...who, where], { count });
  }

  /** Something is unlike itself. */
  anomaly(time: number, id: string, device: Place, peer?: Place, count = 1): void {
    const subjects: AlertSubject[] = [{ role: 'actor', type: 'ip', value: ipOf(device) }];
    if (peer !== undefined) subjects.push({ role: 'target', type: 'ip', value: ipOf(peer) });
    const confidence = this.random.one([0.5, 0.6, 0.7, 0.8]);
    const comparison = { expected: 'less', seen: 'more', since: time, rarity: this.random.between(0.0005, 0.02) };
    this.#alert(time, 'anomaly', this.#catalogue.anomaly(id), subjects, { count, confidence, comparison });
  }

  /** A decoy is touched, or a honeytoken turns up. */
  decoy(time: number, id: string, from: Place, at: string, user?: string): void {
    const isToken = id.startsWith('honeytoken');
    const subjects: AlertSubject[] = [
      { role: 'actor', type: 'ip', value: ipOf(from) },
      { role: 'target', type: 'ip', value: at },
    ];
    if (user !== undefined) subjects.push({ role: 'actor', type: 'user', value: user });
    this.#alert(time, isToken ? 'honeytoken' : 'decoy', this.#catalogue.decoy(id), subjects, { confidence: 0.95 });
  }

  #alert(
    time: number,
    kind: AlertKind,
    { id, title, severity, techniques }: NamedAnalytic,
    subjects: Alert['subjects'],
    more: Partial<Pick<Alert, 'count' | 'confidence' | 'comparison'>>,
  ): void {
    if (this.random.isTrue(this.missed)) return;
    this.#write('alert.raised', time, {
      id: this.#id('alt', time),
      kind,
      analytic: { id, title, set: kind === 'log-rule' ? 'sigma' : kind, version: '1', references: [] },
      severity,
      message: title,
      subjects: [...subjects],
      techniques: [...techniques],
      time,
      endTime: time,
      count: 1,
      evidence: [],
      isSample: true,
      ...more,
    });
  }

  #write(type: 'detection.found', time: number, data: Detection): void;
  #write(type: 'alert.raised', time: number, data: Alert): void;
  #write(type: 'detection.found' | 'alert.raised', time: number, data: Detection | Alert): void {
    const fields = { key: data.id, time, source: 'sample' };
    const fact =
      type === 'detection.found'
        ? createFact(type, { ...fields, data: data as Detection })
        : createFact(type, { ...fields, data: data as Alert });
    this.facts.push({ fact, attack: this.attack });
  }

  #id(prefix: string, time: number): string {
    this.#sequence += 1;
    return deterministicId(prefix, 'sample', time, this.#sequence);
  }
}
