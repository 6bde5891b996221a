import type { Bus } from '@sphinx/platform';
import { type Alert, createFact, deterministicId } from '@sphinx/schema';
import { isInNetworks } from '../decoys/addresses.ts';
import { graver } from './classify.ts';
import type { Session } from './session.ts';
import type { SessionStore } from './session-store.ts';

const HOUR_MS = 3_600_000;
/** An alert that only grows is told again at most this often. */
const GROWING_EVERY_MS = 60_000;
const MAXIMUM_EVIDENCE = 50;
/** Sources whose connections are counted between two tellings. */
const MAXIMUM_COUNTED = 10_000;
const MAXIMUM_TECHNIQUES = 50;

export interface AlertDeskParts {
  readonly store: SessionStore;
  readonly bus: Bus;
  readonly quietHours: number;
  readonly ignoredSources: readonly string[];
  readonly now: () => number;
}

/** One source on one decoy is one alert, which grows for some hours: what it does there is told once, not a hundred times. */
export class AlertDesk {
  readonly #parts: AlertDeskParts;
  /** Alerts whose growth was not told yet, by repeat key. */
  readonly #growing = new Map<string, Alert>();
  readonly #toldAt = new Map<string, number>();
  #refused = new Map<string, number>();

  constructor(parts: AlertDeskParts) {
    this.#parts = parts;
  }

  /** Takes what is known of a session so far. */
  async take(session: Session, title: string): Promise<void> {
    if (isInNetworks(session.remoteAddress, this.#parts.ignoredSources)) return;
    const repeatKey = `${session.decoy} ${session.remoteAddress}`;
    const now = this.#parts.now();
    const known =
      this.#growing.get(repeatKey) ??
      (await this.#parts.store.openAlert(repeatKey, now - this.#parts.quietHours * HOUR_MS));
    const alert = known === undefined ? newAlert(session, title, now) : grown(known, session, title, now);
    await this.#parts.store.saveAlert(repeatKey, alert);
    const isWorse = known === undefined || known.severity !== alert.severity || isNews(known, alert);
    this.#growing.set(repeatKey, alert);
    if (isWorse || now - (this.#toldAt.get(repeatKey) ?? 0) > GROWING_EVERY_MS) await this.#tell(repeatKey, alert);
  }

  /** Counts connections of a source that were turned away; a flood costs no more than a number until it is told. */
  takeRefused(decoy: string, source: string, count: number): void {
    const repeatKey = `${decoy} ${source}`;
    if (!this.#refused.has(repeatKey) && this.#refused.size >= MAXIMUM_COUNTED) return;
    this.#refused.set(repeatKey, (this.#refused.get(repeatKey) ?? 0) + count);
  }

  /** Tells what grew since it was told last. */
  async flush(): Promise<void> {
    const refused = this.#refused;
    this.#refused = new Map();
    const now = this.#parts.now();
    for (const [repeatKey, count] of refused) {
      const since = now - this.#parts.quietHours * HOUR_MS;
      const alert = this.#growing.get(repeatKey) ?? (await this.#parts.store.openAlert(repeatKey, since));
      if (alert === undefined) continue;
      const counted = { ...alert, count: alert.count + count, endTime: Math.max(alert.endTime, now) };
      await this.#parts.store.saveAlert(repeatKey, counted);
      this.#growing.set(repeatKey, counted);
    }
    for (const [repeatKey, alert] of [...this.#growing]) await this.#tell(repeatKey, alert);
    if (this.#toldAt.size > MAXIMUM_COUNTED) this.#toldAt.clear();
  }

  async #tell(repeatKey: string, alert: Alert): Promise<void> {
    this.#growing.delete(repeatKey);
    this.#toldAt.set(repeatKey, this.#parts.now());
    await this.#parts.bus.publish([
      createFact('alert.raised', { key: alert.id, time: alert.endTime, source: 'honeypots', data: alert }),
    ]);
  }
}

function isNews(before: Alert, after: Alert): boolean {
  return after.techniques.length > before.techniques.length;
}

function newAlert(session: Session, title: string, now: number): Alert {
  const alert: Alert = {
    id: deterministicId('alt', 'decoy', session.decoy, session.remoteAddress, session.startedAt),
    kind: 'decoy',
    analytic: { id: `decoy-${session.decoy}`, title, set: 'decoys', version: '1', references: [] },
    severity: session.severity,
    // Nobody has any business in a decoy; what is left is a scanner of one's own, or a wrong address.
    confidence: 0.95,
    message: '',
    subjects: [],
    techniques: [],
    time: session.startedAt,
    endTime: now,
    count: 0,
    evidence: [],
    isSample: false,
  };
  return grown(alert, session, title, now);
}

function grown(alert: Alert, session: Session, title: string, now: number): Alert {
  const own = evidenceOf(session);
  const others = alert.evidence.filter(({ id }) => id !== session.id);
  const isNew = others.length === alert.evidence.length;
  return {
    ...alert,
    severity: graver(alert.severity, session.severity),
    message: messageOf(session, title),
    subjects: [
      { role: 'actor', type: 'ip', value: session.remoteAddress },
      { role: 'target', type: 'ip', value: session.address, port: session.port },
      {
        role: 'target',
        type: 'service',
        value: `${session.protocol} of the decoy ${session.decoyName}`,
        port: session.port,
      },
    ],
    techniques: [...new Set([...alert.techniques, ...session.techniques])].sort().slice(0, MAXIMUM_TECHNIQUES),
    endTime: Math.max(alert.endTime, now),
    count: alert.count + (isNew ? 1 : 0),
    evidence: [...others, own].slice(-MAXIMUM_EVIDENCE),
  };
}

function evidenceOf(session: Session): Alert['evidence'][number] {
  const deeds = session.events.filter(({ kind }) => kind !== 'client').slice(-5);
  const summary = [
    `${session.protocol}: ${session.visitor}`,
    ...deeds.map(({ kind, text }) => (kind === 'log-on' ? 'log-on tried' : text)),
  ].join('; ');
  return { kind: 'session', id: session.id, time: session.startedAt, summary: summary.slice(0, 1000) };
}

function messageOf(session: Session, title: string): string {
  const { remoteAddress, decoyName, protocol, reasons, visitor, logOns, commands, samples } = session;
  const done = [
    ...(logOns > 0 ? [`${logOns} ${logOns === 1 ? 'log-on' : 'log-ons'} tried`] : []),
    ...(commands > 0 ? [`${commands} ${commands === 1 ? 'command' : 'commands'}`] : []),
    ...(samples.length > 0 ? [`${samples.length} ${samples.length === 1 ? 'file' : 'files'} left behind`] : []),
  ];
  const who =
    visitor === 'unknown'
      ? 'Somebody'
      : {
          scanner: 'A scanner',
          'brute-force': 'Somebody who guesses passwords',
          human: 'A person',
          malware: 'A program',
        }[visitor];
  const what = done.length === 0 ? '' : ` (${done.join(', ')})`;
  return `${who} at ${remoteAddress} talks ${protocol} to the decoy ${decoyName}, a ${title.toLowerCase()} that does not exist${what}. ${capital(reasons[0] ?? '')}.`.slice(
    0,
    2000,
  );
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
