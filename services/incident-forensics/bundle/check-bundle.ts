import type { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { checkTimeStamp, openEnvelope, type TrustedKey, TrustedKeys } from '@sphinx/platform/signing';
import { z } from 'zod';
import { CustodyEntry, checkChain } from '../evidence/custody.ts';
import { EnclosedTimeStamps } from '../evidence/time-stamper.ts';
import { BundleManifest, FILES, MANIFEST_TYPE } from './bundle-manifest.ts';
import { type OpenedBundle, openInMemory, withBundleOnDisk } from './opened-bundle.ts';
import { jsonOf } from './write-bundle.ts';

/** Larger bundles are unpacked to the disk. */
const LARGEST_IN_MEMORY = 256 * 1024 * 1024;

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
  /** Time stamps of an authority (RFC 3161): everything up to that entry of the chain was there at that time. */
  readonly timeStamps: readonly {
    readonly entry: number;
    readonly time: number;
    readonly authority: string;
    /** SHA-256 of its certificate. */
    readonly certificate: string;
    readonly isTrusted: boolean;
  }[];
}

/** What whoever checks brings along. */
export interface CheckOptions {
  /** Keys that are known to be the hospital's; without, the key in the bundle is used, and its id told. */
  readonly keys?: readonly TrustedKey[] | undefined;
  /** Certificates of authorities for time stamps; without, the authority is told, not trusted. */
  readonly authorities?: readonly X509Certificate[] | undefined;
  /** Whoever only wants to know whether it holds needs no list of everything. */
  readonly isFirstProblemEnough?: boolean;
}

/**
 * Checks a bundle offline: every file is there and as the signed manifest says, the chain of custody is whole, each of its time
 * stamps is signed, and the archive has not one byte that it should not have. Never throws for what is in the file.
 *
 * @param path of the bundle
 */
export async function checkBundle(path: string, options: CheckOptions = {}): Promise<BundleCheck> {
  try {
    const { size } = await stat(path);
    if (size <= LARGEST_IN_MEMORY) return await checkBundleBytes(await readFile(path), options);
    return await withBundleOnDisk(path, async (opened) =>
      typeof opened === 'string' ? broken([opened]) : checkOpened(opened, options),
    );
  } catch (error) {
    return broken([`it cannot be read: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

/** The same for a bundle in memory. */
export async function checkBundleBytes(bytes: Buffer, options: CheckOptions = {}): Promise<BundleCheck> {
  const opened = openInMemory(bytes);
  if (opened === undefined) return broken(['the archive is damaged, or is no bundle of evidence']);
  if (options.isFirstProblemEnough === true && !(await opened.isPlain())) return broken(['the archive was changed']);
  return checkOpened(opened, options);
}

/** The same for a bundle whose files can be read. */
export async function checkOpened(bundle: OpenedBundle, options: CheckOptions = {}): Promise<BundleCheck> {
  const { keys: trusted, authorities = [] } = options;
  const read = async (name: string) => parse(await bundle.read(name));
  const manifestBytes = await bundle.read(FILES.manifest);
  if (manifestBytes === undefined) return broken(['it has no manifest: it is no bundle of evidence']);
  const manifest = BundleManifest.safeParse(parse(manifestBytes));
  if (!manifest.success) return broken(['its manifest is none']);
  const problems: string[] = [...(await checkFiles(bundle, manifest.data))];
  const isEnough = () => options.isFirstProblemEnough === true && problems.length > 0;
  if (isEnough()) return broken(problems);
  const enclosed = TrustedKeys.safeParse(await read(FILES.keys));
  const keys = trusted ?? (enclosed.success ? enclosed.data.keys : []);
  if (!enclosed.success) problems.push('it encloses no key');
  const signature = await bundle.read(FILES.signature);
  const envelope = parse(signature);
  // Nothing else covers the signature: it stands there exactly as it was written.
  if (signature !== undefined && !jsonOf(envelope).equals(signature)) problems.push(`${FILES.signature} was changed`);
  const opened = openEnvelope(envelope, MANIFEST_TYPE, keys);
  if (opened.status !== 'verified') problems.push(`the signature of the manifest does not hold: ${opened.reason}`);
  else if (!opened.payload.equals(manifestBytes)) problems.push('the signature is of another manifest');
  if (isEnough()) return broken(problems);
  if (problems.length === 0 && !(await bundle.isPlain())) {
    problems.push('the archive around the files was changed, though none of the files');
  }
  if (isEnough()) return broken(problems);
  const custody = z.array(CustodyEntry).safeParse(await read(FILES.custody));
  if (!custody.success) problems.push('its chain of custody cannot be read');
  else problems.push(...checkCustody(custody.data, manifest.data, keys));
  const stamps = manifest.data.files.some(({ path }) => path === FILES.timeStamps)
    ? checkTimeStamps(await read(FILES.timeStamps), custody.data ?? [], authorities)
    : { problems: [], timeStamps: [] };
  problems.push(...stamps.problems);
  return {
    isIntact: problems.length === 0,
    problems,
    case: manifest.data.case,
    files: manifest.data.files.length,
    custodyEntries: custody.data?.length ?? 0,
    keyId: opened.status === 'verified' ? opened.keyId : null,
    isKeyTrusted: trusted !== undefined && opened.status === 'verified',
    timeStamps: stamps.timeStamps,
  };
}

async function checkFiles(bundle: OpenedBundle, manifest: BundleManifest): Promise<readonly string[]> {
  const problems: string[] = [];
  const expected = new Set<string>([FILES.manifest, FILES.signature]);
  const names = new Set(bundle.names);
  for (const { path, sha256, sizeBytes } of manifest.files) {
    expected.add(path);
    if (!names.has(path)) problems.push(`${path} is missing`);
    else {
      const digest = await bundle.digest(path);
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

function checkTimeStamps(content: unknown, custody: readonly CustodyEntry[], authorities: readonly X509Certificate[]) {
  const enclosed = EnclosedTimeStamps.safeParse(content);
  if (!enclosed.success) return { problems: ['its time stamps of an authority cannot be read'], timeStamps: [] };
  const problems: string[] = [];
  const timeStamps: BundleCheck['timeStamps'][number][] = [];
  for (const { entry, token } of enclosed.data) {
    const hash = custody[entry - 1]?.hash ?? '';
    const checked = checkTimeStamp(Buffer.from(token, 'base64'), Buffer.from(hash, 'hex'), authorities);
    const name = `the authority's time stamp of entry ${entry}`;
    if (checked.status === 'fails') {
      problems.push(`${name} does not hold: ${checked.reason}`);
      continue;
    }
    const { time, authority, certificate, isTrusted } = checked.stamp;
    if (authorities.length > 0 && !isTrusted) problems.push(`${name} is of an authority that you did not name`);
    timeStamps.push({ entry, time, authority, certificate, isTrusted });
  }
  return { problems, timeStamps };
}

function parse(bytes: Uint8Array | undefined): unknown {
  try {
    return bytes === undefined ? undefined : JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

function broken(problems: readonly string[]): BundleCheck {
  const nothing = { case: null, files: 0, custodyEntries: 0, keyId: null, isKeyTrusted: false, timeStamps: [] };
  return { isIntact: false, problems, ...nothing };
}
