import { once } from 'node:events';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { type Logger, SphinxError } from '@sphinx/platform';
import { packFrame, readFrames, sendFrame } from './frames.ts';
import { type CentreToSensor, SensorToCentre } from './messages.ts';
import type { RemoteBatch } from './remote-batch.ts';
import type { SensorRegistry } from './sensor-registry.ts';

const MAXIMUM_CONNECTIONS = 512;
const HANDSHAKE_LIMIT_MS = 15_000;
/** A sensor tells how it is every five seconds; a line that is silent for so long is dead. */
const SILENCE_LIMIT_MS = 60_000;
const FAREWELL_LIMIT_MS = 2000;

/** What takes batches in. */
export interface BatchReceiver {
  /** Resolves when the batch is durable. @param isRepeated an attempt before this one was cut off by a crash */
  receive(sensor: { id: string; name: string }, batch: RemoteBatch, isRepeated: boolean): Promise<void>;
  /** A sensor came, went, or told how it is. */
  changed(): void;
}

/** Takes connections of remote sensors: TLS 1.3 with certificates on both sides, but for the one question that enrols. */
export class SensorGateway {
  readonly #registry: SensorRegistry;
  readonly #receiver: BatchReceiver;
  readonly #logger: Logger;
  readonly #sockets = new Map<TLSSocket, string | undefined>();
  readonly #sessions = new Set<Promise<void>>();
  #server: Server | undefined;

  constructor(registry: SensorRegistry, receiver: BatchReceiver, logger: Logger) {
    this.#registry = registry;
    this.#receiver = receiver;
    this.#logger = logger;
  }

  /** @throws SphinxError SPX_UNAVAILABLE when the port cannot be had */
  async listen(host: string, port: number): Promise<void> {
    if (this.#server !== undefined) return;
    const { certificate, privateKey } = await this.#registry.serverCertificate();
    const ca = (await this.#registry.authority()).certificate;
    // Who shows no certificate may ask to be enrolled, and nothing else.
    const options = { cert: certificate, key: privateKey, ca, requestCert: true, rejectUnauthorized: false };
    const server = createServer({ ...options, minVersion: 'TLSv1.3', handshakeTimeout: HANDSHAKE_LIMIT_MS });
    server.maxConnections = MAXIMUM_CONNECTIONS;
    server.on('secureConnection', (socket) => this.#accept(socket));
    this.#server = server;
    try {
      server.listen(port, host);
      await once(server, 'listening');
    } catch (cause) {
      this.#server = undefined;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new SphinxError('SPX_UNAVAILABLE', `Remote sensors cannot come in on ${host} port ${port}: ${reason}`, {
        cause,
      });
    }
  }

  /** Ends the connection of a sensor that was removed. */
  disconnect(sensorId: string): void {
    for (const [socket, id] of this.#sockets) if (id === sensorId) socket.destroy();
  }

  async close(): Promise<void> {
    this.#server?.close();
    for (const socket of this.#sockets.keys()) socket.destroy();
    await Promise.all(this.#sessions);
  }

  #accept(socket: TLSSocket): void {
    this.#sockets.set(socket, undefined);
    socket.setTimeout(SILENCE_LIMIT_MS, () => socket.destroy());
    socket.on('error', () => undefined);
    const session = this.#serve(socket)
      .catch((error: unknown) => this.#refuse(socket, error))
      .finally(async () => {
        // What was answered last is on its way out.
        socket.end();
        if (!socket.closed) {
          await once(socket, 'close', { signal: AbortSignal.timeout(FAREWELL_LIMIT_MS) }).catch(() => socket.destroy());
        }
        const sensor = this.#sockets.get(socket);
        this.#sockets.delete(socket);
        this.#sessions.delete(session);
        if (sensor === undefined || [...this.#sockets.values()].includes(sensor)) return;
        this.#registry.connected.delete(sensor);
        this.#receiver.changed();
      });
    this.#sessions.add(session);
  }

  async #serve(socket: TLSSocket): Promise<void> {
    if (!socket.authorized) {
      await this.#enrol(socket);
      return;
    }
    const { raw } = socket.getPeerCertificate();
    const sensor = await this.#registry.identify(raw);
    if (sensor === undefined) throw new SphinxError('SPX_FORBIDDEN', 'This sensor was removed. Enrol it anew.');
    this.#sockets.set(socket, sensor.id);
    this.#registry.connected.add(sensor.id);
    await this.#converse(socket, sensor, raw);
  }

  async #enrol(socket: TLSSocket): Promise<void> {
    for await (const frame of readFrames(socket)) {
      const message = SensorToCentre.parse(frame);
      if (message.kind !== 'enrol') throw new SphinxError('SPX_UNAUTHENTICATED', 'This sensor is not enrolled here.');
      const enrolled = await this.#registry.enrol(message.token, message.publicKey);
      await answer(socket, { kind: 'enrolled', ...enrolled });
      this.#receiver.changed();
      return;
    }
  }

  async #converse(socket: TLSSocket, sensor: { id: string; name: string }, raw: Uint8Array): Promise<void> {
    let accepted = 0;
    let applying = 0;
    let isWelcome = false;
    for await (const frame of readFrames(socket)) {
      const message = SensorToCentre.parse(frame);
      if (message.kind === 'hello') {
        ({ accepted, applying } = await this.#registry.progress(sensor.id, message.spool));
        const certificate = await this.#registry.renew(sensor.id, raw);
        isWelcome = true;
        await answer(socket, { kind: 'welcome', accepted, ...(certificate === undefined ? {} : { certificate }) });
      }
      if (message.kind === 'hello' || message.kind === 'status') {
        await this.#registry.noteStatus(sensor.id, message.status);
        this.#receiver.changed();
      }
      if (message.kind !== 'batch' || !isWelcome) continue;
      const { sequence, batch } = message;
      // What came before is answered again and not taken in twice.
      if (sequence > accepted) {
        await this.#registry.begin(sensor.id, sequence);
        await this.#receiver.receive(sensor, batch, sequence === applying);
        await this.#registry.accept(sensor.id, sequence);
        accepted = sequence;
      }
      await answer(socket, { kind: 'accepted', sequence: accepted });
    }
  }

  async #refuse(socket: TLSSocket, error: unknown): Promise<void> {
    const reason = error instanceof SphinxError ? error.message : 'The centre could not make sense of that, or failed.';
    if (!(error instanceof SphinxError)) {
      this.#logger.warn('A connection of a remote sensor ended', { reason: String(error) });
    }
    if (!socket.destroyed) await answer(socket, { kind: 'refused', reason });
  }
}

function answer(socket: TLSSocket, message: CentreToSensor): Promise<void> {
  return sendFrame(socket, packFrame(message));
}
