import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { FingerprintMatcher, readFingerprintDatabase, verifyExample } from '@sphinx/vulnerabilities';
import type { Suite, SuiteCase } from '../suite.ts';

/*
 * A case is one example of one fingerprint: that fingerprint is the first of its database to match it and gives the values
 * that the example names, as recog's own tests ask. A fingerprint that cannot be read is one failed case.
 */

const MEASURED_ROUNDS = 3;
const notes: string[] = [];

export const suite: Suite = {
  title: "Examples of recog's fingerprints, each recognised by its own fingerprint first, with its values",
  run: runFolder,
  notes: () => notes,
};

function* runFolder(folder: string): Iterable<SuiteCase> {
  notes.length = 0;
  const speed = { texts: 0, seconds: 0 };
  let fingerprints = 0;
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.xml'))
    .sort()) {
    const name = basename(file, '.xml');
    const reading = readFingerprintDatabase(readFileSync(join(folder, file)), name, (example) =>
      readBeside(join(folder, name), example),
    );
    if (!reading.ok) {
      yield { id: file, outcome: 'failed', reason: reading.reason, cause: 'the file cannot be read' };
      continue;
    }
    const { database } = reading;
    fingerprints += database.fingerprints.length;
    for (const { line, reason } of database.rejected) {
      yield { id: `${file}:${line}`, outcome: 'failed', reason, cause: reason };
    }
    const matcher = new FingerprintMatcher(database);
    for (const fingerprint of database.fingerprints) {
      for (const [number, example] of fingerprint.examples.entries()) {
        const id = `${file}:${example.line} ${number + 1}`;
        const problem = verifyExample(matcher, fingerprint, example);
        if (problem) yield { id, outcome: 'failed', ...problem };
        else yield { id, outcome: 'passed', reason: 'as the file says' };
      }
    }
    measure(matcher, speed);
  }
  const perSecond = Math.round(speed.texts / Math.max(speed.seconds, 1e-9)).toLocaleString('en');
  notes.push(
    `${fingerprints.toLocaleString('en')} fingerprints; ${perSecond} texts a second of processor time, each against its database`,
  );
}

/** @returns content of an example's file; undefined for what lies elsewhere or is absent */
function readBeside(folder: string, name: string): Uint8Array | undefined {
  const path = join(folder, name);
  if (!path.startsWith(join(folder, '/')) || !existsSync(path)) return undefined;
  return readFileSync(path);
}

/** Matches every example of a database again, now that its patterns are compiled; processor time, as machines are shared. */
function measure(matcher: FingerprintMatcher, speed: { texts: number; seconds: number }): void {
  const texts = matcher.database.fingerprints.flatMap(({ examples }) => examples.map(({ text }) => text));
  const begun = process.cpuUsage();
  for (let round = 0; round < MEASURED_ROUNDS; round += 1) for (const text of texts) matcher.match(text);
  speed.seconds += process.cpuUsage(begun).user / 1e6;
  speed.texts += MEASURED_ROUNDS * texts.length;
}
