export { CaptureFormatError, CaptureReader, type PacketHandler } from './capture/capture-reader.ts';
export { decompress } from './capture/decompress.ts';
export { createSensor } from './create-sensor.ts';
export type { InspectedFlowState, InspectedPacket, Inspector, TransactionView } from './inspector.ts';
export type * from './protocol.ts';
export { PROTOCOLS } from './registry.ts';
export type * from './sensor.ts';
