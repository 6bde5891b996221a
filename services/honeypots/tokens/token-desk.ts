import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { type Bus, type Clock, type SensorInspection, SphinxError } from '@sphinx/platform';
import { type Alert, createFact, deterministicId } from '@sphinx/schema';
import type { Patient } from '../decoys/patients.ts';
import type { Needle } from '../process/messages.ts';
import type { Session } from '../sessions/session.ts';
import type { SessionStore } from '../sessions/session-store.ts';
import type { LogSighting } from './log-watch.ts';
import type { TokenSighting } from './sensor/inspection.ts';
import { type Honeytoken, inventValues, needlesOf, type TokenWishes } from './token.ts';
import type { TokenStore } from './token-store.ts';

const MODULE = new URL('./sensor/inspection.ts', import.meta.url).href;
const MAXIMUM_TOKENS = 200;
const HOUR_MS = 3_600_000;

export interface TokenDeskParts {
  readonly store: TokenStore;
  readonly sessions: SessionStore;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly inspection: SensorInspection;
  readonly quietHours: number;
  /** Whether a decoy stands on this address: what it hands out itself is no sighting. */
  readonly isDecoy: (address: string) => boolean;
  readonly setNeedles: (needles: readonly Needle[]) => void;
  readonly changed: () => void;
}

/** Makes planted values, and raises the alarm where one turns up: in a decoy, in traffic that a sensor reads, in logs. */
export class TokenDesk {
  readonly #parts: TokenDeskParts;
  #tokens: Honeytoken[] = [];
  #withdraw: () => void = () => undefined;

  constructor(parts: TokenDeskParts) {
    this.#parts = parts;
  }

  async open(): Promise<void> {
    this.#tokens = [...(await this.#parts.store.list())];
    this.#offer();
  }

  close(): void {
    this.#withdraw();
  }

  list(): readonly Honeytoken[] {
    return this.#tokens;
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  get(id: string): Honeytoken {
    const token = this.#tokens.find((each) => each.id === id);
    if (token === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no honeytoken ${id}.`);
    return token;
  }

  /** @throws SphinxError SPX_CONFLICT when there are too many */
  async create(wishes: TokenWishes, by: string): Promise<Honeytoken> {
    if (this.#active().length >= MAXIMUM_TOKENS) {
      throw new SphinxError('SPX_CONFLICT', `There are ${MAXIMUM_TOKENS} honeytokens already. Revoke some first.`);
    }
    const token: Honeytoken = {
      id: `tok_${randomBytes(8).toString('hex')}`,
      kind: wishes.kind,
      label: wishes.label,
      values: inventValues(wishes, randomBytes),
      createdAt: this.#parts.clock.now(),
      createdBy: by,
      revokedAt: null,
      uses: 0,
      lastUse: null,
      lastSource: '',
    };
    this.#tokens.unshift(token);
    await this.#parts.store.save(token);
    this.#offer();
    return token;
  }

  /** It raises no alarm any more. @throws SphinxError SPX_NOT_FOUND */
  async revoke(id: string): Promise<Honeytoken> {
    const token = { ...this.get(id), revokedAt: this.#parts.clock.now() };
    await this.#keep(token);
    this.#offer();
    return token;
  }

  /** Patients and examinations that were planted, as decoys have them. */
  plantedPatients(): readonly Patient[] {
    return this.#active().flatMap((token) => patientOf(token) ?? []);
  }

  /** Somebody used one in a decoy. */
  async usedInDecoy(id: string, session: Session): Promise<void> {
    const where = `in the decoy ${session.decoyName} over ${session.protocol}`;
    await this.#used(id, {
      source: session.remoteAddress,
      target: session.address,
      port: session.port,
      where,
      evidence: { kind: 'session', id: session.id, time: session.startedAt, summary: where },
      isSample: false,
    });
  }

  async #seen(sightings: readonly TokenSighting[], source: string, isSample: boolean): Promise<void> {
    for (const { token, clientIp, serverIp, serverPort, protocol, time, packet } of sightings) {
      if (this.#parts.isDecoy(serverIp)) continue;
      const where = `in ${protocol} traffic to ${serverIp} port ${serverPort}`;
      await this.#used(token, {
        source: clientIp,
        target: serverIp,
        port: serverPort,
        where,
        evidence: {
          kind: 'packet',
          id: `${source}:${packet}`,
          time,
          summary: where,
          packet: { source, number: packet, time },
        },
        isSample,
      });
    }
  }

  /** A line of somebody's log names one: who did it is the one that the line names, else the machine that wrote it. */
  async seenInLogs(sightings: readonly LogSighting[]): Promise<void> {
    for (const { token, row } of sightings) {
      const { log_id: id, time, src_ip, device_ip, device_host, dst_ip, is_sample: isSample } = row;
      const machine = device_host || device_ip || 'a machine';
      const where = `in the log of ${machine}`;
      const summary = `${where}${row.product === '' ? '' : ` (${row.product})`}`;
      await this.#used(token, {
        source: src_ip || device_ip || machine,
        target: dst_ip || device_ip || machine,
        port: undefined,
        where,
        evidence: { kind: 'log-event', id, time, summary },
        isSample,
      });
    }
  }

  /** What is looked for at the moment. */
  needles(): readonly Needle[] {
    return this.#active().flatMap(needlesOf);
  }

  async #used(id: string, use: TokenUse): Promise<void> {
    const token = this.#tokens.find((each) => each.id === id);
    if (token === undefined || token.revokedAt !== null) return;
    const now = this.#parts.clock.now();
    await this.#keep({ ...token, uses: token.uses + 1, lastUse: now, lastSource: use.source });
    const repeatKey = `token ${id} ${use.source}`;
    const known = await this.#parts.sessions.openAlert(repeatKey, now - this.#parts.quietHours * HOUR_MS);
    const alert = alertOf(token, use, known, now);
    await this.#parts.sessions.saveAlert(repeatKey, alert);
    await this.#parts.bus.publish([
      createFact('alert.raised', { key: alert.id, time: now, source: 'honeypots', data: alert }),
    ]);
    this.#parts.changed();
  }

  async #keep(token: Honeytoken): Promise<void> {
    this.#tokens = this.#tokens.map((each) => (each.id === token.id ? token : each));
    await this.#parts.store.save(token);
  }

  #active(): readonly Honeytoken[] {
    return this.#tokens.filter(({ revokedAt }) => revokedAt === null);
  }

  /** Without a planted value nothing is looked for, and no sensor thread does anything for it. */
  #offer(): void {
    const needles = this.needles();
    this.#parts.setNeedles(needles);
    this.#withdraw();
    this.#withdraw = () => undefined;
    if (needles.length === 0) return;
    this.#withdraw = this.#parts.inspection.offer({
      by: 'honeypots',
      module: MODULE,
      data: { needles },
      isDivisible: true,
      // Made by sensor/inspection.ts, which is the module that is offered.
      take: (findings, { source, isSample }) => this.#seen(findings as readonly TokenSighting[], source, isSample),
    });
  }
}

interface TokenUse {
  readonly source: string;
  readonly target: string;
  readonly port: number | undefined;
  readonly where: string;
  readonly evidence: Alert['evidence'][number];
  readonly isSample: boolean;
}

const TECHNIQUES: Readonly<Record<Honeytoken['kind'], readonly string[]>> = {
  credential: ['T1078', 'T1552'],
  patient: ['T1213'],
  'dicom-study': ['T1213'],
  document: ['T1005', 'T1039'],
  'dns-name': ['T1018'],
};
const TITLES: Readonly<Record<Honeytoken['kind'], string>> = {
  credential: 'A planted account was used',
  patient: 'A planted patient was looked for',
  'dicom-study': 'A planted examination was looked for',
  document: 'A planted document was opened',
  'dns-name': 'A planted name was looked up',
};
const MAXIMUM_EVIDENCE = 50;

function alertOf(token: Honeytoken, use: TokenUse, known: Alert | undefined, now: number): Alert {
  const title = TITLES[token.kind];
  return {
    id: known?.id ?? deterministicId('alt', 'honeytoken', token.id, use.source, now),
    kind: 'honeytoken',
    analytic: { id: token.id, title, set: 'honeytokens', version: '1', references: [] },
    severity: token.kind === 'dns-name' ? 'high' : 'critical',
    confidence: 0.99,
    message:
      `${title} ${use.where} by ${use.source}. It was planted: ${token.label}. Nobody has a reason to use it.`.slice(
        0,
        2000,
      ),
    subjects: [
      { role: 'actor', ...subjectOf(use.source) },
      { role: 'target', ...subjectOf(use.target), ...(use.port === undefined ? {} : { port: use.port }) },
      ...(token.kind === 'credential'
        ? [{ role: 'affected', type: 'account', value: token.values.user ?? token.id } as const]
        : []),
    ],
    techniques: [...TECHNIQUES[token.kind]],
    time: known?.time ?? use.evidence.time,
    endTime: Math.max(now, use.evidence.time),
    count: (known?.count ?? 0) + 1,
    evidence: [...(known?.evidence ?? []), use.evidence].slice(-MAXIMUM_EVIDENCE),
    isSample: use.isSample,
  };
}

function subjectOf(value: string): Pick<Alert['subjects'][number], 'type' | 'value'> {
  return { type: isIP(value) === 0 ? 'hostname' : 'ip', value };
}

function patientOf({ kind, values, createdAt }: Honeytoken): Patient | undefined {
  if (kind !== 'patient' && kind !== 'dicom-study') return undefined;
  const [family = 'Unknown', given = ''] = (values.name ?? 'Neumann^Erika').split('^');
  const uid = values.studyUid ?? `2.25.${createdAt}`;
  return {
    id: values.patientId ?? '',
    family,
    given,
    sex: 'F',
    born: values.birthDate ?? '19640521',
    ward: 'INT1',
    physician: 'Hoffmann^Petra',
    studies: [
      {
        uid,
        seriesUid: `${uid}.1`.slice(0, 64),
        id: '4711',
        accession: 'A4711',
        date: new Date(createdAt).toISOString().slice(0, 10).replaceAll('-', ''),
        time: '081500',
        modality: 'CT',
        sopClass: '1.2.840.10008.5.1.4.1.1.2',
        description: 'CT Thorax',
        bodyPart: 'CHEST',
        images: 212,
      },
    ],
  };
}
