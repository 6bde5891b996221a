import type { Protocol } from './protocol.ts';
import { CONSUMER } from './recognised/consumer.ts';
import { GAMES } from './recognised/games.ts';
import { INDUSTRIAL } from './recognised/industrial.ts';
import { NETWORKING } from './recognised/networking.ts';
import { REMOTE_ACCESS } from './recognised/remote-access.ts';
import { SERVERS } from './recognised/servers.ts';
import { defineRecognitionRoom } from './recognition-room.ts';
import { rtp } from './rtp/protocol.ts';

/** Protocols that are named and not read: tried last, so that no room with a parser loses a flow to them. */
export const RECOGNISED_PROTOCOLS: readonly Protocol[] = [
  ...[...INDUSTRIAL, ...NETWORKING, ...SERVERS, ...REMOTE_ACCESS, ...CONSUMER, ...GAMES].map(defineRecognitionRoom),
  rtp as unknown as Protocol,
];
