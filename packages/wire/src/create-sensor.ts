import { ExpectedFlows } from './detection/expected-flows.ts';
import { PacketSensor } from './packet-sensor.ts';
import { PROTOCOLS } from './registry.ts';
import type { Sensor, SensorOptions, SensorPart } from './sensor.ts';
import { sip } from './sip/protocol.ts';

const OVERHEARD_FLOWS = 4096;

/** @returns a sensor that knows every protocol room */
export function createSensor(options: SensorOptions): Sensor {
  return new PacketSensor(options, PROTOCOLS);
}

/** @returns one of several sensors that see the packets of a source between them */
export function createSensorPart(options: SensorOptions): SensorPart {
  const expectedFlows = new ExpectedFlows();
  const sensor = new PacketSensor({ ...options, isPart: true }, PROTOCOLS, expectedFlows);
  // Calls are agreed on with a server and go from phone to phone: nothing but that is wanted of what is overheard.
  const { source, isSample } = options;
  const listener = new PacketSensor({ source, isSample, maximumFlows: OVERHEARD_FLOWS }, [sip], expectedFlows);
  return {
    packet: sensor.packet.bind(sensor),
    overhear: listener.packet.bind(listener),
    skipTo: sensor.skipTo.bind(sensor),
    takeBatch() {
      listener.takeBatch();
      return sensor.takeBatch();
    },
    finish: sensor.finish.bind(sensor),
  };
}
