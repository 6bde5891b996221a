import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { DetectionModel } from '@sphinx/learning';
import { SphinxError } from '@sphinx/platform/errors';

/** A file that unpacks to more is none of ours. */
const MAXIMUM_BYTES = 512 * 1024 * 1024;

/** Content of a data file with what a model card says of it. */
export async function readDataFile(file: string): Promise<{ text: string; fileName: string; sha256: string }> {
  const content = await readBytes(file);
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { text: unpack(file, content).toString('utf8'), fileName: basename(file), sha256 };
}

/** Content of several data files, with their names and one hash over all of them. */
export async function readDataFiles(
  files: readonly string[],
): Promise<{ texts: readonly string[]; fileName: string; sha256: string }> {
  const read = await Promise.all(files.map(readDataFile));
  const [first] = read;
  const hash = createHash('sha256');
  for (const { sha256 } of read) hash.update(sha256);
  return {
    texts: read.map(({ text }) => text),
    fileName: read.map(({ fileName }) => fileName).join(' and '),
    sha256: read.length === 1 && first !== undefined ? first.sha256 : hash.digest('hex'),
  };
}

/** @throws SphinxError SPX_INVALID_INPUT where it cannot be written */
export async function writeRows(file: string, rows: readonly string[]): Promise<void> {
  await writeFile(file, `${rows.join('\n')}\n`).catch((cause: unknown) => {
    throw new SphinxError('SPX_INVALID_INPUT', `${file} cannot be written. Does the folder exist?`, { cause });
  });
}

/**
 * @param name a file, or the name of a model in `knowledge/models` without its ending
 * @param knowledgeFolder folder of what SPHINX comes with
 */
export async function readModelFile(name: string, knowledgeFolder: string): Promise<DetectionModel> {
  const isName = /^[a-z0-9-]+$/.test(name);
  const file = isName ? join(knowledgeFolder, 'models', `${name}.json.gz`) : name;
  const content = await readBytes(file);
  const { readModel } = await import('@sphinx/learning');
  const reading = readModel(unpack(file, content).toString('utf8'));
  if (!reading.isRead) throw new SphinxError('SPX_INVALID_INPUT', `${file}: ${reading.problem}`);
  return reading.model;
}

/** @returns size of the file in bytes */
export async function saveModel(file: string, model: DetectionModel): Promise<number> {
  const { writeModel } = await import('@sphinx/learning');
  const text = Buffer.from(writeModel(model));
  const content = file.endsWith('.gz') ? gzipSync(text, { level: 9 }) : text;
  await writeFile(file, content).catch((cause: unknown) => {
    throw new SphinxError('SPX_INVALID_INPUT', `${file} cannot be written. Does the folder exist?`, { cause });
  });
  return content.length;
}

async function readBytes(file: string): Promise<Buffer> {
  return readFile(file).catch((cause: unknown) => {
    throw new SphinxError('SPX_NOT_FOUND', `${file} cannot be read. Is the name right?`, { cause });
  });
}

function unpack(file: string, content: Buffer): Buffer {
  if (content[0] !== 0x1f || content[1] !== 0x8b) return content;
  try {
    return gunzipSync(content, { maxOutputLength: MAXIMUM_BYTES });
  } catch (cause) {
    throw new SphinxError('SPX_INVALID_INPUT', `${file} cannot be unpacked: it is cut off, damaged or too large.`, {
      cause,
    });
  }
}
