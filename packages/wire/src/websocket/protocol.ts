import { word16 } from '../bytes/match.ts';
import { defineFramedRoom, type MessageReader } from '../framed-room.ts';
import type { Direction, ParserContext } from '../protocol.ts';
import { transactionView } from '../transaction-view.ts';
import { BINARY, CLOSE, frameLength, MINIMUM_HEADER_BYTES, readFrame, TEXT, type WebSocketFrame } from './frame.ts';
import { MessageAssembler } from './messages.ts';
import type { WebSocketRecord } from './types.ts';

const MAXIMUM_FRAME_BYTES = 64 * 1024;
/** RFC 6455 §5.5: the highest bit of the opcode. */
const CONTROL = 0x08;

/** WebSocket, once HTTP has opened it (RFC 6455 §4). Messages are counted; what they say is shown to rules only. */
class WebSocketReader implements MessageReader<WebSocketRecord> {
  readonly #messages = { 'to-server': new MessageAssembler(), 'to-client': new MessageAssembler() };
  readonly #bytes = { 'to-server': 0, 'to-client': 0 };
  #textMessages = 0;
  #binaryMessages = 0;
  #isCompressed = false;
  #closeCode: number | undefined;
  #hasSpoken = false;

  message(bytes: Uint8Array, direction: Direction, context: ParserContext<WebSocketRecord>): boolean {
    const frame = readFrame(bytes);
    this.#hasSpoken = true;
    this.#bytes[direction] += frame.payloadBytes;
    this.#isCompressed ||= frame.isCompressed;
    if (frame.opcode === TEXT) this.#textMessages += 1;
    else if (frame.opcode === BINARY) this.#binaryMessages += 1;
    else if (frame.opcode === CLOSE && frame.payload.length >= 2) this.#closeCode ??= word16(frame.payload, 0);
    context.frame?.(direction, 'header', bytes.subarray(0, frame.headerBytes));
    context.frame?.(direction, 'pdu', bytes);
    context.frame?.(direction, 'data', frame.payload);
    if (context.inspect !== undefined) context.inspect(direction, this.#view(frame, direction));
    return true;
  }

  end(context: ParserContext<WebSocketRecord>): void {
    if (!this.#hasSpoken) return;
    this.#hasSpoken = false;
    context.emit(
      {
        protocol: 'websocket',
        activity: 'connection',
        textMessages: this.#textMessages,
        binaryMessages: this.#binaryMessages,
        bytesToServer: this.#bytes['to-server'],
        bytesToClient: this.#bytes['to-client'],
        isCompressed: this.#isCompressed,
        closeCode: this.#closeCode,
      },
      'to-client',
    );
  }

  /** A message is whole with its last frame; control frames may come in between. */
  #view(frame: WebSocketFrame, direction: Direction) {
    const { opcode, isFinal, mask, flags, payload } = frame;
    const isControl = (opcode & CONTROL) !== 0;
    const content = isControl ? payload : this.#messages[direction].add(frame);
    const view = transactionView(
      'websocket',
      {},
      {
        'websocket.opcode': opcode,
        'websocket.mask': mask,
        'websocket.flags': flags >>> 4,
      },
    );
    const buffers = content === undefined ? view.buffers : { 'websocket.payload': [content] };
    const record = (): WebSocketRecord => ({ protocol: 'websocket', activity: 'frame', opcode, isFinal, mask });
    return { ...view, buffers, record };
  }
}

export const websocket = defineFramedRoom<WebSocketRecord>({
  id: 'websocket',
  title: 'WebSocket',
  standards: ['RFC 6455 §5 (frames; opened by HTTP, §4)', 'RFC 7692 (permessage-deflate)'],
  transports: ['tcp'],
  usualPorts: [],
  firstBytes: [],
  headerBytes: MINIMUM_HEADER_BYTES,
  maximumBytes: MAXIMUM_FRAME_BYTES,
  messageLength: frameLength,
  // Never recognised by its bytes: the answer to an HTTP request says that it follows.
  recognise: () => 'reject',
  createReader: () => new WebSocketReader(),
  evidence: () => [],
});
