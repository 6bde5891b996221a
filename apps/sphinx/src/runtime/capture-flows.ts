import { open } from 'node:fs/promises';
import { SphinxError } from '@sphinx/platform/errors';
import { CaptureReader, createSensor, FLOW_NUMBERS, FlowFeatureReader, type Inspector } from '@sphinx/wire';

const CHUNK_BYTES = 1 << 20;
/** Records are of no use here; they are taken away so that they do not gather. */
const PACKETS_PER_BATCH = 20_000;

/** Columns of the rows: as `sphinx ml train --kind flows` takes them. */
export const FLOW_COLUMNS: readonly string[] = ['protocol_type', 'service', 'flag', ...FLOW_NUMBERS, 'label'];

/**
 * The flows of a capture as the sensor computes them for a model, one row for each that ends.
 *
 * @param label what is known of all of them: `normal`, or the name of an attack
 * @param take is given one row of comma-separated values at a time
 * @throws SphinxError SPX_NOT_FOUND, or SPX_INVALID_INPUT for what is no capture
 */
export async function readCaptureFlows(file: string, label: string, take: (row: string) => void): Promise<void> {
  const features = new FlowFeatureReader();
  const inspector: Inspector = {
    packet: () => undefined,
    stream: () => undefined,
    transaction: () => undefined,
    flowEnded(flow) {
      if (flow.transport !== 'tcp' && flow.transport !== 'udp' && flow.transport !== 'icmp') return;
      const { protocol_type, service, flag, numbers } = features.read(flow);
      take([protocol_type, service, flag, ...Array.from(numbers, rounded), label].join(','));
    },
  };
  const sensor = createSensor({ source: 'capture', isSample: false, inspector });
  let packets = 0;
  const reader = new CaptureReader({
    packet(...packet) {
      sensor.packet(...packet);
      packets++;
      if (packets % PACKETS_PER_BATCH === 0) sensor.takeBatch();
    },
  });
  const handle = await open(file, 'r').catch((cause: unknown) => {
    throw new SphinxError('SPX_NOT_FOUND', `${file} cannot be read. Is the name right?`, { cause });
  });
  try {
    for (;;) {
      const { bytesRead, buffer } = await handle.read(new Uint8Array(CHUNK_BYTES), 0, CHUNK_BYTES);
      if (bytesRead === 0) break;
      reader.push(buffer.subarray(0, bytesRead));
    }
    reader.end();
    sensor.finish();
  } catch (cause) {
    throw new SphinxError('SPX_INVALID_INPUT', `${file} is no capture that can be read to its end.`, { cause });
  } finally {
    await handle.close();
  }
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
