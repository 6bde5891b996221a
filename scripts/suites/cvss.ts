import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scoreCvss } from '@sphinx/vulnerabilities';
import type { Suite, SuiteCase } from '../suite.ts';

/* A case is one line `VECTOR - (base, temporal, environmental)` of a file `vectors_…`; of version 4 only the score of all metrics. */

const LINE = /^(?<vector>\S+) - (?<scores>.+)$/;

export const suite: Suite = {
  title: 'CVSS vectors and their scores',
  *run(folder) {
    for (const file of readdirSync(folder)
      .filter((name) => name.startsWith('vectors_'))
      .sort()) {
      const lines = readFileSync(join(folder, file), 'utf8').split('\n');
      for (const [index, line] of lines.entries()) {
        if (line.trim() !== '') yield { id: `${file}:${index + 1}`, ...judgeScores(line.trim()) };
      }
    }
  },
};

/** @param line `AV:A/… - (2.3, None, None)` */
export function judgeScores(line: string): Omit<SuiteCase, 'id'> {
  const { vector = '', scores = '' } = LINE.exec(line)?.groups ?? {};
  const found = scoreCvss(vector);
  if (found === undefined) return { outcome: 'failed', reason: `not read: ${line}`, cause: 'not read' };
  const expected = scores
    .replaceAll(/[()]/g, '')
    .split(',')
    .map((score) => score.trim())
    .filter((score) => score !== '');
  const { base, temporal, environmental } = found;
  const given = found.version === '4.0' ? [environmental] : [base, temporal, environmental];
  const isSame = expected.every((score, i) => score === 'None' || Number(score) + 0 === given[i]);
  const reason = `${line}, found ${given.join(', ')}`;
  return expected.length > 0 && isSame
    ? { outcome: 'passed', reason }
    : { outcome: 'failed', reason, cause: `another score of version ${found.version}` };
}
