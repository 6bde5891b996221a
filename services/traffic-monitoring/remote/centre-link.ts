import { setTimeout as delay } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { dial, type SensorIdentity } from './enrolment.ts';
import { packFrame, readFrames, sendFrame } from './frames.ts';
import { CentreToSensor, type SensorStatus, type SensorToCentre } from './messages.ts';
import type { Spool } from './spool.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const STATUS_INTERVAL_MS = 5000;
/** Batches that may be on their way without an answer. */
const WINDOW = 8;

/** What the owner of a link is told. */
export interface LinkEvents {
  /** @param state `up`, or why it is down */
  onState(state: 'up' | { readonly reason: string }): void;
  /** The centre wants this certificate to be used from now on. */
  onCertificate(certificate: string): Promise<void>;
}

/**
 * Brings what waits in the spool to the centre, for as long as it takes: after every interruption it goes on where the
 * centre says that it has everything.
 */
export class CentreLink {
  #identity: SensorIdentity;
  readonly #spool: Spool;
  readonly #status: () => SensorStatus;
  readonly #events: LinkEvents;

  constructor(identity: SensorIdentity, spool: Spool, status: () => SensorStatus, events: LinkEvents) {
    this.#identity = identity;
    this.#spool = spool;
    this.#status = status;
    this.#events = events;
  }

  /** Resolves when `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      try {
        await this.#session(signal, () => {
          pauseMs = FIRST_PAUSE_MS;
        });
      } catch (error) {
        if (signal.aborted) return;
        this.#events.onState({ reason: error instanceof Error ? error.message : String(error) });
      }
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    }
  }

  async #session(signal: AbortSignal, onWelcome: () => void): Promise<void> {
    const { host, port, authority, privateKey, certificate } = this.#identity;
    const socket = await dial(host, port, { ca: authority, key: privateKey, cert: certificate });
    const ended = new AbortController();
    const stop = () => socket.destroy();
    signal.addEventListener('abort', stop, { once: true });
    socket.once('close', () => ended.abort());
    const send = (message: SensorToCentre) => sendFrame(socket, packFrame(message));
    const timer = setInterval(() => void send({ kind: 'status', status: this.#status() }), STATUS_INTERVAL_MS);
    try {
      await send({ kind: 'hello', spool: this.#spool.id, status: this.#status() });
      await this.#exchange(socket, send, ended.signal, onWelcome);
    } finally {
      clearInterval(timer);
      signal.removeEventListener('abort', stop);
      socket.destroy();
      ended.abort();
    }
  }

  async #exchange(
    socket: TLSSocket,
    send: (message: SensorToCentre) => Promise<void>,
    ended: AbortSignal,
    onWelcome: () => void,
  ): Promise<void> {
    const window = new Window();
    let sending: Promise<void> | undefined;
    for await (const frame of readFrames(socket)) {
      const message = CentreToSensor.parse(frame);
      switch (message.kind) {
        case 'welcome':
          onWelcome();
          this.#events.onState('up');
          if (message.certificate !== undefined) await this.#renew(message.certificate);
          await this.#spool.accept(message.accepted);
          sending ??= this.#sendBatches(message.accepted, send, window, ended);
          sending.catch((error: Error) => socket.destroy(error));
          break;
        case 'accepted':
          window.release();
          await this.#spool.accept(message.sequence);
          break;
        case 'refused':
          throw new Error(message.reason);
        default:
          break;
      }
    }
    throw new Error('The centre closed the connection.');
  }

  async #sendBatches(
    accepted: number,
    send: (message: SensorToCentre) => Promise<void>,
    window: Window,
    ended: AbortSignal,
  ): Promise<void> {
    let sent = accepted;
    for (;;) {
      const next = await this.#spool.after(sent, ended);
      if (next === undefined) return;
      await window.enter(ended);
      if (ended.aborted) return;
      await send({ kind: 'batch', ...next });
      sent = next.sequence;
    }
  }

  async #renew(certificate: string): Promise<void> {
    this.#identity = { ...this.#identity, certificate };
    await this.#events.onCertificate(certificate);
  }
}

/** Lets as many in as may be on their way. */
class Window {
  #inside = 0;
  #wake: (() => void) | undefined;

  async enter(ended: AbortSignal): Promise<void> {
    while (this.#inside >= WINDOW && !ended.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        ended.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    this.#inside += 1;
  }

  release(): void {
    this.#inside -= 1;
    this.#wake?.();
  }
}
