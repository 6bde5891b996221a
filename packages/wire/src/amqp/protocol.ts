import { ByteCursor } from '../bytes/byte-cursor.ts';
import { hasText, word16, word32 } from '../bytes/match.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import { defineFramedRoom, type MessageReader } from '../framed-room.ts';
import type { Direction, ParserContext, ProtocolRecord } from '../protocol.ts';

/** Protocol header (0-9-1 §4.2.2): `AMQP`, 0, version. */
const PROTOCOL_HEADER_BYTES = 8;
/** Type, channel, size; and one byte behind the payload (§4.2.3). */
const FRAME_OVERHEAD = 8;
const MAXIMUM_FRAME = 128 * 1024 * 1024;
const METHOD_FRAME = 1;
const CONNECTION = 10;
const START = 10;
const TUNE = 30;
const CLOSE = 50;
const LONG_STRING = 0x53;
const TABLE = 0x46;
const BOOLEAN = 0x74;

export interface AmqpRecord extends ProtocolRecord {
  readonly protocol: 'amqp';
  readonly activity: 'protocol-header' | 'start' | 'accepted' | 'close';
  readonly version: string;
  /** Of the broker, in its start method. */
  readonly product: string;
  readonly productVersion: string;
  readonly platform: string;
  readonly mechanisms: string;
}

const EMPTY = { protocol: 'amqp', version: '', product: '', productVersion: '', platform: '', mechanisms: '' } as const;

const reader: MessageReader<AmqpRecord> = {
  message(message: Uint8Array, direction: Direction, context: ParserContext<AmqpRecord>): boolean {
    if (hasText(message, 'AMQP')) {
      const version = [...message.subarray(5, 8)].join('.');
      context.emit({ ...EMPTY, activity: 'protocol-header', version }, direction);
      // AMQP 1.0 negotiates in frames of another form.
      return version.startsWith('0');
    }
    if (message[0] !== METHOD_FRAME || word16(message, 7) !== CONNECTION) return true;
    const method = word16(message, 9);
    if (method === START) context.emit(readStart(message), direction);
    else if (method === TUNE) context.emit({ ...EMPTY, activity: 'accepted' }, direction);
    else if (method === CLOSE) context.emit({ ...EMPTY, activity: 'close' }, direction);
    // Once the broker has tuned the connection, only messages of applications follow.
    return method !== TUNE && method !== CLOSE;
  },
};

/** §1.4.2.1: version, table of server properties, mechanisms. */
function readStart(frame: Uint8Array): AmqpRecord {
  const cursor = new ByteCursor(frame, 11);
  const version = `0.${cursor.uint8()}.${cursor.uint8()}`;
  const table = cursor.nested(cursor.uint32());
  const facts = new Map<string, string>();
  while (table.remaining > 0 && !table.isBroken) {
    const name = latin1(table.slice(table.uint8()));
    const type = table.uint8();
    if (type === LONG_STRING) facts.set(name, cleanText(latin1(table.slice(table.uint32())), 128));
    else if (type === TABLE) table.skip(table.uint32());
    else if (type === BOOLEAN) table.skip(1);
    else break;
  }
  const mechanisms = cleanText(latin1(cursor.slice(Math.min(cursor.uint32(), 256))), 128);
  const fact = (name: string) => facts.get(name) ?? '';
  return {
    protocol: 'amqp',
    activity: 'start',
    version,
    product: fact('product'),
    productVersion: fact('version'),
    platform: fact('platform'),
    mechanisms,
  };
}

export const amqp = defineFramedRoom<AmqpRecord>({
  id: 'amqp',
  title: 'AMQP',
  standards: [
    'AMQP 0-9-1 §1.4 (connection class), §4.2 (wire format)',
    'OASIS AMQP 1.0 part 2 §2.2 (version negotiation)',
  ],
  transports: ['tcp'],
  usualPorts: [5672],
  headerBytes: PROTOCOL_HEADER_BYTES,
  maximumBytes: 4096,
  messageLength: (header) => {
    if (hasText(header, 'AMQP')) return PROTOCOL_HEADER_BYTES;
    const size = word32(header, 3);
    return [1, 2, 3, 4, 8].includes(header[0] ?? 0) && size < MAXIMUM_FRAME ? size + FRAME_OVERHEAD : undefined;
  },
  recognise: (message) => {
    if (hasText(message, 'AMQP')) return (message[4] ?? 255) <= 3 ? 'match' : 'reject';
    // The broker's answer alone: Connection.Start on channel 0.
    const isStart = message[0] === METHOD_FRAME && word16(message, 1) === 0 && message.length > 13;
    return isStart && word32(message, 7) === CONNECTION * 0x10000 + START ? 'match' : 'reject';
  },
  createReader: () => reader,
  evidence: ({ product, productVersion, platform }) => [
    ...draft('amqp.product', `${product} ${productVersion}`.trim(), 'server'),
    ...draft('amqp.platform', platform, 'server'),
  ],
});
