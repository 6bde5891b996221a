import { LineSplitter } from '../bytes/line-splitter.ts';
import { cleanText, startsWithText } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import type { Direction, ParserContext, Protocol, ProtocolRecord, StreamParser, StreamState } from '../protocol.ts';

const GREETING = 'fox a ';
const MAXIMUM_LINES = 64;
/** Keys of the greeting that tell the device; host id and account names are left out. */
const KEYS: Readonly<Record<string, keyof FoxFacts>> = {
  'fox.version': 'foxVersion',
  'app.name': 'application',
  'app.version': 'version',
  'os.name': 'operatingSystem',
  'os.version': 'operatingSystemVersion',
  brandId: 'brand',
  'station.name': 'station',
  hostName: 'host',
};

interface FoxFacts {
  readonly foxVersion: string;
  readonly application: string;
  readonly version: string;
  readonly operatingSystem: string;
  readonly operatingSystemVersion: string;
  readonly brand: string;
  readonly station: string;
  readonly host: string;
}

export interface FoxRecord extends ProtocolRecord, FoxFacts {
  readonly protocol: 'fox';
  readonly activity: 'hello';
  readonly sender: 'client' | 'server';
}

/** The greeting of each end: `fox a 1 -1 fox hello`, `{`, `key=type:value` lines, `};;`. */
class FoxParser implements StreamParser {
  readonly #context: ParserContext<FoxRecord>;
  readonly #halves = { 'to-server': new Greeting(), 'to-client': new Greeting() };

  constructor(context: ParserContext<FoxRecord>) {
    this.#context = context;
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    const half = this.#halves[direction];
    if (half.isDone) return 'continue';
    for (const line of half.lines.push(bytes)) {
      if (half.isDone) break;
      half.take(line);
      if (half.isDone) this.#context.emit(half.record(direction === 'to-server' ? 'client' : 'server'), direction);
    }
    return this.#halves['to-server'].isDone && this.#halves['to-client'].isDone ? 'finished' : 'continue';
  }

  gap(): StreamState {
    return 'finished';
  }

  end(): void {}
}

class Greeting {
  readonly lines = new LineSplitter();
  readonly #facts = new Map<keyof FoxFacts, string>();
  #count = 0;
  isDone = false;

  take(line: string): void {
    this.#count += 1;
    this.isDone = line.startsWith('};;') || this.#count >= MAXIMUM_LINES;
    const [, key = '', value = ''] = /^([\w.]+)=[a-z]:(.*)$/.exec(line) ?? [];
    const fact = KEYS[key];
    if (fact !== undefined) this.#facts.set(fact, cleanText(value, 128));
  }

  record(sender: FoxRecord['sender']): FoxRecord {
    const fact = (name: keyof FoxFacts) => this.#facts.get(name) ?? '';
    return {
      protocol: 'fox',
      activity: 'hello',
      sender,
      foxVersion: fact('foxVersion'),
      application: fact('application'),
      version: fact('version'),
      operatingSystem: fact('operatingSystem'),
      operatingSystemVersion: fact('operatingSystemVersion'),
      brand: fact('brand'),
      station: fact('station'),
      host: fact('host'),
    };
  }
}

export const fox: Protocol<FoxRecord> = {
  id: 'fox',
  title: 'Niagara Fox',
  standards: ['Tridium Niagara Fox greeting, as nmap fox-info and the Quickdraw captures show it (unpublished)'],
  transports: ['tcp'],
  usualPorts: [1911, 4911],
  isEncrypted: false,
  isClinical: false,
  firstBytes: [0x66],
  detect: ({ toServer, toClient }) => {
    const answers = [toServer, toClient]
      .filter((bytes) => bytes.length > 0)
      .map((bytes) => startsWithText(bytes, GREETING));
    if (answers.includes('no')) return 'reject';
    return answers.includes('yes') ? 'match' : 'undecided';
  },
  createStreamParser: (context) => new FoxParser(context),
  evidence: ({ sender, application, version, operatingSystem, operatingSystemVersion, brand, station }) => [
    ...draft('fox.application', `${application} ${version}`.trim(), sender),
    ...draft('fox.operating-system', `${operatingSystem} ${operatingSystemVersion}`.trim(), sender),
    ...draft('fox.brand', brand, sender),
    ...draft('fox.station', station, sender),
  ],
};
