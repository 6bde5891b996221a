import type { Detection, Direction, ParserContext, Protocol, StreamParser, StreamState } from './protocol.ts';
import { ssh } from './ssh/protocol.ts';
import { tls } from './tls/protocol.ts';

/** Rooms whose first messages tell of the client alone. */
const ROOMS = [tls, ssh] as unknown as readonly Protocol[];
/** Inside a tunnel a protocol shows itself at once, or is left alone. */
const MAXIMUM_SAMPLE_BYTES = 512;

/**
 * What goes through a proxy once that has opened the way (SOCKS, HTTP CONNECT). The connection ends at the proxy, so only
 * what the client says of itself is told: what the far end says is nothing about the proxy, whose address the flow has. Who
 * looks on sees both, whatever the protocol.
 */
export class TunnelledStream implements StreamParser {
  readonly #context: ParserContext;
  readonly #begun = { 'to-server': new Uint8Array(0), 'to-client': new Uint8Array(0) };
  #candidates: readonly Protocol[] | undefined;
  #inner: StreamParser | undefined;

  constructor(context: ParserContext) {
    this.#context = context;
    context.tunnel?.enter(undefined);
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    if (this.#inner !== undefined) return this.#inner.push(direction, bytes);
    this.#candidates ??= this.#context.tunnel?.candidates(bytes[0] ?? 0) ?? ROOMS;
    const begun = Buffer.concat([this.#begun[direction], bytes]);
    this.#begun[direction] = new Uint8Array(begun);
    const room = this.#detect(this.#candidates);
    if (room !== undefined) return this.#enter(room);
    return this.#candidates.length > 0 && begun.length < MAXIMUM_SAMPLE_BYTES ? 'continue' : 'finished';
  }

  gap(direction: Direction, length: number): StreamState {
    return this.#inner?.gap(direction, length) ?? 'finished';
  }

  end(): void {
    this.#inner?.end();
  }

  #detect(candidates: readonly Protocol[]): Protocol | undefined {
    const { clientPort, serverPort } = this.#context;
    const [toServer, toClient] = [this.#begun['to-server'], this.#begun['to-client']].map((bytes) =>
      bytes.subarray(0, MAXIMUM_SAMPLE_BYTES),
    );
    const answers = new Map<Protocol, Detection>();
    for (const room of candidates) {
      const none = new Uint8Array(0);
      const sample = { transport: 'tcp', clientPort, serverPort } as const;
      answers.set(room, room.detect({ ...sample, toServer: toServer ?? none, toClient: toClient ?? none }));
    }
    this.#candidates = candidates.filter((room) => answers.get(room) !== 'reject');
    return this.#candidates.find((room) => answers.get(room) === 'match');
  }

  #enter(room: Protocol): StreamState {
    const inner = room.createStreamParser?.(this.#context.tunnel?.enter(room) ?? this.#clientOnly());
    if (inner === undefined) return 'finished';
    this.#inner = inner;
    let state: StreamState = 'continue';
    for (const direction of ['to-server', 'to-client'] as const) {
      const bytes = this.#begun[direction];
      if (bytes.length > 0 && state === 'continue') state = inner.push(direction, bytes);
      this.#begun[direction] = new Uint8Array(0);
    }
    return state;
  }

  #clientOnly(): ParserContext {
    const { clientPort, serverPort } = this.#context;
    return {
      transport: 'tcp',
      clientPort,
      serverPort,
      emit: (record, direction) => {
        if (direction === 'to-server') this.#context.emit(record, direction);
      },
      handOver: () => {},
    };
  }
}
