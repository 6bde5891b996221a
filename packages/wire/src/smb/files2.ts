import { littleWord16, littleWord32 } from '../bytes/match.ts';
import type { Direction } from '../protocol.ts';
import type { OpenFiles, OpenHandle } from './open-files.ts';

/** Of the header (MS-SMB2 §2.2.1.2). */
const HEADER_BYTES = 64;
const STATUS = 8;
const COMMAND = 12;
const NEXT_COMMAND = 20;
const MESSAGE_ID = 24;
const CREATE = 5;
const CLOSE = 6;
const READ = 8;
const WRITE = 9;
const STATUS_PENDING = 0x103;
/** There is more than was asked for (§3.3.5.12). */
const STATUS_BUFFER_OVERFLOW = 0x8000_0005;
const HIGH = 0x1_0000_0000;
const MAXIMUM_NAME = 512;
/** A chained request names the handle of the one before it (§3.2.4.1.4). */
const PREVIOUS = 'f'.repeat(32);

/** Takes opens, reads, writes and closes of SMB 2 and 3 to the files that they concern. @param message one with its header */
export function followFiles2(message: Uint8Array, isResponse: boolean, files: OpenFiles, direction: Direction): void {
  const request = hex(message, MESSAGE_ID, 8);
  const status = littleWord32(message, STATUS);
  if (isResponse && status === STATUS_PENDING) return;
  const isGood = status === 0 || status === STATUS_BUFFER_OVERFLOW;
  switch (littleWord16(message, COMMAND)) {
    case CREATE:
      // §2.2.13, §2.2.14.
      if (isResponse) files.opened(request, isGood ? hex(message, at(64), 16) : undefined, word64(message, at(48)));
      else files.open(request, nameOf(message));
      return;
    case CLOSE:
      // §2.2.15.
      if (!isResponse) files.close(hex(message, at(8), 16));
      return;
    case READ:
      // §2.2.19, §2.2.20.
      if (!isResponse) files.read(request, handleAt(message, at(16), files), word64(message, at(8)));
      else if (isGood) {
        const data = dataAt(message, message[at(2)] ?? 0, littleWord32(message, at(4)));
        files.answered(request, data.bytes, data.length);
      }
      return;
    case WRITE: {
      // §2.2.21.
      if (isResponse || direction !== 'to-server') return;
      const data = dataAt(message, littleWord16(message, at(2)), littleWord32(message, at(4)));
      files.written(handleAt(message, at(16), files), word64(message, at(8)), data.bytes, data.length);
      return;
    }
    default:
  }
}

function at(offset: number): number {
  return HEADER_BYTES + offset;
}

function handleAt(message: Uint8Array, offset: number, files: OpenFiles): OpenHandle {
  const id = hex(message, offset, 16);
  return id === PREVIOUS && files.latest !== undefined ? files.latest : files.handle(id);
}

/** What there is of the data; of a message that others follow in the same frame it cannot go on behind the frame. */
function dataAt(message: Uint8Array, offset: number, length: number): { bytes: Uint8Array; length: number } {
  if (offset < HEADER_BYTES) return { bytes: message.subarray(0, 0), length: 0 };
  const bytes = message.subarray(offset, offset + length);
  return { bytes, length: littleWord32(message, NEXT_COMMAND) === 0 ? length : bytes.length };
}

function nameOf(message: Uint8Array): string {
  const offset = littleWord16(message, at(44));
  const length = Math.min(littleWord16(message, at(46)) & ~1, MAXIMUM_NAME);
  return offset < HEADER_BYTES ? '' : Buffer.from(message.subarray(offset, offset + length)).toString('utf16le');
}

function word64(message: Uint8Array, offset: number): number {
  return littleWord32(message, offset + 4) * HIGH + littleWord32(message, offset);
}

function hex(message: Uint8Array, offset: number, length: number): string {
  return Buffer.from(message.subarray(offset, offset + length)).toString('hex');
}
