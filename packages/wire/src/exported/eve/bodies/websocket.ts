import type { WebSocketRecord } from '../../../websocket/types.ts';
import { type EveBody, present } from '../eve-event.ts';

const OPCODES: ReadonlyMap<number, string> = new Map([
  [0, 'continuation'],
  [1, 'text'],
  [2, 'binary'],
  [8, 'connection_close'],
  [9, 'ping'],
  [10, 'pong'],
]);

/** One frame; the connection as a whole has no event. What messages say is not told. */
export function webSocketBody(record: WebSocketRecord): EveBody | undefined {
  if (record.activity !== 'frame') return undefined;
  const { opcode, isFinal, mask } = record;
  return { type: 'websocket', members: { fin: isFinal, ...present({ mask }), opcode: OPCODES.get(opcode) ?? opcode } };
}
