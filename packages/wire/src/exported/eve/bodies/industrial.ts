import type { EnipRecord } from '../../../enip/protocol.ts';
import type { ModbusRecord } from '../../../modbus/protocol.ts';
import { type EveBody, present } from '../eve-event.ts';

/** Names that EVE has for the functions of the Modbus application protocol (§6). */
const MODBUS_FUNCTIONS: ReadonlyMap<number, string> = new Map([
  [1, 'RdCoils'],
  [2, 'RdDiscreteInputs'],
  [3, 'RdHoldRegs'],
  [4, 'RdInputRegs'],
  [5, 'WrSingleCoil'],
  [6, 'WrSingleReg'],
  [7, 'RdExcStatus'],
  [8, 'Diagnostic'],
  [11, 'GetCommEventCtr'],
  [12, 'GetCommEventLog'],
  [15, 'WrMultCoils'],
  [16, 'WrMultRegs'],
  [17, 'ReportServerID'],
  [20, 'RdFileRec'],
  [21, 'WrFileRec'],
  [22, 'MaskWrReg'],
  [23, 'RdWrMultRegs'],
  [24, 'RdFIFOQueue'],
  [43, 'MEI'],
]);

/** @param transaction number within the flow, from 0. @returns a request with its answer; no value of a register */
export function modbusBody(record: ModbusRecord, transaction: number): EveBody {
  const { unit, address, quantity, outcome, exception } = record;
  const common = {
    unit_id: unit,
    function_raw: record.function,
    function_code: MODBUS_FUNCTIONS.get(record.function) ?? 'Unknown',
  };
  const read = address < 0 ? {} : { read: { address, quantity } };
  const members = {
    id: transaction + 1,
    request: { ...common, ...read },
    ...(outcome === 'unanswered'
      ? {}
      : { response: { ...common, ...(exception === 0 ? {} : { exception: { raw: exception } }) } }),
  };
  return { type: 'modbus', members };
}

export function enipBody({ command, service, status, outcome, identity }: EnipRecord): EveBody {
  const name = command.replaceAll('-', '_');
  const members = {
    request: present({ command: name, cip: present({ service }) }),
    ...(outcome === 'unanswered'
      ? {}
      : {
          response: {
            command: name,
            status: status === 0 ? 'success' : String(status),
            ...present({
              identity: identity === undefined ? undefined : present({ product_name: identity.productName }),
            }),
          },
        }),
  };
  return { type: 'enip', members };
}
