import {
  canonicalJson,
  type DsseEnvelope,
  openEnvelope,
  type SigningKey,
  signEnvelope,
  type TrustedKey,
} from '@sphinx/platform/signing';
import { z } from 'zod';

const PAYLOAD_TYPE = 'application/vnd.sphinx.known-good+json';

const FileEntry = z.strictObject({
  kind: z.enum(['file', 'folder', 'link', 'other']),
  /** Octal, as `find -printf %m` has it. */
  mode: z.string(),
  owner: z.string(),
  group: z.string(),
  /** Of files. */
  sha256: z.string().optional(),
  /** Where a link leads. */
  target: z.string().optional(),
});
export type FileEntry = z.infer<typeof FileEntry>;

/** What an asset looked like when it was known to be good. */
export const KnownGood = z.strictObject({
  assetId: z.string(),
  /** Milliseconds since 1970-01-01 UTC. */
  takenAt: z.int(),
  /** Path → entry. */
  files: z.record(z.string(), FileEntry),
  /** Names of the services that run. */
  services: z.array(z.string()),
  /** Texts by name: rules of the firewall, configuration of a switch. */
  texts: z.record(z.string(), z.string()),
});
export type KnownGood = z.infer<typeof KnownGood>;

/** One difference to the known-good state. */
export interface Drift {
  readonly kind:
    | 'file-changed'
    | 'file-gone'
    | 'file-new'
    | 'rights-changed'
    | 'service-gone'
    | 'service-new'
    | 'text-changed';
  /** Path, service or name of a text. */
  readonly subject: string;
  /** For people. */
  readonly words: string;
}

/** Seals a state, so that whoever changes it later is found out. */
export function signKnownGood(state: KnownGood, key: SigningKey): DsseEnvelope {
  return signEnvelope(PAYLOAD_TYPE, Buffer.from(canonicalJson(state)), key);
}

/** @returns the state only when a trusted key signed exactly it; otherwise the reason */
export function openKnownGood(
  envelope: unknown,
  trustedKeys: readonly TrustedKey[],
): { readonly state: KnownGood } | { readonly reason: string } {
  const opened = openEnvelope(envelope, PAYLOAD_TYPE, trustedKeys);
  if (opened.status !== 'verified') return { reason: opened.reason };
  const read = KnownGood.safeParse(JSON.parse(opened.payload.toString('utf8')));
  return read.success ? { state: read.data } : { reason: 'It is no known-good state.' };
}

/** What differs from the known-good state, in the order of files, services, texts. */
export function findDrift(good: KnownGood, now: KnownGood): readonly Drift[] {
  return [...fileDrift(good.files, now.files), ...serviceDrift(good, now), ...textDrift(good.texts, now.texts)];
}

function fileDrift(
  good: Readonly<Record<string, FileEntry>>,
  now: Readonly<Record<string, FileEntry>>,
): readonly Drift[] {
  const paths = [...new Set([...Object.keys(good), ...Object.keys(now)])].sort();
  return paths.flatMap((path): Drift[] => {
    const before = Object.hasOwn(good, path) ? good[path] : undefined;
    const after = Object.hasOwn(now, path) ? now[path] : undefined;
    if (before === undefined) return [{ kind: 'file-new', subject: path, words: `${path} is new.` }];
    if (after === undefined) return [{ kind: 'file-gone', subject: path, words: `${path} is gone.` }];
    if (before.kind !== after.kind || before.sha256 !== after.sha256 || before.target !== after.target)
      return [{ kind: 'file-changed', subject: path, words: `${path} has other contents.` }];
    const rights = ({ mode, owner, group }: FileEntry): string => `${owner}:${group} ${mode}`;
    if (rights(before) === rights(after)) return [];
    return [{ kind: 'rights-changed', subject: path, words: `${path} is ${rights(after)}, was ${rights(before)}.` }];
  });
}

function serviceDrift({ services: good }: KnownGood, { services: now }: KnownGood): readonly Drift[] {
  return [
    ...good
      .filter((name) => !now.includes(name))
      .map((name) => ({ kind: 'service-gone', subject: name, words: `${name} does not run.` }) as const),
    ...now
      .filter((name) => !good.includes(name))
      .map((name) => ({ kind: 'service-new', subject: name, words: `${name} runs and did not.` }) as const),
  ];
}

function textDrift(good: Readonly<Record<string, string>>, now: Readonly<Record<string, string>>): readonly Drift[] {
  return Object.keys(good)
    .sort()
    .filter((name) => good[name] !== now[name])
    .map((name) => {
      const lines = (text: string | undefined): readonly string[] => (text ?? '').split('\n');
      const gone = lines(good[name]).filter((line) => !lines(now[name]).includes(line)).length;
      const added = lines(now[name]).filter((line) => !lines(good[name]).includes(line)).length;
      return {
        kind: 'text-changed',
        subject: name,
        words: `${name}: ${gone} lines gone, ${added} lines new.`,
      } as const;
    });
}
