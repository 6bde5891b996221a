import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../apps/sphinx/src/terminal/output.ts';
import { inventedConnections } from '../../packages/learning/src/testing/invented-connections.ts';
import { runSphinx } from './start-program.ts';

describe('sphinx ml', () => {
  let folder: string;
  const path = (name: string) => join(folder, name);
  const ml = (...args: string[]) => runSphinx(['ml', ...args]);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sphinx-ml-'));
    const [known, other] = [inventedConnections(600, 1), inventedConnections(200, 2)];
    await writeFile(path('known.txt'), known);
    await writeFile(path('other.txt.gz'), gzipSync(other));
    await writeFile(path('unlabelled.txt'), other.replaceAll(/,[a-z]+,21$/gm, ''));
    await writeFile(path('cut.txt'), known.slice(0, -60));
    const training = await ml('train', '--data', path('known.txt'), '--kind', 'flows', '--model', path('own.json.gz'));
    expect(training.errors).toBe('');
    expect(training.output).toMatch(
      /# Flows that look like attacks[\s\S]+600 rows, 240 of them attacks[\s\S]+Written to/,
    );
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true }));

  it('evaluates the model that it has trained on rows that were not learnt', async () => {
    const asked = ['evaluate', '--model', path('own.json.gz'), '--data', path('other.txt.gz')];
    const { code, output } = await ml(...asked, '--json');
    expect(code).toBe(EXIT.ok);
    const { counts, ...figures } = JSON.parse(output);
    expect(figures).toMatchObject({ kind: 'flows', rows: 200, attacks: 80 });
    expect(figures.areaUnderCurve).toBeGreaterThan(0.95);
    const { truePositive, trueNegative, falsePositive, falseNegative } = counts;
    expect(truePositive + trueNegative + falsePositive + falseNegative).toBe(200);
    expect(figures.accuracy).toBeCloseTo((truePositive + trueNegative) / 200, 10);
    const text = await ml(...asked);
    for (const title of ['Accuracy', 'Precision', 'Recall', 'F1', 'AUC', 'Calibration', 'Two classes', 'neptune']) {
      expect(text.output).toContain(title);
    }
  });

  it('judges rows without labels, the most suspicious first, with reasons', async () => {
    const asked = ['predict', '--model', path('own.json.gz'), '--data', path('unlabelled.txt')];
    const { code, output } = await ml(...asked, '--limit', '5', '--json');
    expect(code).toBe(EXIT.ok);
    const { rows, suspicious, threshold } = JSON.parse(output);
    expect(rows).toHaveLength(200);
    expect(suspicious).toHaveLength(5);
    const [first] = suspicious;
    expect(first.probability).toBe(Math.max(...rows.map(({ probability }: { probability: number }) => probability)));
    expect(first.probability).toBeGreaterThanOrEqual(threshold);
    // Every fourth, sixth, eighth and tenth of ten invented rows is an attack.
    expect(suspicious.every(({ row }: { row: number }) => [4, 6, 8, 0].includes(row % 10))).toBe(true);
    expect(first.reasons[0]).toMatch(/: .+, usually /);
  });

  it('shows the card of a model file and of one that SPHINX comes with', async () => {
    const own = await ml('card', '--model', path('own.json.gz'), '--json');
    expect(JSON.parse(own.output)).toMatchObject({ kind: 'flows', data: { name: 'known.txt', rows: 600 } });
    const shipped = await ml('card', '--model', 'flows');
    expect(shipped.output).toContain('## Limits');
  });

  it('gives the same model for the same rows and seed', async () => {
    const again = path('again.json');
    await ml('train', '--data', path('known.txt'), '--kind', 'flows', '--model', again, '--seed', '1');
    const first = JSON.parse(gunzipSync(await readFile(path('own.json.gz'))).toString('utf8'));
    const second = JSON.parse(await readFile(again, 'utf8'));
    expect(second.mind.blend.set.members.length).toBeGreaterThan(2);
    expect(second.mind).toEqual(first.mind);
  });

  it.each([
    ['rows that are cut off', 'own.json.gz', 'cut.txt', /Line 600 has \d+ columns instead of 43/],
    ['rows without labels', 'own.json.gz', 'unlabelled.txt', /no column label/],
    ['a model that is none', 'known.txt', 'known.txt', /no model file/],
    ['a file that is not there', 'own.json.gz', 'nowhere.txt', /nowhere\.txt/],
  ])('refuses %s and says what is wrong', async (_, model, data, words) => {
    const { code, errors } = await ml('evaluate', '--model', path(model), '--data', path(data));
    expect(errors).toMatch(words);
    expect(code).not.toBe(EXIT.ok);
  });
});
