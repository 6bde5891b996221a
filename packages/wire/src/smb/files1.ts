import { littleWord16, littleWord32 } from '../bytes/match.ts';
import { latin1 } from '../bytes/text.ts';
import type { OpenFiles } from './open-files.ts';

/** Of the header (MS-CIFS §2.2.3.1). */
const HEADER_BYTES = 32;
const COMMAND = 4;
const STATUS = 5;
const FLAGS = 9;
const FLAGS_2 = 10;
const MULTIPLEX_ID = 30;
const UNICODE = 0x8000;
const CLOSE = 0x04;
const READ_ANDX = 0x2e;
const WRITE_ANDX = 0x2f;
const NT_CREATE_ANDX = 0xa2;
const RESPONSE = 0x80;
const WORD_COUNT = 32;
const HIGH = 0x1_0000_0000;
/** Words of requests that carry 64-bit offsets. */
const LONG_READ = 12;
const LONG_WRITE = 14;
const MAXIMUM_NAME = 512;

/** Takes opens, reads, writes and closes of SMB 1 to the files that they concern (MS-CIFS §2.2.4). @param message one with its header */
export function followFiles1(message: Uint8Array, files: OpenFiles): void {
  const isResponse = ((message[FLAGS] ?? 0) & RESPONSE) !== 0;
  const request = `1/${littleWord16(message, MULTIPLEX_ID)}`;
  const isGood = littleWord32(message, STATUS) === 0;
  switch (message[COMMAND]) {
    case NT_CREATE_ANDX:
      // §2.2.4.64: handle and end of file of the answer, name of the request.
      if (!isResponse) files.open(request, nameOf(message));
      else files.opened(request, isGood ? handleId(message, 38) : undefined, word64(message, 88));
      return;
    case CLOSE:
      if (!isResponse) files.close(handleId(message, 33));
      return;
    case READ_ANDX:
      // §2.2.4.42.
      if (!isResponse) {
        const high = message[WORD_COUNT] === LONG_READ ? littleWord32(message, 53) : 0;
        files.read(request, files.handle(handleId(message, 37)), high * HIGH + littleWord32(message, 39));
      } else if (isGood) {
        const length = littleWord16(message, 43) + littleWord16(message, 47) * 0x1_0000;
        files.answered(request, dataAt(message, littleWord16(message, 45), length), length);
      }
      return;
    case WRITE_ANDX: {
      // §2.2.4.43.
      if (isResponse) return;
      const high = message[WORD_COUNT] === LONG_WRITE ? littleWord32(message, 57) : 0;
      const length = littleWord16(message, 53) + littleWord16(message, 51) * 0x1_0000;
      const offset = high * HIGH + littleWord32(message, 39);
      const bytes = dataAt(message, littleWord16(message, 55), length);
      files.written(files.handle(handleId(message, 37)), offset, bytes, length);
      return;
    }
    default:
  }
}

function handleId(message: Uint8Array, offset: number): string {
  return `1/${littleWord16(message, offset)}`;
}

function dataAt(message: Uint8Array, offset: number, length: number): Uint8Array {
  return offset < HEADER_BYTES ? message.subarray(0, 0) : message.subarray(offset, offset + length);
}

/** Behind 24 words; in UTF-16 it begins at an even offset. */
function nameOf(message: Uint8Array): string {
  const isUnicode = (littleWord16(message, FLAGS_2) & UNICODE) !== 0;
  const length = Math.min(littleWord16(message, 38), MAXIMUM_NAME);
  const start = isUnicode ? 84 : 83;
  const bytes = message.subarray(start, start + length);
  const name = isUnicode ? Buffer.from(bytes).toString('utf16le') : latin1(bytes);
  return name.replace(/\0+$/, '');
}

function word64(message: Uint8Array, offset: number): number {
  return littleWord32(message, offset + 4) * HIGH + littleWord32(message, offset);
}
