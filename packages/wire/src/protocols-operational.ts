import { bacnet } from './bacnet/protocol.ts';
import { coap } from './coap/protocol.ts';
import { dnp3 } from './dnp3/protocol.ts';
import { enip } from './enip/protocol.ts';
import { fins } from './fins/protocol.ts';
import { fox } from './fox/protocol.ts';
import { iec104 } from './iec104/protocol.ts';
import { knxnetIp } from './knxnet-ip/protocol.ts';
import { modbus } from './modbus/protocol.ts';
import { opcUa } from './opc-ua/protocol.ts';
import { profinetDcp } from './profinet-dcp/protocol.ts';
import type { Protocol } from './protocol.ts';
import { s7comm } from './s7comm/protocol.ts';

/** Rooms of control and building automation. The sensor sees `ProtocolRecord` only. */
export const OPERATIONAL_PROTOCOLS: readonly Protocol[] = [
  modbus,
  bacnet,
  enip,
  s7comm,
  opcUa,
  dnp3,
  knxnetIp,
  iec104,
  fins,
  fox,
  profinetDcp,
  coap,
] as unknown as readonly Protocol[];
