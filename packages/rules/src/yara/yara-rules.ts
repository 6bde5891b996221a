import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** A file of YARA rules. */
export interface YaraSource {
  /** Namespace of its rules: name of the file without ending. */
  readonly name: string;
  readonly text: string;
}

/** A file whose rules are not in force, and why. */
export interface RejectedSource {
  readonly name: string;
  readonly reason: string;
}

/** What is told of a rule that matched; never what it matched. */
export const YaraMatch = z
  .object({
    rule: z.string(),
    /** File that the rule is from. */
    file: z.string(),
    title: z.string(),
    severity: z.enum(['critical', 'high', 'medium', 'low', 'informational']),
    references: z.array(z.string()),
    techniques: z.array(z.string()),
  })
  .meta({ id: 'YaraMatch' });
export type YaraMatch = z.infer<typeof YaraMatch>;

const MAXIMUM_SOURCE_BYTES = 16 * 1024 * 1024;

/**
 * Reads rule files (`.yar`, `.yara`) of folders in turn; a folder that is not there has none.
 *
 * @returns the files by name, those of a later folder in place of earlier ones of the same name
 */
export async function readYaraSources(folders: readonly string[]): Promise<readonly YaraSource[]> {
  const sources = new Map<string, YaraSource>();
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => []);
    for (const file of names.filter((name) => /\.yara?$/.test(name)).sort()) {
      const text = await readFile(join(folder, file), 'utf8');
      const name = file.replace(/\.yara?$/, '');
      if (text.length <= MAXIMUM_SOURCE_BYTES) sources.set(name, { name, text });
    }
  }
  return [...sources.values()];
}
