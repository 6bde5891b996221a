import { PacketSensor } from './packet-sensor.ts';
import { PROTOCOLS } from './registry.ts';
import type { Sensor, SensorOptions } from './sensor.ts';

/** @returns a sensor that knows every protocol room */
export function createSensor(options: SensorOptions): Sensor {
  return new PacketSensor(options, PROTOCOLS);
}
