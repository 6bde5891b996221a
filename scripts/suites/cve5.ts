import { createReadStream, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Advisory, AdvisoryIndex, readCveStream, SoftwareIndex, type SoftwareItem } from '@sphinx/vulnerabilities';
import type { Suite, SuiteCase } from '../suite.ts';

/* A case is one CVE record of a feed file: it is read whole. Then one item is asked of all records, and one record of many items. */

const ASKED = 200;
const notes: string[] = [];

export const suite: Suite = {
  title: 'Records of CVE JSON 5 that are read',
  run: runFolder,
  notes: () => notes,
};

async function* runFolder(folder: string): AsyncIterable<SuiteCase> {
  notes.length = 0;
  const advisories: Advisory[] = [];
  const begun = process.cpuUsage();
  for (const file of readdirSync(folder).filter((name) => /\.(jsonl|json)(\.gz)?$/.test(name))) {
    for await (const one of readCveStream(createReadStream(join(folder, file)), file)) {
      const id = `${file} ${one.place}`;
      if ('problem' in one) {
        yield { id, outcome: 'failed', reason: one.problem };
        continue;
      }
      advisories.push(one.advisory);
      yield { id, outcome: 'passed', reason: one.advisory.id };
    }
  }
  const seconds = process.cpuUsage(begun).user / 1e6;
  const versions = advisories.flatMap(({ affected }) => affected.flatMap((entry) => entry.versions));
  const unclear = versions.filter(({ range }) => range.unclear !== undefined).length;
  notes.push(
    `${advisories.length} records in ${seconds.toFixed(1)} s of processor time; ${versions.length} versions, ${unclear} not understood`,
    ...measureMatching(advisories),
  );
}

function measureMatching(advisories: readonly Advisory[]): string[] {
  const names = advisories.flatMap(({ affected }) => affected.map(({ product }) => product.name));
  const items = names.map((name, at): SoftwareItem => ({ vendor: '', name, version: `${at % 9}.${at % 7}` }));
  const [bySource, building] = timed(() => new AdvisoryIndex(advisories));
  const [byItem] = timed(() => new SoftwareIndex(items));
  const step = (list: readonly unknown[]) => Math.max(1, Math.floor(list.length / ASKED));
  const askedItems = items.filter((_, at) => at % step(items) === 0);
  const askedAdvisories = advisories.filter((_, at) => at % step(advisories) === 0);
  const [, ofItems] = timed(() => askedItems.map((item) => bySource.match(item).length));
  const [, ofAdvisories] = timed(() => askedAdvisories.map((advisory) => byItem.match(advisory).length));
  const memory = Math.round(process.memoryUsage().rss / 1024 / 1024);
  const mean = (seconds: number, list: readonly unknown[]) => ((1000 * seconds) / Math.max(1, list.length)).toFixed(2);
  return [
    `index of all records in ${building.toFixed(1)} s; one item against all records ${mean(ofItems, askedItems)} ms,`,
    `one record against ${items.length} items ${mean(ofAdvisories, askedAdvisories)} ms (means); ${memory} MiB of memory in all`,
  ];
}

/** @returns what the work gives, and seconds of processor time */
function timed<T>(work: () => T): [T, number] {
  const begun = process.cpuUsage();
  const value = work();
  return [value, process.cpuUsage(begun).user / 1e6];
}
