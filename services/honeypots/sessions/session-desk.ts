import type { Logger } from '@sphinx/platform';
import type { FromProcess, SessionStart } from '../process/messages.ts';
import type { SampleDesk } from '../samples/sample-desk.ts';
import type { AlertDesk } from './alert-desk.ts';
import type { Behaviour } from './behaviour.ts';
import { SignReader } from './behaviour.ts';
import { OpenSession } from './open-session.ts';
import type { Session } from './session.ts';
import type { SessionEvent } from './session-event.ts';
import type { SessionStore } from './session-store.ts';
import { SourceRecords } from './source-records.ts';

/** Messages that may wait while the store works; beyond it steps of sessions are dropped and counted. */
const MAXIMUM_WAITING = 20_000;

export interface SessionDeskParts {
  readonly store: SessionStore;
  readonly alerts: AlertDesk;
  readonly samples: SampleDesk;
  readonly behaviour: Behaviour;
  readonly logger: Logger;
  readonly now: () => number;
  /** Name and title of a decoy; undefined where it is gone. */
  readonly decoyOf: (id: string) => { readonly name: string; readonly title: string } | undefined;
  readonly usedToken: (token: string, session: Session) => Promise<void>;
  readonly changed: () => void;
}

/** Takes what the process of the decoys tells: keeps sessions, judges them, has alerts raised. */
export class SessionDesk {
  readonly #parts: SessionDeskParts;
  readonly #signs: SignReader;
  readonly #open = new Map<string, OpenSession>();
  readonly #sources = new SourceRecords();
  readonly #awaited = new Map<string, (() => void)[]>();
  #work: Promise<void> = Promise.resolve();
  #waiting = 0;
  /** Messages that there was no room for. */
  dropped = 0;

  constructor(parts: SessionDeskParts) {
    this.#parts = parts;
    this.#signs = new SignReader(parts.behaviour);
  }

  get openSessions(): number {
    return this.#open.size;
  }

  /** In the order in which they come, one after the other. */
  take(message: FromProcess): void {
    if (this.#waiting >= MAXIMUM_WAITING && message.kind !== 'ended') {
      this.dropped += 1;
      return;
    }
    this.#waiting += 1;
    this.#work = this.#work
      .then(() => this.#handle(message))
      .catch((error) => this.#parts.logger.error('A session of a decoy was not kept', { error: String(error) }))
      .finally(() => {
        this.#waiting -= 1;
      });
  }

  /** Resolves when everything that came is kept. */
  async settled(): Promise<void> {
    await this.#work;
    await this.#parts.alerts.flush();
  }

  /** A session that still goes on. */
  live(id: string): Session | undefined {
    const open = this.#open.get(id);
    return open === undefined ? undefined : this.#describe(open);
  }

  /** Resolves when a session is over and kept; at once where it does not go on. */
  async over(id: string): Promise<void> {
    await this.#work;
    if (!this.#open.has(id)) return;
    await new Promise<void>((resolve) => this.#awaited.set(id, [...(this.#awaited.get(id) ?? []), resolve]));
  }

  async #handle(message: FromProcess): Promise<void> {
    switch (message.kind) {
      case 'session':
        await this.#begin(message.session);
        break;
      case 'events':
        await this.#events(message.session, message.events);
        break;
      case 'sample':
        await this.#sample(message.session, message.name, message.content);
        break;
      case 'ended':
        await this.#end(message);
        break;
      case 'refused':
        this.#parts.alerts.takeRefused(message.decoy, message.remoteAddress, message.count);
        break;
      default:
        break;
    }
  }

  async #begin(start: SessionStart): Promise<void> {
    const decoy = this.#parts.decoyOf(start.decoy);
    if (decoy === undefined) return;
    const service = `${start.decoy} ${start.address} ${start.port}`;
    if (!this.#sources.began(start.remoteAddress, service, this.#parts.now())) {
      this.#parts.alerts.takeRefused(start.decoy, start.remoteAddress, 1);
      return;
    }
    const session = new OpenSession(start, decoy.name);
    this.#open.set(start.id, session);
    await this.#keep(session);
  }

  async #events(id: string, events: readonly SessionEvent[]): Promise<void> {
    const session = this.#open.get(id);
    if (session === undefined) return;
    let isNews = false;
    for (const event of events) {
      const tokens = session.tokens.size;
      isNews = session.take(event, this.#signs) || isNews;
      if (event.kind === 'log-on') await this.#logOn(session.start, event);
      if (session.tokens.size > tokens) await this.#parts.usedToken(String(event.data?.token), this.#describe(session));
    }
    if (isNews) await this.#keep(session);
  }

  async #logOn({ protocol, remoteAddress }: SessionStart, { data }: SessionEvent): Promise<void> {
    const now = this.#parts.now();
    this.#sources.triedLogOn(remoteAddress, now);
    const tried = {
      protocol,
      user: String(data?.user ?? ''),
      secret: String(data?.secret ?? ''),
      lastSeen: now,
      lastSource: remoteAddress,
    };
    await this.#parts.store.countCredential(tried, data?.isAccepted === true);
  }

  async #sample(id: string, name: string, content: Uint8Array): Promise<void> {
    const session = this.#open.get(id);
    if (session === undefined) return;
    session.addSample(await this.#parts.samples.take(id, name, content, this.#parts.now()));
    await this.#keep(session);
  }

  async #end({
    session: id,
    endedAt,
    bytesIn,
    bytesOut,
    frames,
  }: Extract<FromProcess, { kind: 'ended' }>): Promise<void> {
    const session = this.#open.get(id);
    if (session === undefined) return;
    this.#open.delete(id);
    session.endedAt = endedAt;
    session.bytesIn = bytesIn;
    session.bytesOut = bytesOut;
    session.frames = frames;
    try {
      await this.#keep(session);
    } finally {
      for (const resolve of this.#awaited.get(id) ?? []) resolve();
      this.#awaited.delete(id);
    }
  }

  async #keep(open: OpenSession): Promise<void> {
    const session = this.#describe(open);
    await this.#parts.store.save(session, open.frames);
    const decoy = this.#parts.decoyOf(session.decoy);
    if (decoy !== undefined) await this.#parts.alerts.take(session, decoy.title);
    this.#parts.changed();
  }

  #describe(open: OpenSession): Session {
    return open.describe(this.#parts.behaviour, this.#sources.get(open.start.remoteAddress, this.#parts.now()));
  }
}
