import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { type CreateInspection, type InspectionOffer, SphinxError } from '@sphinx/platform';
import type { FileTypeDefinition } from '@sphinx/schema';
import {
  CaptureFormatError,
  CaptureReader,
  createSensor,
  decompress,
  type EveAlert,
  EveLog,
  type EveSettings,
  type Inspector,
} from '@sphinx/wire';

const READ_CHUNK_BYTES = 1 << 20;

/**
 * Writes what captures show as EVE JSON: flows, protocol records and, where a service looks at packets, its alerts.
 *
 * @param options.inspection what the services of the program look at packets with
 * @param options.output gets one event a line; left open
 * @param options.withContent whether events hold what the captures hold, patients' data included; nothing of it is stored
 * @param options.settings what else is told, and how
 * @param options.numbering which packet an event about a TCP stream is told with
 * @throws SphinxError SPX_INVALID_INPUT when a file is no capture
 */
export async function writeEve(options: {
  files: readonly string[];
  inspection: InspectionOffer | undefined;
  fileTypes: readonly FileTypeDefinition[];
  output: Writable;
  communityIdSeed: number;
  withContent: boolean;
  numbering: 'completing' | 'acknowledging';
  dnsVersion: 2 | 3;
  settings?: EveSettings;
  onFile: (path: string) => void;
}): Promise<void> {
  const { files, inspection, fileTypes, output, withContent, onFile } = options;
  const { communityIdSeed, numbering, dnsVersion, settings } = options;
  // Names of documents and images are often those of patients.
  const followed = { types: fileTypes, names: withContent ? 'all' : 'programs', givesContent: false } as const;
  for (const path of files) {
    onFile(path);
    let lines = '';
    const log = new EveLog({
      captureFile: path,
      communityIdSeed,
      withContent,
      numbering,
      dnsVersion,
      ...(settings === undefined ? {} : { settings }),
      write: (event) => {
        lines += `${JSON.stringify(event)}\n`;
      },
    });
    if (inspection !== undefined) log.watchWith(await openInspector(inspection, path, log));
    const sensor = createSensor({ source: path, isSample: false, inspector: log, files: followed });
    const flush = async () => {
      log.batch(sensor.takeBatch());
      const text = lines;
      lines = '';
      if (text !== '' && !output.write(text)) await once(output, 'drain');
    };
    await readPackets(path, sensor.packet.bind(sensor), flush);
    sensor.finish();
    await flush();
  }
}

async function openInspector({ module, data }: InspectionOffer, source: string, log: EveLog): Promise<Inspector> {
  const { createInspection } = (await import(module)) as { createInspection: CreateInspection };
  // The platform knows neither packets nor alerts: that the module makes an inspector is its promise.
  return createInspection(data, source, { observe: (alert) => log.alert(alert as EveAlert) }).inspector as Inspector;
}

async function readPackets(
  path: string,
  packet: ConstructorParameters<typeof CaptureReader>[0]['packet'],
  afterChunk: () => Promise<void>,
): Promise<void> {
  const reader = new CaptureReader({ packet });
  try {
    for await (const chunk of decompress(
      createReadStream(path, { highWaterMark: READ_CHUNK_BYTES }),
      () => undefined,
    )) {
      reader.push(chunk);
      await afterChunk();
    }
    reader.end();
  } catch (error) {
    if (!(error instanceof CaptureFormatError)) throw error;
    throw new SphinxError(
      'SPX_INVALID_INPUT',
      `${path} is no capture, so that no EVE can be written: ${error.message}`,
      {
        cause: error,
      },
    );
  }
}
