import { ByteCollector } from '../bytes/byte-collector.ts';
import { hasText, word32 } from '../bytes/match.ts';
import { latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import type {
  Detection,
  DetectionSample,
  Direction,
  EvidenceDraft,
  ParserContext,
  Protocol,
  ProtocolRecord,
  StreamParser,
  StreamState,
} from '../protocol.ts';
import { transactionView } from '../transaction-view.ts';

/** `RFB 003.008` and a line feed (RFC 6143 §7.1.1). */
const VERSION_BYTES = 12;
/** Version, security types, challenge and result are all that is read. */
const MAXIMUM_OPENING = 300;
const CHALLENGE_BYTES = 16;
/** Width, height and pixel format (§7.3.2). */
const SERVER_INIT_BYTES = 20;
const NONE = 1;
const PASSWORD = 2;

/** RFC 6143 §8.1.2 and the registry of the RFB community. */
const SECURITY_TYPES: Readonly<Record<number, string>> = {
  [NONE]: 'none',
  [PASSWORD]: 'vnc',
  5: 'ra2',
  6: 'ra2ne',
  16: 'tight',
  17: 'ultra',
  18: 'tls',
  19: 'vencrypt',
  22: 'xvp',
  30: 'apple',
};

/** The opening of a session. */
export interface VncRecord extends ProtocolRecord {
  readonly protocol: 'vnc';
  readonly activity: 'opening';
  readonly serverVersion: string;
  readonly clientVersion: string;
  /** Kinds of authentication that the server offers. */
  readonly offered: readonly string[];
  readonly chosen: string;
  /** Number of the chosen type; 0 where none was. */
  readonly chosenType: number;
  /** Undefined where it is not in clear or did not come. */
  readonly outcome: 'success' | 'failure' | undefined;
}

class VncParser implements StreamParser {
  readonly #context: ParserContext<VncRecord>;
  readonly #opening = {
    'to-server': new ByteCollector(MAXIMUM_OPENING),
    'to-client': new ByteCollector(MAXIMUM_OPENING),
  };

  #isTold = false;

  constructor(context: ParserContext<VncRecord>) {
    this.#context = context;
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    this.#opening[direction].add(bytes);
    const record = this.#read();
    if (record.outcome === undefined && !this.#opening[direction].isFull) return 'continue';
    if (!this.#isTold) this.#emit(record);
    this.#isTold = true;
    if (record.outcome !== 'success' || this.#context.inspect === undefined) return 'finished';
    return this.#showName(record) || this.#opening[direction].isFull ? 'finished' : 'continue';
  }

  /** The server describes the desktop once the client has said whether it shares it (RFC 6143 §7.3). */
  #showName({ clientVersion, serverVersion, chosenType, offered }: VncRecord): boolean {
    const server = this.#opening['to-client'].view();
    const isOld = clientVersion === '3.3' || serverVersion === '3.3';
    const types = isOld ? VERSION_BYTES + 4 : VERSION_BYTES + 1 + offered.length;
    const challenge = chosenType === PASSWORD ? CHALLENGE_BYTES : 0;
    const hasResult = chosenType === PASSWORD || clientVersion === '3.8';
    const start = types + challenge + (hasResult ? 4 : 0) + SERVER_INIT_BYTES;
    if (server.length < start + 4) return false;
    const length = word32(server, start);
    if (server.length < start + 4 + length) return false;
    this.#context.inspect?.('to-client', {
      protocol: 'vnc',
      buffers: { 'rfb.name': [server.slice(start + 4, start + 4 + length)] },
    });
    return true;
  }

  gap(): StreamState {
    this.end();
    return 'finished';
  }

  end(): void {
    const record = this.#read();
    if (record.serverVersion !== '' && !this.#isTold) this.#emit(record);
  }

  #read(): VncRecord {
    const server = this.#opening['to-client'].view();
    const client = this.#opening['to-server'].view();
    const serverVersion = versionOf(server);
    const clientVersion = versionOf(client);
    const versions = { protocol: 'vnc', activity: 'opening', serverVersion, clientVersion } as const;
    // The server follows the lower version (RFC 6143 §7.1.1); before 3.7 it chooses the type itself.
    const isOld = clientVersion === '3.3' || serverVersion === '3.3';
    const offered = isOld ? oldType(server) : newTypes(server);
    const chosen = isOld ? (offered[0] ?? 0) : (client[VERSION_BYTES] ?? 0);
    const result = resultOf(
      server,
      isOld ? VERSION_BYTES + 4 : VERSION_BYTES + 1 + offered.length,
      chosen,
      clientVersion,
    );
    return {
      ...versions,
      offered: offered.map(nameOf),
      chosen: chosen === 0 ? '' : nameOf(chosen),
      chosenType: chosen,
      outcome: result,
    };
  }

  #emit(record: VncRecord): void {
    this.#context.emit(record, 'to-client');
    this.#context.inspect?.(
      'to-client',
      transactionView(
        'vnc',
        {},
        {
          'rfb.sectype': record.chosenType === 0 ? undefined : record.chosenType,
          'rfb.secresult': record.outcome === undefined ? undefined : record.outcome === 'success' ? 0 : 1,
        },
      ),
    );
  }
}

function versionOf(opening: Uint8Array): string {
  const [, major = '', minor = ''] = /^RFB (\d{3})\.(\d{3})\n/.exec(latin1(opening, 0, VERSION_BYTES)) ?? [];
  return major === '' ? '' : `${Number(major)}.${Number(minor)}`;
}

function oldType(server: Uint8Array): readonly number[] {
  return server.length < VERSION_BYTES + 4 ? [] : [word32(server, VERSION_BYTES)];
}

function newTypes(server: Uint8Array): readonly number[] {
  const count = server[VERSION_BYTES] ?? 0;
  return [...server.subarray(VERSION_BYTES + 1, VERSION_BYTES + 1 + count)];
}

/** §7.1.3: behind a challenge, or at once where nothing is asked, from version 3.8 on. */
function resultOf(server: Uint8Array, offset: number, chosen: number, clientVersion: string): VncRecord['outcome'] {
  if (chosen === NONE && clientVersion !== '3.8') return 'success';
  if (chosen !== NONE && chosen !== PASSWORD) return undefined;
  const start = offset + (chosen === PASSWORD ? CHALLENGE_BYTES : 0);
  if (server.length < start + 4) return undefined;
  return word32(server, start) === 0 ? 'success' : 'failure';
}

function nameOf(type: number): string {
  return SECURITY_TYPES[type] ?? `type-${type}`;
}

function detectVnc({ toServer, toClient }: DetectionSample): Detection {
  for (const bytes of [toServer, toClient]) {
    const start = bytes.subarray(0, VERSION_BYTES);
    if (start.length > 0 && !hasText(start, 'RFB 0'.slice(0, start.length))) return 'reject';
    if (start.length === VERSION_BYTES) return versionOf(start) === '' ? 'reject' : 'match';
  }
  return 'undecided';
}

export const vnc: Protocol<VncRecord> = {
  id: 'vnc',
  title: 'VNC (RFB)',
  standards: ['RFC 6143 §7.1 (opening), §8.1.2 (security types)'],
  transports: ['tcp'],
  usualPorts: [5900, 5901, 5800],
  isEncrypted: false,
  isClinical: false,
  firstBytes: [0x52],
  detect: detectVnc,
  createStreamParser: (context) => new VncParser(context),
  evidence: ({ serverVersion, offered, chosen, outcome }): readonly EvidenceDraft[] => [
    ...draft('vnc.version', serverVersion, 'server'),
    ...offered.flatMap((name) => draft('vnc.authentication', name, 'server')),
    ...(chosen === 'none' && outcome === 'success' ? draft('vnc.without-password', 'true', 'server') : []),
  ],
};
