import type { Direction } from '../protocol.ts';
import { revealDicom } from './reveal-dicom.ts';
import { revealHl7, revealHttp, revealLines } from './reveal-text.ts';
import { revealTls } from './reveal-tls.ts';
import type { Shown } from './shown.ts';

/** What of a protocol names no patient and opens no door, by its own structure. */
const PROTOCOLS: Readonly<Record<string, (bytes: Uint8Array, shown: Shown, direction: Direction) => void>> = {
  dicom: revealDicom,
  hl7: revealHl7,
  http: revealHttp,
  fhir: revealHttp,
  dicomweb: revealHttp,
  tls: revealTls,
  ssh: (bytes, shown) => {
    // RFC 4253 §4.2: the identification of the software, in clear text.
    const end = bytes.indexOf(10);
    if (end > 0 && Buffer.from(bytes.subarray(0, 4)).toString('latin1') === 'SSH-') shown.show(0, end + 1);
  },
  ftp: revealLines,
  smtp: revealLines,
  imap: revealLines,
  pop3: revealLines,
  dns: (bytes, shown) => shown.show(0, bytes.length),
  ntp: (bytes, shown) => shown.show(0, bytes.length),
};

/**
 * Which bytes of one side of a conversation a person may look at. Everything is hidden but what the structure of its
 * protocol says to be neither a patient's nor a credential: an unknown protocol shows nothing.
 *
 * @param bytes a stream from its first byte to the first gap, or one datagram
 * @returns one entry a byte, 1 for what may be shown
 */
export function revealBytes(protocol: string, direction: Direction, bytes: Uint8Array): Uint8Array {
  const mask = new Uint8Array(bytes.length);
  const shown: Shown = { show: (start, end) => void mask.fill(1, Math.max(0, start), Math.max(0, end)) };
  if (Object.hasOwn(PROTOCOLS, protocol)) PROTOCOLS[protocol]?.(bytes, shown, direction);
  return mask;
}
