import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type NewZipEntry, writeZip } from '@sphinx/platform/archive';
import { canonicalJson, type SigningKey, signEnvelope, trustedKeyOf } from '@sphinx/platform/signing';
import type { CustodyEntry } from '../evidence/custody.ts';
import type { EvidenceItem } from '../evidence/evidence-item.ts';
import type { EntryTimeStamp } from '../evidence/time-stamper.ts';
import type { Activity, IncidentView } from '../incidents/incident-record.ts';
import { nameOf } from '../incidents/incident-work.ts';
import { BUNDLE_FORMAT, type BundleManifest, FILES, MANIFEST_TYPE } from './bundle-manifest.ts';
import { caseOntology } from './case-uco.ts';
import { incidentReport } from './report-pdf.ts';

export interface BundleParts {
  readonly view: IncidentView;
  readonly activity: readonly Activity[];
  /** What goes into it. */
  readonly evidence: readonly EvidenceItem[];
  readonly custody: readonly CustodyEntry[];
  /** Of an authority; none where none is asked. */
  readonly timeStamps: readonly EntryTimeStamp[];
  readonly timeline: readonly object[];
  readonly key: SigningKey;
  readonly time: number;
  readonly by: string;
  readonly isMasked: boolean;
  open(item: EvidenceItem): Promise<Readable>;
}

/**
 * Writes a case as one file that can be checked without SPHINX's data: evidence, chain of custody with signed time stamps, time line,
 * CASE/UCO, report; a signed manifest names the SHA-256 of each. Nothing is compressed, so that the same content is the same file.
 *
 * @param folder in which to work; what is there afterwards is the bundle alone
 * @returns path of the bundle
 */
export async function writeBundle(folder: string, parts: BundleParts): Promise<string> {
  const work = await mkdtemp(join(folder, 'bundle-'));
  try {
    const files: BundleManifest['files'][number][] = [];
    const put = async (path: string, content: Uint8Array | Readable, about: string) => {
      const target = join(work, path);
      await mkdir(dirname(target), { recursive: true });
      if (content instanceof Uint8Array) await writeFile(target, content);
      else await pipeline(content, createWriteStream(target));
      files.push({ path, ...(await digestOf(target)), about });
    };
    const { view, evidence, custody, timeline } = parts;
    for (const item of evidence) {
      await put(`evidence/${item.id.slice(-8)}-${item.name}`, await parts.open(item), item.about);
    }
    await put(FILES.custody, jsonOf(custody), 'Chain of custody with signed time stamps');
    if (parts.timeStamps.length > 0) {
      await put(
        FILES.timeStamps,
        jsonOf(parts.timeStamps),
        'Time stamps of an authority over the chain of custody (RFC 3161)',
      );
    }
    await put(FILES.ontology, jsonOf(caseOntology(view, evidence, custody)), 'The case in CASE/UCO (JSON-LD)');
    const lines = timeline.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    await put(FILES.timeline, Buffer.from(lines), 'Time line, one entry a line');
    await put(FILES.report, await incidentReport(parts), 'Report');
    await put(FILES.keys, jsonOf({ keys: [trustedKeyOf(parts.key)] }), 'Key that signed it');
    return await seal(folder, work, files, parts);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function seal(
  folder: string,
  work: string,
  files: readonly BundleManifest['files'][number][],
  { view, custody, key, time, by, isMasked }: BundleParts,
): Promise<string> {
  const manifest: BundleManifest = {
    format: BUNDLE_FORMAT,
    version: 1,
    case: { id: view.id, name: nameOf(view), title: view.title },
    createdAt: time,
    createdBy: by,
    isMasked,
    custodyHead: custody.at(-1)?.hash ?? '',
    files: [...files],
  };
  const text = Buffer.from(canonicalJson(manifest));
  await writeFile(join(work, FILES.manifest), text);
  await writeFile(join(work, FILES.signature), jsonOf(signEnvelope(MANIFEST_TYPE, text, key)));
  const names = [FILES.manifest, FILES.signature, ...files.map(({ path }) => path)];
  const path = join(folder, `${basename(work)}.zip`);
  await writeZip(path, plainEntries(work, names));
  return path;
}

/** @returns files of a folder as entries of an archive that compresses nothing */
export function plainEntries(folder: string, names: readonly string[]): readonly NewZipEntry[] {
  return names.map((name) => ({ name, path: join(folder, name), isCompressed: true }));
}

/** SHA-256, hexadecimal, and size of a file. */
export async function digestOf(path: string): Promise<{ readonly sha256: string; readonly sizeBytes: number }> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk as Buffer);
    sizeBytes += (chunk as Buffer).length;
  }
  return { sha256: hash.digest('hex'), sizeBytes };
}

/** JSON as it stands in bundles. */
export function jsonOf(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
}
