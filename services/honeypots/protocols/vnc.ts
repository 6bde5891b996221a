import type { DecoyContext } from '../decoys/decoy-context.ts';
import type { ServiceOf } from '../decoys/persona.ts';
import type { Conversation, Peer } from './conversation.ts';
import { GrowingBytes } from './growing-bytes.ts';

// Remote framebuffer protocol (RFC 6143 §7.1, §7.2): greeting and VNC authentication, which nobody passes.

const GREETING_BYTES = 12;
const CHALLENGE_BYTES = 16;
const VNC_AUTHENTICATION = 2;
const MAXIMUM_BYTES = 64;
const FAILED = 'Authentication failure';

/** A VNC server with a password that nobody has. What is noted of an attempt is the pair of challenge and response. */
export function vncServer(service: ServiceOf<'vnc'>, _context: DecoyContext, peer: Peer): Conversation {
  const waiting = new GrowingBytes(MAXIMUM_BYTES);
  let step: 'greeting' | 'type' | 'response' | 'over' = 'greeting';
  let challenge: Buffer = Buffer.alloc(0);
  let isOld = false;
  peer.send(`RFB ${service.version}\n`);

  const over = () => {
    step = 'over';
    peer.end();
  };
  const greet = (bytes: Buffer) => {
    const [, version] = /^RFB (\d{3}\.\d{3})\n$/.exec(bytes.toString('latin1')) ?? [];
    if (version === undefined) {
      peer.note('malformed', 'sent what is no greeting of VNC');
      over();
      return;
    }
    peer.note('client', `VNC client of version ${version}`);
    isOld = version < '003.007';
    if (isOld) {
      peer.send(Buffer.from([0, 0, 0, VNC_AUTHENTICATION]));
      ask();
    } else {
      peer.send(Buffer.from([1, VNC_AUTHENTICATION]));
      step = 'type';
    }
  };
  const ask = () => {
    challenge = peer.random(CHALLENGE_BYTES);
    peer.send(challenge);
    step = 'response';
  };
  const judge = (response: Buffer) => {
    const secret = `${challenge.toString('hex')}:${response.toString('hex')}`;
    peer.logOn({ user: '', secret, method: 'vnc', isAccepted: false });
    const reason = Buffer.from(FAILED);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(reason.length);
    peer.send(Buffer.concat([Buffer.from([0, 0, 0, 1]), ...(isOld ? [] : [length, reason])]));
    over();
  };

  return {
    receive(bytes) {
      waiting.add(bytes);
      for (let rest = waiting.take(); ; ) {
        const wanted = step === 'greeting' ? GREETING_BYTES : step === 'type' ? 1 : CHALLENGE_BYTES;
        if (step === 'over' || rest.length < wanted) {
          if (step !== 'over') waiting.add(rest);
          return;
        }
        const part = rest.subarray(0, wanted);
        rest = rest.subarray(wanted);
        if (step === 'greeting') greet(part);
        else if (step === 'response') judge(part);
        else if (part[0] === VNC_AUTHENTICATION) ask();
        else over();
      }
    },
  };
}
