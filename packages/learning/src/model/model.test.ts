import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { rowOf } from '../data/matrix.ts';
import { readTable } from '../data/read-table.ts';
import { encodeTable } from '../data/table.ts';
import { inventedConnections } from '../testing/invented-connections.ts';
import { createJudge, createScreen } from './blend/blend.ts';
import { renderCard } from './card.ts';
import { evaluateModel } from './evaluate.ts';
import { judgeTable } from './judge-model.ts';
import type { DetectionModel } from './model.ts';
import { readModel, writeModel } from './model-file.ts';
import { createExplainer } from './reasons.ts';
import { formOf, trainModel } from './train-model.ts';

const NOW = new Date('2026-11-30T12:00:00Z');
const TEXT = inventedConnections(1500, 1);

function train(text: string, seed = 1) {
  const sha256 = createHash('sha256').update(text).digest('hex');
  return trainModel({ kind: 'nsl-kdd', texts: [text], fileName: 'invented.txt', sha256, seed, now: NOW });
}

let model: DetectionModel;
beforeAll(() => {
  const result = train(TEXT);
  if (!result.isTrained) throw new Error(result.problem);
  model = result.model;
});

function read(text: string) {
  const reading = readTable(text, formOf('nsl-kdd'));
  if (!reading.isRead || reading.truth === undefined) throw new Error('not read');
  return { table: reading.table, truth: reading.truth };
}

describe('A model', () => {
  it('tells attacks from normal connections that it has not seen, and names their kind', () => {
    const { table, truth } = read(inventedConnections(500, 2));
    const evaluation = evaluateModel(model, table, truth);
    expect(evaluation.accuracy).toBeGreaterThan(0.95);
    expect(evaluation.areaUnderCurve).toBeGreaterThan(0.99);
    expect(evaluation.kindConfusion.classes).toEqual(['normal', 'dos', 'probe']);
    expect(evaluation.kindClasses.every(({ recall }) => recall > 0.9)).toBe(true);
    expect(evaluation.counts.truePositive + evaluation.counts.falseNegative).toBe(200);
  });

  it('finds an attack that training did not have', () => {
    const learnt = train(
      TEXT.split('\n')
        .filter((line) => !/smurf|ipsweep/.test(line))
        .join('\n'),
    );
    if (!learnt.isTrained) throw new Error(learnt.problem);
    const { table, truth } = read(inventedConnections(500, 3));
    const smurf = evaluateModel(learnt.model, table, truth).types.find(({ type }) => type === 'smurf');
    expect((smurf?.found ?? 0) / (smurf?.rows ?? 1)).toBeGreaterThan(0.9);
  });

  it('is the same for the same rows and seed', () => {
    const again = train(TEXT);
    expect(again.isTrained && writeModel(again.model)).toBe(writeModel(model));
  });

  it('says the same of attacks when it stops asking as soon as a row cannot be one, and nothing of others', () => {
    if (model.mind.kind !== 'blend') throw new Error('no blend');
    const { table } = read(inventedConnections(300, 4));
    const matrix = encodeTable(table, model.vocabulary);
    const judge = createJudge(model.mind.blend);
    const screen = createScreen(model.mind.blend, 0.9);
    const probabilities = Array.from({ length: table.rows }, (_, row) => judge(rowOf(matrix, row)).probability);
    for (const [row, probability] of probabilities.entries()) {
      expect(screen(rowOf(matrix, row))).toBeCloseTo(probability >= 0.9 ? probability : 0, 9);
    }
    expect(new Set(probabilities.map((probability) => probability >= 0.9)).size).toBe(2);
  });

  it('judges the same after it was written and read', () => {
    const reading = readModel(writeModel(model));
    if (!reading.isRead) throw new Error(reading.problem);
    const { table } = read(inventedConnections(100, 4));
    expect(judgeTable(reading.model, table)).toEqual(judgeTable(model, table));
  });

  it('has a card with the data, its digest, the classes and the limits', () => {
    const card = renderCard(model.card, model.features);
    expect(card).toContain(createHash('sha256').update(TEXT).digest('hex'));
    for (const words of [
      '## Limits',
      '| attack |',
      'expected calibration error',
      '`src_bytes`: bytes sent by the client',
    ]) {
      expect(card).toContain(words);
    }
  });

  it('says in words what made a connection look like an attack', () => {
    if (model.mind.kind !== 'blend') throw new Error('no blend');
    const { table, truth } = read(inventedConnections(50, 5));
    const row = truth.types.indexOf('neptune');
    const reasons = createExplainer(model, model.mind.blend)(rowOf(encodeTable(table, model.vocabulary), row), 4);
    expect(reasons.map(({ words }) => words).join('\n')).toMatch(
      /flag|how the connection began and ended: S0|connections to the same host within two seconds|without an answer/,
    );
    for (const [at, { weight }] of reasons.entries()) expect(weight).toBeLessThanOrEqual(reasons[at - 1]?.weight ?? 1);
  });

  it('is refused with the place of the fault when its file is damaged, and never throws', () => {
    expect(readModel('hello')).toMatchObject({ isRead: false });
    expect(readModel('{"format":"sphinx-model","version":7}')).toMatchObject({ isRead: false });
    const text = writeModel(model);
    const places = fc.tuple(
      fc.integer({ min: 0, max: text.length - 1 }),
      fc.constantFrom('0', '}', '"', '9', 'A', '-'),
    );
    const { table } = read(inventedConnections(3, 6));
    fc.assert(
      fc.property(fc.array(places, { minLength: 1, maxLength: 4 }), (changes) => {
        let changed = text;
        for (const [at, character] of changes) changed = changed.slice(0, at) + character + changed.slice(at + 1);
        const reading = readModel(changed);
        if (reading.isRead) judgeTable(reading.model, table);
        else expect(reading.problem.length).toBeGreaterThan(10);
      }),
      { numRuns: 40 },
    );
  });

  it('is not trained without labels or on too little, and says so', () => {
    expect(train(TEXT.replace(/,[a-z]+,21$/gm, ''))).toMatchObject({
      isTrained: false,
      problem: expect.stringContaining('no column label'),
    });
    expect(train(inventedConnections(60, 1))).toMatchObject({
      isTrained: false,
      problem: expect.stringContaining('at least 50 attacks'),
    });
  });
});

describe('Models that SPHINX comes with', () => {
  it.each(['nsl-kdd', 'wustl-ehms', 'flows'])('are whole, with a card: %s', (name) => {
    const file = new URL(`../../../../knowledge/models/${name}.json.gz`, import.meta.url);
    const packed = readFileSync(file);
    expect(packed.length).toBeLessThan(2 * 1024 * 1024);
    const reading = readModel(gunzipSync(packed).toString());
    if (!reading.isRead) throw new Error(reading.problem);
    expect(reading.model.kind).toBe(name);
    expect(reading.model.card.limits.length).toBeGreaterThan(2);
  });

  const data = sharedData('nsl-kdd');
  it.skipIf(data === undefined)('were trained on the file that their card names (skipped without shared/data)', () => {
    const text = readFileSync(`${data}/KDDTrain+_20Percent.txt`);
    const file = new URL('../../../../knowledge/models/nsl-kdd.json.gz', import.meta.url);
    const reading = readModel(gunzipSync(readFileSync(file)).toString());
    if (!reading.isRead) throw new Error(reading.problem);
    expect(reading.model.card.data.sha256).toBe(createHash('sha256').update(text).digest('hex'));
    const { table, truth } = read(text.toString().split('\n').slice(0, 300).join('\n'));
    expect(evaluateModel(reading.model, table, truth).accuracy).toBeGreaterThan(0.95);
  });
});
