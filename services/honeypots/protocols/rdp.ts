import type { DecoyContext } from '../decoys/decoy-context.ts';
import type { ServiceOf } from '../decoys/persona.ts';
import type { Conversation, Peer } from './conversation.ts';
import { GrowingBytes } from './growing-bytes.ts';

// Greeting of remote desktops: TPKT (RFC 1006 §6), X.224 connection request and confirm ([MS-RDPBCGR] 2.2.1.1, 2.2.1.2).

const MAXIMUM_BYTES = 4096;
const TPKT_VERSION = 3;
const CONNECTION_REQUEST = 0xe0;
const NEGOTIATION_REQUEST = 1;
const SSL_REQUIRED_BY_SERVER = 1;
const HYBRID_REQUIRED_BY_SERVER = 5;
const PROTOCOL_HYBRID = 2;
const PROTOCOL_SSL = 1;

/** The greeting of a remote desktop that wants network level authentication, as Windows does by default; nothing behind it. */
export function rdpServer(_service: ServiceOf<'rdp'>, _context: DecoyContext, peer: Peer): Conversation {
  const waiting = new GrowingBytes(MAXIMUM_BYTES);
  let isOver = false;
  return {
    receive(bytes) {
      if (isOver) return;
      waiting.add(bytes);
      const whole = waiting.take();
      const length = whole.length >= 4 ? whole.readUInt16BE(2) : 4;
      if (whole[0] !== TPKT_VERSION || length < 7 || length > MAXIMUM_BYTES) {
        if (whole.length < 4 && whole[0] === TPKT_VERSION) {
          waiting.add(whole);
          return;
        }
        isOver = true;
        // What follows the confirm is TLS, which has no user in clear text.
        peer.note('malformed', 'sent what is no request for a remote desktop');
        peer.end();
        return;
      }
      if (whole.length < length) {
        waiting.add(whole);
        return;
      }
      isOver = true;
      answer(whole.subarray(0, length), peer);
    },
  };
}

function answer(request: Buffer, peer: Peer): void {
  if ((request[5] ?? 0) !== CONNECTION_REQUEST) {
    peer.note('malformed', 'sent another message than a request for a remote desktop');
    peer.end();
    return;
  }
  const text = request.toString('latin1', 11);
  const [, user] = /Cookie: mstshash=([^\r\n]{0,100})\r\n/.exec(text) ?? [];
  const negotiation =
    request.length >= 19 && request.at(-8) === NEGOTIATION_REQUEST ? request.readUInt32LE(request.length - 4) : 0;
  peer.note('request', `asked for a remote desktop${user === undefined ? '' : ` as ${user}`}`, {
    protocols: negotiation,
    ...(user === undefined ? {} : { user }),
  });
  const wantsHybrid = (negotiation & PROTOCOL_HYBRID) !== 0;
  const failure = (negotiation & PROTOCOL_SSL) !== 0 ? HYBRID_REQUIRED_BY_SERVER : SSL_REQUIRED_BY_SERVER;
  const body = Buffer.alloc(8);
  body[0] = wantsHybrid ? 2 : 3;
  body[1] = wantsHybrid ? 0x1f : 0;
  body.writeUInt16LE(8, 2);
  body.writeUInt32LE(wantsHybrid ? PROTOCOL_HYBRID : failure, 4);
  const confirm = Buffer.from([14, 0xd0, 0, 0, 0x12, 0x34, 0]);
  const head = Buffer.from([TPKT_VERSION, 0, 0, 19]);
  peer.send(Buffer.concat([head, confirm, body]));
  // Behind it comes TLS: the greeting is all that a decoy has of it.
  peer.later(wantsHybrid ? 3000 : 200, () => peer.end());
}
