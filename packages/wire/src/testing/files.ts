import { createHash } from 'node:crypto';
import { FILE_TYPES } from '../../../../tests/file-types.ts';
import { createSensor } from '../create-sensor.ts';
import type { FileOptions, FileRecord } from '../files/types.ts';
import type { Inspector, TransactionView } from '../inspector.ts';
import type { SensorBatch } from '../sensor.ts';
import { ConversationFeed } from './conversation-packets.ts';
import { plainView, type Turn } from './play.ts';

/** How tests look at files: every name, content handed over. */
export const ALL_FILES: FileOptions = { types: FILE_TYPES, names: 'all', givesContent: true };

/** One connection: what is said on it, on which ports. */
export interface Connection {
  readonly clientIp?: string;
  readonly serverIp?: string;
  readonly clientPort?: number;
  readonly serverPort?: number;
  readonly turns: readonly Turn[];
}

/** Lets a sensor that looks at files hear whole connections between two hosts. */
export function hearFiles(
  connections: readonly Connection[],
  options: FileOptions = ALL_FILES,
): { readonly batch: SensorBatch; readonly files: readonly FileRecord[]; readonly views: readonly TransactionView[] } {
  const views: TransactionView[] = [];
  const inspector: Inspector = {
    packet: () => {},
    stream: () => {},
    transaction: (_flow, _direction, view) => void views.push(plainView(view)),
    flowEnded: () => {},
  };
  const sensor = createSensor({ source: 'test', isSample: false, inspector, files: options });
  const feed = new ConversationFeed(sensor);
  connections.forEach(({ turns, ...given }, index) => {
    const usual = { clientIp: '10.0.0.1', serverIp: '10.0.0.2', clientPort: 40_000 + index, serverPort: 80 };
    feed.connection({ ...usual, ...given }, turns);
  });
  sensor.finish();
  const batch = sensor.takeBatch();
  return { batch, files: batch.files, views };
}

/** @returns what a record says of content that came whole */
export function wholeFile(content: Uint8Array): Partial<FileRecord> {
  const hex = (algorithm: string) => createHash(algorithm).update(content).digest('hex');
  const digests = { md5: hex('md5'), sha1: hex('sha1'), sha256: hex('sha256') };
  return { ...digests, sizeBytes: content.length, isWhole: true, lostBytes: 0 };
}
