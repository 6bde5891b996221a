import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultResources, findBeside, loadRules, parseClassification, unpackRuleFiles } from '@sphinx/rules';
import type { Suite, SuiteCase } from '../suite.ts';

/* A case is one rule of a published rule set: it is loaded whole, or it failed with the reason. */

const notes: string[] = [];

export const suite: Suite = {
  title: 'Published rules that load',
  run: runFolder,
  notes: () => notes,
};

function* runFolder(folder: string): Iterable<SuiteCase> {
  notes.length = 0;
  for (const archive of readdirSync(folder).filter((name) => /\.(rules|gz)$/.test(name))) {
    const begun = performance.now();
    const files = unpackRuleFiles(archive, readFileSync(join(folder, archive)));
    const classes = parseClassification(findBeside(files, 'classification.config') ?? '');
    const resources = defaultResources({ classes, readFile: (path) => findBeside(files, path) });
    const { rules, rejected } = loadRules(
      files.filter(({ name }) => name.endsWith('.rules')),
      resources,
    );
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    notes.push(`${archive}: ${rules.length} loaded, ${rejected.length} rejected, ${seconds} s`);
    for (const { gid, sid } of rules) yield { id: `${archive} ${gid}:${sid}`, outcome: 'passed', reason: 'loaded' };
    for (const { file, line, reason } of rejected) {
      yield { id: `${archive} ${file}:${line}`, outcome: 'failed', reason, cause: reason };
    }
  }
}
