import { cleanText, latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import type {
  Detection,
  DetectionSample,
  Direction,
  ParserContext,
  Protocol,
  ProtocolRecord,
  StreamParser,
  StreamState,
} from '../protocol.ts';
import { DONT, IAC, SUBNEGOTIATION, SUBNEGOTIATION_END, WILL } from './commands.ts';
import { TelnetFrames } from './frames.ts';

const MAXIMUM_BANNER = 512;

export interface TelnetRecord extends ProtocolRecord {
  readonly protocol: 'telnet';
  readonly activity: 'banner';
  readonly text: string;
}

/** Telnet (RFC 854): the text before the first key of the person, with option negotiation taken out; nothing after it. */
class TelnetParser implements StreamParser {
  readonly #context: ParserContext<TelnetRecord>;
  readonly #filters = { 'to-server': new NegotiationFilter(), 'to-client': new NegotiationFilter() };
  /** Where rules look at all that is said. */
  readonly #frames: Readonly<Record<Direction, TelnetFrames>> | undefined;
  #banner = '';
  #isTold = false;

  constructor(context: ParserContext<TelnetRecord>) {
    this.#context = context;
    const { frame } = context;
    if (frame === undefined) return;
    this.#frames = {
      'to-server': new TelnetFrames('to-server', frame),
      'to-client': new TelnetFrames('to-client', frame),
    };
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    this.#frames?.[direction].push(bytes);
    if (this.#isTold) return 'continue';
    const text = this.#filters[direction].text(bytes);
    if (direction === 'to-client') {
      this.#banner = (this.#banner + text).slice(0, MAXIMUM_BANNER);
      return 'continue';
    }
    if (text === '') return 'continue';
    this.#emit();
    return this.#frames === undefined ? 'finished' : 'continue';
  }

  gap(): StreamState {
    this.#emit();
    return 'finished';
  }

  end(): void {
    this.#frames?.['to-server'].show();
    this.#frames?.['to-client'].show();
    this.#emit();
  }

  #emit(): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#context.emit({ protocol: 'telnet', activity: 'banner', text: cleanText(this.#banner) }, 'to-client');
  }
}

export const telnet: Protocol<TelnetRecord> = {
  id: 'telnet',
  title: 'Telnet',
  standards: ['RFC 854', 'RFC 855'],
  transports: ['tcp'],
  usualPorts: [23, 2323],
  isEncrypted: false,
  isClinical: false,
  detect: detectTelnet,
  createStreamParser: (context) => new TelnetParser(context),
  evidence: ({ text }) => [...draft('telnet.server', 'true', 'server'), ...draft('telnet.banner', text, 'server')],
};

/** Option negotiation from either side: IAC, a verb, an option (RFC 855). */
function detectTelnet({ toServer, toClient }: DetectionSample): Detection {
  const bytes = toClient.length > 0 ? toClient : toServer;
  if (bytes.length === 0) return 'undecided';
  const [iac, verb = 0, option = 0] = bytes;
  if (iac !== IAC) return 'reject';
  if (bytes.length < 3) return 'undecided';
  return verb >= SUBNEGOTIATION && verb <= DONT && verb >= WILL && option < 140 ? 'match' : 'reject';
}

/** Takes option negotiation out of one direction, wherever segments cut it (RFC 854, RFC 855). */
class NegotiationFilter {
  #state: 'text' | 'command' | 'option' | 'subnegotiation' | 'subnegotiation-command' = 'text';

  text(bytes: Uint8Array): string {
    const kept: number[] = [];
    for (const byte of bytes) if (this.#isText(byte)) kept.push(byte);
    return latin1(Uint8Array.from(kept));
  }

  #isText(byte: number): boolean {
    switch (this.#state) {
      case 'text':
        if (byte !== IAC) return true;
        this.#state = 'command';
        return false;
      case 'command':
        this.#state = byte === SUBNEGOTIATION ? 'subnegotiation' : byte >= WILL && byte <= DONT ? 'option' : 'text';
        return false;
      case 'option':
        this.#state = 'text';
        return false;
      case 'subnegotiation':
        if (byte === IAC) this.#state = 'subnegotiation-command';
        return false;
      case 'subnegotiation-command':
        this.#state = byte === SUBNEGOTIATION_END ? 'text' : 'subnegotiation';
        return false;
      default:
        return this.#state satisfies never;
    }
  }
}
