import { join, le16, le32 } from '../../messages/binary.ts';
import type { Probe } from '../../probe.ts';

/** [MS-RDPBCGR] §2.2.1.1.1: protocols that the client offers. */
const OFFERS = [
  { protocols: 0, title: 'standard RDP security only' },
  { protocols: 3, title: 'TLS and network level authentication' },
] as const;

/** Asks for each kind of protection; the room of RDP reads what was chosen or why it was refused. */
export const rdpSecurity: Probe = {
  id: 'rdp-security',
  title: 'Protection of Remote Desktop',
  protocols: ['rdp'],
  transport: 'tcp',
  ports: [3389],
  sends:
    'Opens two connections and sends a Remote Desktop connection request in each: one with old protection only, one with modern protection. Closes after the answer; no session begins.',
  caution: 'asks',
  limits: { connections: 2, packets: 8, bytes: 100, answerBytes: 4096, timeoutMs: 12_000 },
  async run({ connectPlain }) {
    for (const { protocols, title } of OFFERS) {
      const stream = await connectPlain();
      if (stream === undefined) return;
      stream.send(connectionRequest(protocols), `RDP connection request: ${title}`);
      await stream.receive((bytes) => bytes.length >= 11 && bytes.length >= bytes.readUInt16BE(2));
      stream.close();
    }
  },
};

/** TPKT (RFC 1006 §6), X.224 connection request, RDP negotiation request. */
function connectionRequest(protocols: number): Buffer {
  const negotiation = join(1, 0, le16(8), le32(protocols));
  const x224 = join(6 + negotiation.length, 0xe0, 0, 0, 0, 0, 0, negotiation);
  return join(3, 0, 0, 4 + x224.length, x224);
}
