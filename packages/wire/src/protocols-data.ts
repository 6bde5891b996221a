import { amqp } from './amqp/protocol.ts';
import { cassandra } from './cassandra/protocol.ts';
import { memcached } from './memcached/protocol.ts';
import { mongodb } from './mongodb/protocol.ts';
import { mysql } from './mysql/protocol.ts';
import { postgresql } from './postgresql/protocol.ts';
import type { Protocol } from './protocol.ts';
import { redis } from './redis/protocol.ts';
import { tds } from './tds/protocol.ts';
import { tns } from './tns/protocol.ts';
import { xmpp } from './xmpp/protocol.ts';

/** Rooms of databases and of messages between programs. The sensor sees `ProtocolRecord` only. */
export const DATA_PROTOCOLS: readonly Protocol[] = [
  mysql,
  postgresql,
  tds,
  tns,
  mongodb,
  redis,
  memcached,
  cassandra,
  amqp,
  xmpp,
] as unknown as readonly Protocol[];
