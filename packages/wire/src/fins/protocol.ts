import { hasText, word16, word32 } from '../bytes/match.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import { defineFramedRoom } from '../framed-room.ts';
import { type Outcome, pairingReader } from '../pairing-reader.ts';
import type { ProtocolRecord } from '../protocol.ts';
import { COMMANDS } from './commands.ts';

const PORT = 9600;
/** FINS header (W342 §3-2): ICF, RSV, GCT, DNA, DA1, DA2, SNA, SA1, SA2, SID; then the two bytes of the command. */
const FINS_HEADER = 10;
/** FINS/TCP (W421 §7-4): `FINS`, length, command, error code. */
const TCP_HEADER = 16;
const FRAME_SEND = 2;
const NODE_ADDRESS_REQUEST = 0;
const CONTROLLER_DATA_READ = 0x0501;
const IS_RESPONSE = 0x40;
const WANTS_NO_RESPONSE = 0x01;
/** Commands that change the controller, its memory or its files (W342 §5-1). */
const WRITES = /-(?:write|fill|clear|transfer|reset|cancel)$|^(?:run|stop)$/;

/** A command with its response. */
export interface FinsRecord extends ProtocolRecord {
  readonly protocol: 'fins';
  readonly activity: 'transaction' | 'connect';
  readonly command: number;
  readonly commandName: string;
  /** Undefined where no response is wanted. */
  readonly outcome: Outcome | undefined;
  /** End code of a response; 0 is success. */
  readonly endCode: number;
  /** Model and version of Controller Data Read (W342 §5-3-18). */
  readonly model: string;
  readonly version: string;
  readonly durationMs: number | undefined;
}

interface FinsMessage {
  readonly isConnect: boolean;
  readonly isRequest: boolean;
  readonly command: number;
  readonly key: string | undefined;
  readonly endCode: number;
  readonly model: string;
  readonly version: string;
}

const BLANK = { command: 0, endCode: 0, model: '', version: '' } as const;

/** @param isTcp whether the frame has the header of FINS/TCP */
function parseFins(message: Uint8Array, isTcp: boolean): FinsMessage | undefined {
  const kind = word32(message, 8);
  if (isTcp && kind !== FRAME_SEND) {
    return { ...BLANK, isConnect: true, isRequest: kind === NODE_ADDRESS_REQUEST, key: 'connect' };
  }
  const frame = isTcp ? message.subarray(TCP_HEADER) : message;
  if (frame.length < FINS_HEADER + 2) return undefined;
  const control = frame[0] ?? 0;
  const isResponse = (control & IS_RESPONSE) !== 0;
  const command = word16(frame, FINS_HEADER);
  const tellsModel = isResponse && command === CONTROLLER_DATA_READ && frame.length >= 54;
  return {
    isConnect: false,
    isRequest: !isResponse,
    command,
    key: !isResponse && (control & WANTS_NO_RESPONSE) !== 0 ? undefined : `${command} ${frame[9]}`,
    endCode: isResponse ? word16(frame, 12) : 0,
    model: tellsModel ? cleanText(latin1(frame, 14, 34), 20) : '',
    version: tellsModel ? cleanText(latin1(frame, 34, 54), 20) : '',
  };
}

function join(request: FinsMessage | undefined, answer: FinsMessage | undefined, durationMs?: number): FinsRecord {
  const { command = 0, isConnect = false, key } = request ?? answer ?? {};
  const { endCode = 0, model = '', version = '' } = answer ?? {};
  const outcome = answer === undefined ? 'unanswered' : endCode === 0 ? 'success' : 'failure';
  return {
    protocol: 'fins',
    activity: isConnect ? 'connect' : 'transaction',
    command,
    commandName: COMMANDS[command] ?? '',
    outcome: key === undefined ? undefined : outcome,
    endCode,
    model,
    version,
    durationMs,
  };
}

/** ICF has only its three defined bits, reserved is 0, GCT is small, the command is known. */
function isFinsFrame(frame: Uint8Array): boolean {
  const control = frame[0] ?? 0;
  const isControl = (control & 0x3e) === 0 && (control & 0x80) !== 0;
  return isControl && frame[1] === 0 && (frame[2] ?? 255) <= 7 && word16(frame, FINS_HEADER) in COMMANDS;
}

export const fins = defineFramedRoom<FinsRecord>({
  id: 'fins',
  title: 'Omron FINS',
  standards: ['Omron W342 §3 (frames), §5 (commands)', 'Omron W421 §7-4 (FINS/TCP)'],
  transports: ['tcp', 'udp'],
  usualPorts: [PORT],
  firstBytes: [0x46, 0x80, 0x81, 0xc0, 0xc1],
  headerBytes: FINS_HEADER + 2,
  maximumBytes: 2048,
  messageLength: (header, _direction, transport) => {
    if (transport === 'udp') return isFinsFrame(header) ? header.length : undefined;
    const length = word32(header, 4) + 8;
    return hasText(header, 'FINS') && length >= TCP_HEADER && length <= 0x10000 ? length : undefined;
  },
  recognise: (_message, { transport, serverPort, clientPort }) =>
    transport === 'tcp' || serverPort === PORT || clientPort === PORT ? 'match' : 'reject',
  createReader: pairingReader<FinsMessage, FinsRecord>({
    parse: (message, _direction, context) => parseFins(message, context.transport === 'tcp'),
    isRequest: ({ isRequest }) => isRequest,
    keyOf: ({ key }) => key,
    join,
  }),
  evidence: ({ model, version, outcome, commandName }) => [
    ...draft('fins.model', model, 'server'),
    ...draft('fins.version', version, 'server'),
    ...(outcome === 'success' && WRITES.test(commandName) ? draft('ot.control-accepted', commandName, 'server') : []),
  ],
});
