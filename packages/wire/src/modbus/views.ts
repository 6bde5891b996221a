import { word16 } from '../bytes/match.ts';
import type { TransactionView } from '../inspector.ts';
import { FUNCTIONS } from './functions.ts';

const DIAGNOSTICS = 8;
/** Functions that write one value behind their address (§6.5, §6.6). */
const SINGLE_WRITES = new Set([5, 6]);
const WRITE_REGISTERS = 16;
const MAXIMUM_VALUES = 125;
const MAXIMUM_ADDRESSES = 2000;

/** What rules see of one side of a Modbus transaction. The keyword `modbus` asks about requests, so only they have its numbers. */
export function modbusView(
  side: {
    readonly isRequest: boolean;
    readonly unit: number;
    readonly function: number;
    readonly address: number;
    readonly quantity: number;
    readonly isException: boolean;
    readonly exception: number;
  },
  message: Uint8Array,
): TransactionView {
  const { isRequest, unit, function: code, address, quantity, isException, exception } = side;
  const count = address < 0 ? 0 : Math.min(quantity, MAXIMUM_ADDRESSES);
  const numbers = isRequest
    ? {
        'modbus.function': [code],
        'modbus.unit': [unit],
        'modbus.address': Array.from({ length: count }, (_, index) => address + index),
        'modbus.value': valuesOf(code, message),
        ...(code === DIAGNOSTICS ? { 'modbus.subfunction': [word16(message, 8)] } : {}),
      }
    : isException
      ? { 'modbus.exception': [exception] }
      : {};
  return {
    protocol: 'modbus',
    buffers: { 'modbus.pdu': [message.slice(7)] },
    numbers,
    ...(code in FUNCTIONS ? {} : { events: ['modbus.invalid_function_code'] }),
  };
}

/** Registers that are written; of a coil, what it is set to. */
function valuesOf(code: number, message: Uint8Array): readonly number[] {
  if (SINGLE_WRITES.has(code)) return [word16(message, 10)];
  if (code !== WRITE_REGISTERS) return [];
  const count = Math.min(word16(message, 10), MAXIMUM_VALUES, Math.floor((message.length - 13) / 2));
  return Array.from({ length: Math.max(0, count) }, (_, index) => word16(message, 13 + index * 2));
}
