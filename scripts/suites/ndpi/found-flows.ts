import { createReadStream } from 'node:fs';
import { CaptureReader, createSensor, type FlowRecord } from '@sphinx/wire';
import { flowKey } from './expected-flows.ts';

const PACKETS_PER_BATCH = 20_000;

/**
 * What the sensor calls each flow of a capture: the room's id, or the IP protocol of what is neither TCP nor UDP
 * (`icmp`, `ip-89`).
 *
 * @returns flow key → names; no names where the sensor saw the flow and found no protocol in it
 * @throws CaptureFormatError when the file is no capture
 */
export async function findFlows(file: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const sensor = createSensor({ source: 'suite', isSample: false });
  const names = new Map<string, Set<string>>();
  const take = () => {
    for (const flow of sensor.takeBatch().flows) addNames(names, flow);
  };
  let packets = 0;
  const reader = new CaptureReader({
    packet: (...packet) => {
      sensor.packet(...packet);
      packets += 1;
      if (packets % PACKETS_PER_BATCH === 0) take();
    },
  });
  for await (const chunk of createReadStream(file)) reader.push(chunk);
  reader.end();
  sensor.finish();
  take();
  return names;
}

function addNames(names: Map<string, Set<string>>, flow: FlowRecord): void {
  const { transport, clientIp, clientPort, serverIp, serverPort, protocol } = flow;
  const key = flowKey(transport, [clientIp, clientPort], [serverIp, serverPort]);
  const known = names.get(key) ?? new Set<string>();
  names.set(key, known);
  if (protocol !== 'unknown') known.add(protocol);
  else if (transport !== 'tcp' && transport !== 'udp') known.add(transport);
}
