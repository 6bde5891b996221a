import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of the packet buffer: a whole pcapng section, sealed. */
export interface Segment {
  readonly path: string;
  /** Time of its first packet, microseconds since the epoch. */
  readonly startMicros: number;
  readonly bytes: number;
  /** When it was last written, milliseconds since the epoch. */
  readonly writtenAt: number;
}

export interface BufferLimits {
  readonly maximumBytes: number;
  readonly maximumAgeMs: number;
}

const NAME = /^(\d{1,16})(?:-\d+)?\.pcapng\.sealed$/;

/** @returns segments of one source, the oldest first; none where no packet was kept */
export async function listSegments(folder: string): Promise<readonly Segment[]> {
  const names = await readdir(folder).catch(() => []);
  const segments: Segment[] = [];
  for (const name of names) {
    const start = NAME.exec(name)?.[1];
    const path = join(folder, name);
    const found = start === undefined ? undefined : await stat(path).catch(() => undefined);
    if (found === undefined) continue;
    segments.push({ path, startMicros: Number(start), bytes: found.size, writtenAt: found.mtimeMs });
  }
  return segments.sort((a, b) => a.startMicros - b.startMicros || a.path.localeCompare(b.path));
}

/** Segments that have to go: the oldest first, until the others keep to both limits. @param now milliseconds */
export function outdatedSegments(segments: readonly Segment[], limits: BufferLimits, now: number): readonly Segment[] {
  let bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  return segments.filter((segment) => {
    const isTooOld = now - segment.writtenAt > limits.maximumAgeMs;
    if (!isTooOld && bytes <= limits.maximumBytes) return false;
    bytes -= segment.bytes;
    return true;
  });
}

export async function pruneSegments(folder: string, limits: BufferLimits, now: number): Promise<void> {
  for (const { path } of outdatedSegments(await listSegments(folder), limits, now)) await rm(path, { force: true });
}
