import type { InspectedFlowState } from '../inspector.ts';

const FIN = 0x01;
const SYN = 0x02;
const RST = 0x04;

/** How a TCP connection began and ended, in the words of KDD Cup 99 and of Zeek's `conn_state`. */
export type Ending = 'SF' | 'S0' | 'S1' | 'S2' | 'S3' | 'REJ' | 'RSTO' | 'RSTR' | 'RSTOS0' | 'SH' | 'OTH';

/** The ending that the flags of both directions tell. */
export function endingOf({ tcpFlagsToServer, tcpFlagsToClient }: InspectedFlowState): Ending {
  const client = tcpFlagsToServer;
  const server = tcpFlagsToClient;
  if ((client & SYN) === 0) return 'OTH';
  if ((server & SYN) === 0) {
    if ((server & RST) !== 0) return 'REJ';
    if ((client & RST) !== 0) return 'RSTOS0';
    return (client & FIN) === 0 ? 'S0' : 'SH';
  }
  if ((server & RST) !== 0) return 'RSTR';
  if ((client & RST) !== 0) return 'RSTO';
  if ((client & FIN) !== 0) return (server & FIN) === 0 ? 'S2' : 'SF';
  return (server & FIN) === 0 ? 'S1' : 'S3';
}

/** Nobody answered the opening. */
export function isUnanswered(flag: string): boolean {
  return flag === 'S0' || flag === 'S1' || flag === 'S2' || flag === 'S3';
}

/** The opening was refused. */
export function isRefused(flag: string): boolean {
  return flag === 'REJ';
}
