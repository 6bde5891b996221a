import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { compileSigma } from './compile.ts';
import { SigmaDetector } from './detector.ts';
import type { SigmaLogsource } from './language/rule.ts';
import { loadPipelines } from './pipelines/load-pipelines.ts';

/** A case of `knowledge/sigma-rules`: events one after another, and whether the rule tells of them. */
interface Case {
  readonly fires: boolean;
  /** `at`: seconds; `repeat` times, `every` so many seconds, with `{n}` counted. The rest are fields. */
  readonly events: readonly ({ readonly at?: number; readonly repeat?: number; readonly every?: number } & Record<
    string,
    unknown
  >)[];
}

interface Document {
  readonly id: string;
  readonly title: string;
  readonly level: string;
  readonly name?: string;
  readonly logsource?: SigmaLogsource;
  readonly correlation?: { readonly rules: readonly string[] };
  readonly cases?: readonly Case[];
}

const FOLDER = fileURLToPath(new URL('../../../../knowledge/sigma-rules/', import.meta.url));
const PIPELINES = fileURLToPath(new URL('../../../../knowledge/sigma-pipelines/', import.meta.url));

const files = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => ({ name, content: readFileSync(FOLDER + name, 'utf8') }));
const documents = files.flatMap(({ content }) => parseAllDocuments(content).map((each) => each.toJS() as Document));
const sigma = compileSigma(files, await loadPipelines(PIPELINES));

/** Log that the events of a rule are from; of a correlation, that of its first rule. */
function originOf({ logsource, correlation }: Document): SigmaLogsource | undefined {
  if (logsource !== undefined || correlation === undefined) return logsource;
  const first = documents.find(({ name, id }) => name === correlation.rules[0] || id === correlation.rules[0]);
  return first === undefined ? undefined : originOf(first);
}

function toldBy(events: Case['events'], origin: SigmaLogsource | undefined): ReadonlySet<string> {
  const detector = new SigmaDetector(sigma);
  const told = events.flatMap(({ at = 0, repeat = 1, every = 0, ...fields }) =>
    Array.from({ length: repeat }, (_, n) => {
      const event = JSON.parse(JSON.stringify(fields).replaceAll('{n}', String(n))) as Record<string, unknown>;
      // Events of Windows tell by themselves what they are.
      return detector.detect(event, (at + n * every) * 1000, 'Channel' in event ? undefined : origin);
    }),
  );
  return new Set([...told.flat(), ...detector.advance(Number.POSITIVE_INFINITY)].map(({ rule }) => rule.id));
}

describe('the rules for hospitals', () => {
  it('all load, at least 25 of them, each with an id of its own', () => {
    expect(sigma.report.rejected).toEqual([]);
    expect(documents.filter(({ cases }) => cases !== undefined).length).toBeGreaterThanOrEqual(25);
  });

  it.each(documents.map((document) => [document.title, document] as const))(
    '"%s" fires on its events, and not on others',
    (_, document) => {
      // What only serves another rule is tried with that.
      if (document.level === 'informational') {
        expect(documents.some(({ correlation }) => correlation?.rules.includes(document.name ?? '') === true)).toBe(
          true,
        );
        return;
      }
      const cases = document.cases ?? [];
      expect(cases.some(({ fires }) => fires)).toBe(true);
      expect(cases.some(({ fires }) => !fires)).toBe(true);
      for (const { fires, events } of cases) {
        expect(toldBy(events, originOf(document)).has(document.id), JSON.stringify(events)).toBe(fires);
      }
    },
  );
});
