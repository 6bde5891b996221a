import { Duplex } from 'node:stream';
import type { ProbeNetwork } from '../connection/network.ts';

/** What an invented server does with what it hears: bytes to send, or `close`. */
export type Script = (heard: Buffer, connection: number) => readonly (Uint8Array | 'close')[];

export interface ScriptedNetwork extends ProbeNetwork {
  /** Connections that were opened. */
  readonly opened: number;
  readonly heard: readonly Buffer[];
}

/** A network with one invented server behind every port. `greet` is sent when a connection opens. */
export function scriptedNetwork(answer: Script, greet: readonly Uint8Array[] = []): ScriptedNetwork {
  let opened = 0;
  const heard: Buffer[] = [];
  const play = (script: ReturnType<Script>, send: (bytes: Uint8Array) => void, close: () => void) => {
    for (const step of script) {
      if (step === 'close') close();
      else send(step);
    }
  };
  return {
    get opened() {
      return opened;
    },
    heard,
    async openTcp() {
      opened += 1;
      const connection = opened;
      const stream = new Duplex({
        read() {},
        write(bytes: Buffer, _encoding, done) {
          heard.push(bytes);
          const send = (part: Uint8Array) => stream.readableEnded || stream.push(part);
          play(answer(bytes, connection), send, () => stream.push(null));
          done();
        },
      });
      for (const bytes of greet) stream.push(bytes);
      return { stream, localAddress: '192.0.2.1', localPort: 40_000 + connection };
    },
    async openUdp() {
      opened += 1;
      let take: (bytes: Uint8Array) => void = () => {};
      return {
        localAddress: '192.0.2.1',
        localPort: 40_000,
        send(bytes) {
          heard.push(Buffer.from(bytes));
          play(
            answer(Buffer.from(bytes), opened),
            (part) => setImmediate(() => take(part)),
            () => {},
          );
        },
        onMessage(listener) {
          take = listener;
        },
        close() {},
      };
    },
  };
}
