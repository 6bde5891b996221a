import { expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import type { Protocol } from '../protocol.ts';
import { promisesOfDatagramRoom, promisesOfStreamRoom } from './fuzz.ts';
import { detect } from './play.ts';
import { type RecordedMessages, readRecordedMessages } from './recorded-messages.ts';

const SAMPLES_PER_ROOM = 3;
/** Where no capture shows a room, damage is done to bytes that look like many protocols' beginnings. */
const STAND_IN = new TextEncoder().encode('\x00\x01\x00\x10GET / HTTP/1.1\r\nHost: a\r\n\r\n220 ready\r\n');

/**
 * The promises that rooms keep on hostile input, on real messages that are damaged.
 *
 * @param captures paths in shared/data with real traffic of the rooms
 * @param shown ids of rooms that the captures show, where shared/data is there
 */
export function promisesOfRooms(
  rooms: readonly Protocol[],
  captures: readonly string[],
  shown: readonly string[],
): void {
  const files = captures.flatMap((path) => sharedData(path) ?? []);
  const recorded = files.map(readRecordedMessages);
  const samples = rooms.map((room) => ({ room, turns: turnsOf(room, recorded), payloads: payloadsOf(room, recorded) }));

  it.skipIf(files.length < captures.length)('damages real messages (shared/data)', () => {
    const found = samples
      .filter(({ turns, payloads }) => turns.length + payloads.length > 0)
      .map(({ room }) => room.id);
    expect(found).toEqual(expect.arrayContaining([...shown]));
  });

  for (const { room, turns, payloads } of samples) {
    if (room.createStreamParser !== undefined) {
      promisesOfStreamRoom(room, turns.length > 0 ? turns : [[{ direction: 'to-server', bytes: STAND_IN }]]);
    }
    if (room.parseDatagram !== undefined) promisesOfDatagramRoom(room, payloads.length > 0 ? payloads : [STAND_IN]);
  }
}

function turnsOf(room: Protocol, recorded: readonly RecordedMessages[]) {
  if (room.createStreamParser === undefined) return [];
  return recorded
    .flatMap(({ conversations }) => conversations)
    .filter(({ serverPort, turns }) => detect(room, turns, serverPort, 'tcp') === 'match')
    .slice(0, SAMPLES_PER_ROOM)
    .map(({ turns }) => turns);
}

function payloadsOf(room: Protocol, recorded: readonly RecordedMessages[]): Uint8Array[] {
  if (room.parseDatagram === undefined) return [];
  const carried = recorded.flatMap(({ frames, datagrams }): readonly { readonly payload: Uint8Array }[] =>
    room.transports.includes('ethernet')
      ? frames.filter(({ etherType }) => room.etherTypes?.includes(etherType))
      : datagrams.filter(({ ports }) => ports.some((port) => room.usualPorts.includes(port))),
  );
  return carried.slice(0, SAMPLES_PER_ROOM).map(({ payload }) => payload);
}
