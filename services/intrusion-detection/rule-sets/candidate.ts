import { createHash } from 'node:crypto';
import { SphinxError } from '@sphinx/platform';
import { type RuleFile, unpackRuleFiles } from '@sphinx/rules';

/** Rule files that may become a set, or the next version of one. */
export interface Candidate {
  readonly files: readonly RuleFile[];
  /** SHA-256 of what they came in, in hexadecimal. */
  readonly digest: string;
}

/**
 * @param name of the file or archive, or its URL
 * @throws SphinxError SPX_INVALID_INPUT when it cannot be unpacked
 */
export function readCandidate(name: string, bytes: Uint8Array): Candidate {
  const file = name.split('/').at(-1) ?? name;
  try {
    const files = unpackRuleFiles(file, bytes);
    return {
      digest: createHash('sha256').update(bytes).digest('hex'),
      // One file is a rule file whatever its name; of an archive only those that say so are.
      files: files.map((each) =>
        files.length === 1 && !each.name.endsWith('.rules') ? { ...each, name: `${each.name}.rules` } : each,
      ),
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SphinxError('SPX_INVALID_INPUT', reason, { cause: error });
  }
}
