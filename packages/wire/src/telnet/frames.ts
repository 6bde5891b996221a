import { ByteCollector } from '../bytes/byte-collector.ts';
import type { Direction, ParserContext } from '../protocol.ts';
import { IAC, SUBNEGOTIATION, SUBNEGOTIATION_END, WILL } from './commands.ts';

const LF = 10;
const MAXIMUM_BYTES = 4096;

/** Shows commands (RFC 854, RFC 855) and lines of one direction to rules on frames, both also as `pdu`. */
export class TelnetFrames {
  readonly #direction: Direction;
  readonly #give: NonNullable<ParserContext['frame']>;
  readonly #begun = new ByteCollector(MAXIMUM_BYTES);
  #isCommand = false;

  constructor(direction: Direction, give: NonNullable<ParserContext['frame']>) {
    this.#direction = direction;
    this.#give = give;
  }

  push(bytes: Uint8Array): void {
    for (let offset = 0; offset < bytes.length; offset++) {
      const byte = bytes[offset] ?? 0;
      // A command ends the line before it.
      if (byte === IAC && !this.#isCommand) this.show();
      if (this.#begun.length === 0) this.#isCommand = byte === IAC;
      this.#begun.add(bytes.subarray(offset, offset + 1));
      if (this.#begun.isFull || (this.#isCommand ? endsCommand(this.#begun.view()) : byte === LF)) this.show();
    }
  }

  /** What has come of a line or a command: no more of it will. */
  show(): void {
    const frame = this.#begun.view();
    if (frame.length === 0) return;
    this.#give(this.#direction, 'pdu', frame);
    this.#give(this.#direction, this.#isCommand ? 'ctl' : 'data', frame);
    this.#begun.clear();
  }
}

/** IAC and a command, with an option behind the verbs, and all of a subnegotiation up to its end. */
function endsCommand(command: Uint8Array): boolean {
  if (command.length < 2) return false;
  const verb = command[1] ?? 0;
  if (verb === SUBNEGOTIATION) {
    return command.length > 3 && command.at(-2) === IAC && command.at(-1) === SUBNEGOTIATION_END;
  }
  return verb < WILL || verb === IAC || command.length === 3;
}
