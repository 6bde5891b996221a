import type { DecoyContext } from '../decoys/decoy-context.ts';
import type { ServiceOf } from '../decoys/persona.ts';
import type { Conversation, Peer } from './conversation.ts';
import { GrowingBytes } from './growing-bytes.ts';

// MLLP (HL7 v2.x transport specification, MLLP release 1 §2): <VT> message <FS><CR>.
const START = 0x0b;
const END = 0x1c;
const RETURN = 0x0d;
const MAXIMUM_MESSAGE_BYTES = 1024 * 1024;
const MAXIMUM_FIELD = 80;
/** Segments that tell nothing but the kind of message. */
const SEGMENT = /^[A-Z][A-Z0-9]{2}$/;
/** Messages that ask for something instead of telling it: their type begins so (HL7 v2.5 chapter 5). */
const QUERIES = /^(QRY|QBP|QCN|QSB|VXQ|RQC|RQI|NMQ|QVR)\b/;

/**
 * An interface engine that acknowledges everybody (HL7 v2.5 §2.9). Of a message its type, sender and the names of its segments
 * are noted; what it says of patients goes nowhere but, sealed, to the quarantine.
 */
export function hl7Engine(service: ServiceOf<'hl7'>, _context: DecoyContext, peer: Peer): Conversation {
  let message: GrowingBytes | undefined;
  let previous = 0;
  let strays = 0;
  return {
    receive(bytes) {
      let from = message === undefined ? -1 : 0;
      for (let at = 0; at < bytes.length; at += 1) {
        const byte = bytes[at] ?? 0;
        if (message === undefined) {
          if (byte === START) {
            message = new GrowingBytes(MAXIMUM_MESSAGE_BYTES);
            from = at + 1;
          } else if (byte !== RETURN && byte !== 0x0a && strays++ === 0) {
            peer.note('malformed', 'sent what is no HL7 frame');
          }
        } else if (byte === RETURN && previous === END) {
          message.add(bytes.subarray(from, at));
          answerMessage(message, service, peer);
          message = undefined;
          from = -1;
        }
        previous = byte;
      }
      if (message !== undefined && from >= 0) message.add(bytes.subarray(from));
      // Somebody who speaks another protocol altogether.
      if (strays > 4096) peer.end();
    },
  };
}

function answerMessage(message: GrowingBytes, service: ServiceOf<'hl7'>, peer: Peer): void {
  const isCut = message.isCut;
  const whole = message.take();
  // The frame ends with FS CR; what is kept is the message.
  const bytes = whole.at(-1) === END ? whole.subarray(0, -1) : whole;
  const text = bytes.toString('latin1');
  const segments = text.split(/\r\n?|\n/).filter((line) => line !== '');
  const [head = ''] = segments;
  if (!head.startsWith('MSH') || head.length < 8) {
    peer.note('malformed', 'sent an HL7 frame without a header segment');
    peer.send(framed(acknowledgement(service, peer, { code: 'AR', id: '', to: '', at: '' })));
    return;
  }
  const fields = head.split(head[3] ?? '|', 20).map((field) => field.slice(0, MAXIMUM_FIELD));
  const [, , application = '', facility = '', , , , , type = '', id = ''] = fields;
  const version = fields[11] ?? '';
  peer.note('client', `HL7 ${version} application ${application || 'without a name'}`, { application, facility });
  const names = [...new Set(segments.map((line) => line.slice(0, 3)).filter((name) => SEGMENT.test(name)))];
  const kind = QUERIES.test(type) ? 'query' : 'upload';
  peer.note(
    kind,
    `${type.replaceAll('^', ' ')} message of ${segments.length} segments: ${names.slice(0, 30).join(', ')}`,
    {
      type,
      bytes: bytes.length,
      isCut,
    },
  );
  if (kind === 'upload') peer.sample('message.hl7', bytes);
  peer.send(framed(acknowledgement(service, peer, { code: 'AA', id, to: application, at: facility })));
}

function acknowledgement(
  { application, facility, version }: ServiceOf<'hl7'>,
  peer: Peer,
  about: { readonly code: 'AA' | 'AR'; readonly id: string; readonly to: string; readonly at: string },
): string {
  const time = new Date(peer.now()).toISOString().replace(/\D/g, '').slice(0, 14);
  const control = peer.random(5).toString('hex').toUpperCase();
  return `MSH|^~\\&|${application}|${facility}|${about.to}|${about.at}|${time}||ACK|${control}|P|${version}\rMSA|${about.code}|${about.id}\r`;
}

function framed(text: string): Buffer {
  return Buffer.concat([Buffer.from([START]), Buffer.from(text, 'latin1'), Buffer.from([END, RETURN])]);
}
