import { createHash } from 'node:crypto';
import {
  canonicalJson,
  DsseEnvelope,
  openEnvelope,
  type SigningKey,
  signEnvelope,
  type TrustedKey,
} from '@sphinx/platform/signing';
import { z } from 'zod';

const STAMP_TYPE = 'application/vnd.sphinx.custody-stamp+json';
/** Hash before the first entry of every case. */
const GENESIS = createHash('sha256').update('sphinx-custody-v1').digest('hex');

/** What was done with evidence. */
export const CustodyAction = z.enum(['opened', 'collected', 'added', 'looked', 'unmasked', 'exported', 'checked']);
export type CustodyAction = z.infer<typeof CustodyAction>;

/** One line of the chain of custody of a case. */
export const CustodyEntry = z
  .object({
    case: z.string(),
    sequence: z.int().positive(),
    /** Milliseconds since the Unix epoch. */
    time: z.number(),
    actor: z.string(),
    action: CustodyAction,
    /** SHA-256 of the evidence, or what it was about. */
    subject: z.string(),
    detail: z.string(),
    previousHash: z.string(),
    hash: z.string(),
    stamp: DsseEnvelope.meta({ description: 'Signed time stamp over the hash' }),
  })
  .meta({ id: 'CustodyEntry' });
export type CustodyEntry = z.infer<typeof CustodyEntry>;

export type NewCustodyEntry = Pick<CustodyEntry, 'case' | 'time' | 'actor' | 'action' | 'subject' | 'detail'>;

/**
 * Chains an entry to the one before (SHA-256 over both) and has its time signed (Ed25519, DSSE).
 *
 * @param previous last entry of the same case; undefined for the first
 */
export function chainEntry(
  previous: Pick<CustodyEntry, 'sequence' | 'hash'> | undefined,
  fields: NewCustodyEntry,
  key: SigningKey,
): CustodyEntry {
  const unsigned = { ...fields, sequence: (previous?.sequence ?? 0) + 1, previousHash: previous?.hash ?? GENESIS };
  const hash = hashOf(unsigned);
  return { ...unsigned, hash, stamp: signEnvelope(STAMP_TYPE, stampOf({ ...unsigned, hash }), key) };
}

/** @returns everything that does not hold, in words; empty where the chain is as it was written */
export function checkChain(entries: readonly CustodyEntry[], keys: readonly TrustedKey[]): readonly string[] {
  const problems: string[] = [];
  let previousHash = GENESIS;
  entries.forEach((entry, index) => {
    const name = `entry ${index + 1} of the chain of custody`;
    if (entry.sequence !== index + 1)
      problems.push(`${name} has number ${entry.sequence}: one was taken out or put in`);
    if (entry.previousHash !== previousHash) problems.push(`${name} does not follow the one before`);
    if (entry.hash !== hashOf(entry)) problems.push(`${name} was changed`);
    const opened = openEnvelope(entry.stamp, STAMP_TYPE, keys);
    if (opened.status !== 'verified') problems.push(`the time stamp of ${name} does not hold: ${opened.reason}`);
    else if (!opened.payload.equals(stampOf(entry))) problems.push(`the time stamp of ${name} is of something else`);
    previousHash = entry.hash;
  });
  return problems;
}

function hashOf(entry: Omit<CustodyEntry, 'hash' | 'stamp'>): string {
  const { case: of, sequence, time, actor, action, subject, detail, previousHash } = entry;
  const fields = [previousHash, of, sequence, time, actor, action, subject, detail];
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex');
}

function stampOf({ case: of, sequence, time, hash }: Omit<CustodyEntry, 'stamp'>): Buffer {
  return Buffer.from(canonicalJson({ case: of, sequence, time, hash }));
}
