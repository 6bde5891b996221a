import { cleanText } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import { defineDelimitedRoom } from '../delimited-room.ts';
import type { MessageReader } from '../framed-room.ts';
import { PendingRequests } from '../pending-requests.ts';
import type { Direction, ParserContext } from '../protocol.ts';
import { transactionView } from '../transaction-view.ts';
import {
  CORRUPT,
  commandName,
  ESC,
  IDENTIFICATION,
  type MedibusMessage,
  parseMedibus,
  readIdentity,
  SOH,
} from './message.ts';
import type { MedibusExchange } from './types.ts';

/** Lists of a hundred settings or alarms stay below. */
const MAXIMUM_BYTES = 16 * 1024;
/** Waveforms travel between messages in bytes of their own. */
const FIRST_REALTIME_BYTE = 0x80;

/** Both ends may ask: a response names the command that it answers. */
class MedibusReader implements MessageReader<MedibusExchange> {
  readonly #asked = {
    'to-server': new PendingRequests<MedibusMessage>(),
    'to-client': new PendingRequests<MedibusMessage>(),
  };
  /** Way of the last command: what was corrupt is not said. */
  readonly #last: Partial<Record<Direction, number>> = {};

  message(bytes: Uint8Array, direction: Direction, context: ParserContext<MedibusExchange>): boolean {
    const message = parseMedibus(bytes);
    if (message === undefined) return true;
    const { isResponse, code } = message;
    context.inspect?.(
      direction,
      transactionView('medibus', {
        'medibus.command': commandName(code),
        'medibus.kind': isResponse ? 'response' : 'command',
      }),
    );
    const now = context.timeMicros?.();
    if (!isResponse) {
      this.#last[direction] = code;
      const given = this.#asked[direction].ask(code, message, now);
      if (given !== undefined) emit(given, undefined, undefined, direction, context);
      return true;
    }
    const asking = direction === 'to-server' ? 'to-client' : 'to-server';
    const answered = this.#asked[asking].answer(code === CORRUPT ? (this.#last[asking] ?? code) : code, now);
    if (answered !== undefined) emit(answered.request, message, answered.durationMs, asking, context);
    return true;
  }

  end(context: ParserContext<MedibusExchange>): void {
    for (const direction of ['to-server', 'to-client'] as const) {
      for (const request of this.#asked[direction].takeAll()) emit(request, undefined, undefined, direction, context);
    }
  }
}

function emit(
  { code }: MedibusMessage,
  response: MedibusMessage | undefined,
  durationMs: number | undefined,
  asking: Direction,
  context: ParserContext<MedibusExchange>,
): void {
  const isAnswered = response !== undefined && response.code !== CORRUPT;
  const identity = readIdentity(isAnswered && code === IDENTIFICATION ? response.text : '');
  context.emit(
    {
      protocol: 'medibus',
      activity: 'exchange',
      command: commandName(code),
      outcome: response === undefined ? 'unanswered' : isAnswered ? 'success' : 'failure',
      bytes: response?.text.length ?? 0,
      ...identity,
      model: cleanText(identity.model),
      askedBy: asking === 'to-server' ? 'client' : 'server',
      durationMs,
    },
    asking === 'to-server' ? 'to-client' : 'to-server',
  );
}

/** Only devices tell of themselves: who collects answers the same question with nothing. */
const TOLD_BY_DEVICES: ReadonlySet<string> = new Set(['measured data', 'alarms', 'device settings', 'text messages']);

export const medibus = defineDelimitedRoom<MedibusExchange>({
  id: 'medibus',
  title: 'Ventilators and anaesthesia machines (Dräger MEDIBUS)',
  standards: [
    'Dräger 9028258, MEDIBUS for Dräger intensive care devices',
    'Dräger 9052607, MEDIBUS.X, rules and standards',
  ],
  firstBytes: [ESC, SOH],
  delimiter: 0x0d,
  maximumBytes: MAXIMUM_BYTES,
  isBetween: (byte) => byte >= FIRST_REALTIME_BYTE,
  mayBegin: ([, code]) => code === undefined || commandName(code) !== '',
  isMessage: (message) => parseMedibus(message) !== undefined,
  createReader: () => new MedibusReader(),
  evidence: ({ askedBy, outcome, command, model, version, deviceId }) => {
    const other = askedBy === 'client' ? 'server' : 'client';
    const isDevice = model !== '' || (outcome === 'success' && TOLD_BY_DEVICES.has(command));
    return [
      ...(isDevice ? draft('medibus.role', 'device', other) : []),
      ...(isDevice ? draft('medibus.role', 'collector', askedBy) : []),
      ...draft('medibus.model', model, other),
      ...draft('medibus.version', version, other),
      ...draft('medibus.device-id', deviceId, other),
    ];
  },
});
