import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { readZip, writeZip } from '@sphinx/platform/archive';
import { openEnvelope, type TrustedKey, TrustedKeys } from '@sphinx/platform/signing';
import { z } from 'zod';
import { CustodyEntry, checkChain } from '../evidence/custody.ts';
import { BundleManifest, FILES, MANIFEST_TYPE } from './bundle-manifest.ts';
import { digestOf, plainEntries } from './write-bundle.ts';

const LIMITS = { entries: 10_000, unpackedBytes: 64 * 1024 ** 3 };

/** What a look at a bundle found. */
export interface BundleCheck {
  readonly isIntact: boolean;
  /** Everything that does not hold, in words. */
  readonly problems: readonly string[];
  readonly case: { readonly id: string; readonly name: string; readonly title: string } | null;
  readonly files: number;
  readonly custodyEntries: number;
  /** SHA-256 of the key that signed it; compare it with what the hospital published. */
  readonly keyId: string | null;
  /** The key is one that whoever checks brought along. */
  readonly isKeyTrusted: boolean;
}

/**
 * Checks a bundle offline: every file is there and as the signed manifest says, the chain of custody is whole, each of its time
 * stamps is signed, and the archive has not one byte that it should not have. Never throws for what is in the file.
 *
 * @param path of the bundle
 * @param trusted keys that are known to be the hospital's; without, the key in the bundle is used, and its id told
 */
export async function checkBundle(path: string, trusted?: readonly TrustedKey[]): Promise<BundleCheck> {
  const work = await mkdtemp(join(tmpdir(), 'sphinx-evidence-'));
  try {
    const unpacked = await unpack(path, work);
    if (unpacked.problem !== undefined) return broken([unpacked.problem]);
    return await checkFolder(path, work, unpacked.names, trusted);
  } catch (error) {
    return broken([`it cannot be read: ${error instanceof Error ? error.message : String(error)}`]);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function unpack(path: string, work: string) {
  const names: string[] = [];
  try {
    for await (const entry of readZip(path, LIMITS)) {
      if (names.includes(entry.name)) return { names, problem: `${entry.name} is there twice` };
      names.push(entry.name);
      const target = join(work, entry.name);
      await mkdir(dirname(target), { recursive: true });
      await pipeline(await entry.open(), createWriteStream(target));
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { names, problem: `the archive is damaged: ${reason}` };
  }
  return { names, problem: undefined };
}

async function checkFolder(
  path: string,
  work: string,
  names: readonly string[],
  trusted: readonly TrustedKey[] | undefined,
): Promise<BundleCheck> {
  const read = async (name: string) => readFile(join(work, name)).catch(() => undefined);
  const manifestBytes = await read(FILES.manifest);
  if (manifestBytes === undefined) return broken(['it has no manifest: it is no bundle of evidence']);
  const manifest = BundleManifest.safeParse(parse(manifestBytes));
  if (!manifest.success) return broken(['its manifest is none']);
  const enclosed = TrustedKeys.safeParse(parse(await read(FILES.keys)));
  const keys = trusted ?? (enclosed.success ? enclosed.data.keys : []);
  const problems: string[] = [];
  if (!enclosed.success) problems.push('it encloses no key');
  const opened = openEnvelope(parse(await read(FILES.signature)), MANIFEST_TYPE, keys);
  if (opened.status !== 'verified') problems.push(`the signature of the manifest does not hold: ${opened.reason}`);
  else if (!opened.payload.equals(manifestBytes)) problems.push('the signature is of another manifest');
  problems.push(...(await checkFiles(work, names, manifest.data)));
  const custody = z.array(CustodyEntry).safeParse(parse(await read(FILES.custody)));
  if (!custody.success) problems.push('its chain of custody cannot be read');
  else problems.push(...checkCustody(custody.data, manifest.data, keys));
  if (problems.length === 0 && !(await isSameArchive(path, work, names))) {
    problems.push('the archive around the files was changed, though none of the files');
  }
  return {
    isIntact: problems.length === 0,
    problems,
    case: manifest.data.case,
    files: manifest.data.files.length,
    custodyEntries: custody.success ? custody.data.length : 0,
    keyId: opened.status === 'verified' ? opened.keyId : null,
    isKeyTrusted: trusted !== undefined && opened.status === 'verified',
  };
}

async function checkFiles(
  work: string,
  names: readonly string[],
  manifest: BundleManifest,
): Promise<readonly string[]> {
  const problems: string[] = [];
  const expected = new Set<string>([FILES.manifest, FILES.signature, FILES.keys]);
  for (const { path, sha256, sizeBytes } of manifest.files) {
    expected.add(path);
    if (!names.includes(path)) problems.push(`${path} is missing`);
    else {
      const digest = await digestOf(join(work, path));
      if (digest.sha256 !== sha256 || digest.sizeBytes !== sizeBytes) problems.push(`${path} was changed`);
    }
  }
  for (const name of names) if (!expected.has(name)) problems.push(`${name} is not in the manifest`);
  return problems;
}

function checkCustody(
  custody: readonly CustodyEntry[],
  manifest: BundleManifest,
  keys: readonly TrustedKey[],
): readonly string[] {
  const problems = [...checkChain(custody, keys)];
  if ((custody.at(-1)?.hash ?? '') !== manifest.custodyHead) problems.push('the chain of custody was cut at its end');
  if (custody.some((entry) => entry.case !== manifest.case.id))
    problems.push('the chain of custody is of another case');
  const collected = new Set(custody.map(({ subject }) => subject));
  for (const { path, sha256 } of manifest.files) {
    const isEvidence = path.startsWith('evidence/');
    if (isEvidence && !collected.has(sha256))
      problems.push(`the chain of custody does not say where ${path} comes from`);
  }
  return problems;
}

/** Packed once more, the files give the same archive: no byte hides beside them. */
async function isSameArchive(path: string, work: string, names: readonly string[]): Promise<boolean> {
  const again = join(work, '..', `${work.split('/').at(-1) ?? 'again'}.zip`);
  try {
    await writeZip(again, plainEntries(work, names));
    const [first, second] = await Promise.all([digestOf(path), digestOf(again)]);
    return first.sha256 === second.sha256;
  } finally {
    await rm(again, { force: true });
  }
}

function parse(bytes: Uint8Array | undefined): unknown {
  try {
    return bytes === undefined ? undefined : JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

function broken(problems: readonly string[]): BundleCheck {
  return { isIntact: false, problems, case: null, files: 0, custodyEntries: 0, keyId: null, isKeyTrusted: false };
}
