import type { Readable } from 'node:stream';
import { SphinxError } from '@sphinx/platform';
import { type Rule, RuleCosts, RuleEngine } from '@sphinx/rules';
import { Detection } from '@sphinx/schema';
import { CaptureFormatError, CaptureReader, createSensor, decompress } from '@sphinx/wire';
import { z } from 'zod';
import { FindingMaker } from '../sensor/finding.ts';

const SOURCE = 'trial';
const MAXIMUM_SHOWN = 500;
const PACKETS_PER_BATCH = 20_000;

/** What rules would say of a capture, and what they would cost. */
export const Trial = z
  .object({
    packets: z.int(),
    detections: z.array(Detection),
    isCut: z.boolean().meta({ description: 'Further ones were found; at most 500 are shown' }),
    looks: z.int().meta({ description: 'How often conditions were looked at' }),
    milliseconds: z.number().meta({ description: 'Processor time of the rules' }),
  })
  .meta({ id: 'RuleTrial' });
export type Trial = z.infer<typeof Trial>;

/**
 * Looks at a capture with rules before they are in force. Nothing of the capture is kept.
 *
 * @param maximumBytes of the capture, unpacked
 * @throws SphinxError SPX_INVALID_INPUT when it is no capture or too large
 */
export async function tryRules(
  capture: Readable | AsyncIterable<Uint8Array>,
  rules: readonly Rule[],
  maximumBytes: number,
): Promise<Trial> {
  const detections: Detection[] = [];
  let isCut = false;
  const costs = new RuleCosts(() => performance.now());
  const maker = new FindingMaker(SOURCE, new Map());
  const inspector = new RuleEngine(rules, {
    costs,
    alert: (alert) => {
      isCut = detections.length >= MAXIMUM_SHOWN;
      if (!isCut) detections.push({ ...maker.make(alert).detection, isSample: false });
    },
  });
  const sensor = createSensor({ source: SOURCE, isSample: false, inspector });
  let packets = 0;
  const reader = new CaptureReader({
    packet: (...packet) => {
      sensor.packet(...packet);
      packets += 1;
      if (packets % PACKETS_PER_BATCH === 0) sensor.takeBatch();
    },
  });
  let bytes = 0;
  try {
    for await (const chunk of decompress(capture, () => undefined)) {
      bytes += chunk.length;
      if (bytes > maximumBytes)
        throw new SphinxError('SPX_INVALID_INPUT', `The capture is larger than ${maximumBytes / 1_000_000} MB.`);
      reader.push(chunk);
    }
    reader.end();
  } catch (error) {
    if (!(error instanceof CaptureFormatError)) throw error;
    throw new SphinxError('SPX_INVALID_INPUT', `This is no capture file: ${error.message}`, { cause: error });
  }
  sensor.finish();
  const used = costs.take().map(({ cost }) => cost);
  const looks = used.reduce((sum, cost) => sum + cost.looks, 0);
  const milliseconds = used.reduce((sum, cost) => sum + cost.milliseconds, 0);
  return { packets, detections, isCut, looks, milliseconds };
}
