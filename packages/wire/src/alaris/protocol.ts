import { cleanText, latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import { defineDelimitedRoom } from '../delimited-room.ts';
import type { MessageReader } from '../framed-room.ts';
import { PendingRequests } from '../pending-requests.ts';
import type { Direction, ParserContext } from '../protocol.ts';
import { transactionView } from '../transaction-view.ts';
import { type AlarisMessage, parseAlaris } from './message.ts';
import type { AlarisExchange } from './types.ts';

const MAXIMUM_BYTES = 512;
const EXCLAMATION_MARK = 0x21;
const SERIAL_CHARACTERS = 32;

/** Pairs commands with their answers: a pump repeats the command that it answers. */
class AlarisReader implements MessageReader<AlarisExchange> {
  readonly #pending = new PendingRequests<AlarisMessage>();
  /** Way of the commands: whoever speaks first controls. */
  #asking: Direction | undefined;

  message(bytes: Uint8Array, direction: Direction, context: ParserContext<AlarisExchange>): boolean {
    const message = parseAlaris(bytes);
    if (message === undefined) return true;
    this.#asking ??= direction;
    const isRequest = direction === this.#asking;
    context.inspect?.(direction, viewOf(message, isRequest));
    const now = context.timeMicros?.();
    if (isRequest) {
      const given = this.#pending.ask(message.command, message, now);
      if (given !== undefined) this.#emit(given, undefined, undefined, context);
      return true;
    }
    const answered = this.#pending.answer(message.command, now);
    if (answered !== undefined) this.#emit(answered.request, message, answered.durationMs, context);
    return true;
  }

  end(context: ParserContext<AlarisExchange>): void {
    for (const request of this.#pending.takeAll()) this.#emit(request, undefined, undefined, context);
  }

  #emit(
    { command, isChange }: AlarisMessage,
    answer: AlarisMessage | undefined,
    durationMs: number | undefined,
    context: ParserContext<AlarisExchange>,
  ): void {
    const [value = ''] = answer?.values ?? [];
    const told = cleanText(value, SERIAL_CHARACTERS);
    const askedBy = this.#asking === 'to-client' ? 'server' : 'client';
    context.emit(
      {
        protocol: 'alaris',
        activity: 'exchange',
        command,
        isChange,
        outcome: answer === undefined ? 'unanswered' : value.startsWith('?') ? 'failure' : 'success',
        serial: command === 'INST_SERIALNO' ? told : '',
        version: command === 'COMMS_PROTOCOL' ? told : '',
        askedBy,
        durationMs,
      },
      askedBy === 'client' ? 'to-client' : 'to-server',
    );
  }
}

function viewOf({ command, isChange }: AlarisMessage, isRequest: boolean) {
  const kind = isRequest ? (isChange ? 'change' : 'query') : 'answer';
  return transactionView('alaris', { 'alaris.command': command, 'alaris.kind': kind });
}

export const alaris = defineDelimitedRoom<AlarisExchange>({
  id: 'alaris',
  title: 'Infusion pumps (Alaris communications protocol)',
  standards: ['Alaris Asena communications protocol, as spoken by OpenICE (mdpnp) and its tests'],
  firstBytes: [EXCLAMATION_MARK],
  delimiter: 0x0d,
  maximumBytes: MAXIMUM_BYTES,
  mayBegin: (start) => /^![A-Z_]{0,32}(?:[\^|]|$)/.test(latin1(start)),
  isMessage: (message) => parseAlaris(message) !== undefined,
  createReader: () => new AlarisReader(),
  evidence: ({ askedBy, outcome, serial, version, isChange }) => {
    const pump = askedBy === 'client' ? 'server' : 'client';
    return [
      ...draft('alaris.role', 'controller', askedBy),
      ...(outcome === 'unanswered' ? [] : draft('alaris.role', 'pump', pump)),
      ...draft('alaris.serial', serial, pump),
      ...draft('alaris.version', version, pump),
      ...(isChange && outcome === 'success' ? draft('alaris.remote-control', 'true', pump) : []),
    ];
  },
});
