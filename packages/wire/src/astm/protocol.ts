import { draft } from '../datagram-room.ts';
import type { Protocol } from '../protocol.ts';
import { detectAstm } from './detect.ts';
import { AstmParser } from './parse.ts';
import type { AstmMessage } from './types.ts';

export const astm: Protocol<AstmMessage> = {
  id: 'astm',
  title: 'Laboratory link (ASTM, LIS2)',
  standards: ['ASTM E1381-95 §6 (CLSI LIS1-A)', 'ASTM E1394-97 §6 to §13 (CLSI LIS2-A2)'],
  transports: ['tcp'],
  usualPorts: [],
  isEncrypted: false,
  isClinical: true,
  firstBytes: [2, 4, 5, 6, 21],
  detect: detectAstm,
  createStreamParser: (context) => new AstmParser(context),
  evidence: (message) => [
    ...draft('astm.sender', message.sender, message.sentBy),
    ...draft('astm.version', message.version, message.sentBy),
    ...draft('astm.receiver', message.receiver, message.sentBy === 'client' ? 'server' : 'client'),
    ...message.records.flatMap((kind) => draft('astm.record', kind, message.sentBy)),
    ...(message.hasPassword ? draft('astm.clear-text-password', 'true', message.sentBy) : []),
  ],
};
