import type { DecoyContext } from '../decoys/decoy-context.ts';
import type { ServiceOf } from '../decoys/persona.ts';
import type { Conversation, Peer } from './conversation.ts';
import { GrowingBytes } from './growing-bytes.ts';

// Modbus application protocol 1.1b3 §6 over TCP (Modbus messaging on TCP/IP 1.0b §3.1.3).

const HEADER_BYTES = 7;
const MAXIMUM_LENGTH = 254;
const MAXIMUM_WAITING = 4096;
const REGISTERS = 2000;
const ILLEGAL_FUNCTION = 1;
const ILLEGAL_ADDRESS = 2;
const ILLEGAL_VALUE = 3;
const EXCEPTION = 0x80;
const DEVICE_IDENTIFICATION = 0x0e;
const NAMES: Readonly<Record<number, string>> = {
  1: 'read coils',
  2: 'read discrete inputs',
  3: 'read holding registers',
  4: 'read input registers',
  5: 'write a coil',
  6: 'write a register',
  15: 'write coils',
  16: 'write registers',
  17: 'report server id',
  43: 'read device identification',
};
const WRITES = new Set([5, 6, 15, 16]);

/** A controller of ventilation or gas with registers that move nothing. */
export function modbusServer(service: ServiceOf<'modbus'>, _context: DecoyContext, peer: Peer): Conversation {
  const waiting = new GrowingBytes(MAXIMUM_WAITING);
  const registers = new Uint16Array(REGISTERS).map((_, index) => (index * 7919 + 211) % 1000);
  let isOver = false;
  return {
    receive(bytes) {
      if (isOver) return;
      waiting.add(bytes);
      let rest = waiting.take();
      while (rest.length >= HEADER_BYTES + 1) {
        const length = rest.readUInt16BE(4);
        if (rest.readUInt16BE(2) !== 0 || length < 2 || length > MAXIMUM_LENGTH) {
          isOver = true;
          peer.note('malformed', 'sent what is no Modbus');
          peer.end();
          return;
        }
        if (rest.length < 6 + length) break;
        const request = rest.subarray(HEADER_BYTES, 6 + length);
        const reply = answer(request, registers, service);
        const [code = 0] = request;
        const isWrite = WRITES.has(code);
        peer.note(isWrite ? 'upload' : 'request', `${NAMES[code] ?? `function ${code}`}`, {
          function: code,
          unit: rest[6] ?? 0,
          ...(request.length >= 5 ? { address: request.readUInt16BE(1), value: request.readUInt16BE(3) } : {}),
        });
        const head = Buffer.from(rest.subarray(0, HEADER_BYTES));
        head.writeUInt16BE(reply.length + 1, 4);
        peer.send(Buffer.concat([head, reply]));
        rest = rest.subarray(6 + length);
      }
      waiting.add(rest);
    },
  };
}

function answer(request: Buffer, registers: Uint16Array, service: ServiceOf<'modbus'>): Buffer {
  const [code = 0] = request;
  if (code === 17)
    return Buffer.concat([
      Buffer.from([17, service.product.length + 2, 1]),
      Buffer.from(service.product, 'latin1'),
      Buffer.from([0xff]),
    ]);
  if (code === 43) return identification(request, service);
  if (NAMES[code] === undefined) return Buffer.from([code | EXCEPTION, ILLEGAL_FUNCTION]);
  if (request.length < 5) return Buffer.from([code | EXCEPTION, ILLEGAL_VALUE]);
  const address = request.readUInt16BE(1);
  const count = request.readUInt16BE(3);
  if (code === 5 || code === 6) {
    if (address >= REGISTERS) return Buffer.from([code | EXCEPTION, ILLEGAL_ADDRESS]);
    registers[address] = count;
    return Buffer.from(request.subarray(0, 5));
  }
  const limit = code === 3 || code === 4 ? 125 : code === 16 ? 123 : 2000;
  if (count === 0 || count > limit) return Buffer.from([code | EXCEPTION, ILLEGAL_VALUE]);
  if (address + count > REGISTERS) return Buffer.from([code | EXCEPTION, ILLEGAL_ADDRESS]);
  if (code === 15 || code === 16) return Buffer.from(request.subarray(0, 5));
  if (code === 3 || code === 4) {
    const values = Buffer.alloc(count * 2);
    for (let index = 0; index < count; index += 1) values.writeUInt16BE(registers[address + index] ?? 0, index * 2);
    return Buffer.concat([Buffer.from([code, values.length]), values]);
  }
  const bits = Buffer.alloc(Math.ceil(count / 8));
  for (let index = 0; index < count; index += 1) {
    if (((registers[address + index] ?? 0) & 1) === 1) bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
  }
  return Buffer.concat([Buffer.from([code, bits.length]), bits]);
}

/** §6.21: vendor, product and revision, the basic category. */
function identification(request: Buffer, { vendor, product, revision }: ServiceOf<'modbus'>): Buffer {
  if (request[1] !== DEVICE_IDENTIFICATION) return Buffer.from([43 | EXCEPTION, ILLEGAL_FUNCTION]);
  const objects = [vendor, product, revision].map((text, index) =>
    Buffer.concat([Buffer.from([index, text.length]), Buffer.from(text, 'latin1')]),
  );
  return Buffer.concat([
    Buffer.from([43, DEVICE_IDENTIFICATION, request[2] ?? 1, 1, 0, 0, objects.length]),
    ...objects,
  ]);
}
