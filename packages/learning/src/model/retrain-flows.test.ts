import { beforeAll, describe, expect, it } from 'vitest';
import { inventedConnections } from '../testing/invented-connections.ts';
import type { JudgedFlow } from './judged-flows.ts';
import type { DetectionModel } from './model.ts';
import { readModel, writeModel } from './model-file.ts';
import { type RetrainingResult, retrainFlows } from './retrain-flows.ts';
import { trainModel } from './train-model.ts';

const ABOUT = { fileName: 'invented.txt', sha256: '0'.repeat(64), seed: 1, now: new Date('2026-11-30T12:00:00Z') };
const TEXT = inventedConnections(1000, 1);

/** A printer that is asked over and over and refuses: nothing in the training data is normal and looks like it. */
const printer = (at: number): JudgedFlow => ({
  features: { protocol_type: 'tcp', service: 'printer', flag: 'REJ', count: 30 + at, rerror_rate: 1, same_srv_rate: 1 },
  isAttack: false,
  kind: 'probe',
  isHeldOut: at % 3 === 0,
});
const PRINTERS = Array.from({ length: 30 }, (_, at) => printer(at));

let running: DetectionModel;
let result: RetrainingResult;
beforeAll(() => {
  const trained = trainModel({ ...ABOUT, kind: 'flows', texts: [TEXT] });
  if (!trained.isTrained) throw new Error(trained.problem);
  running = trained.model;
  result = retrainFlows({ ...ABOUT, text: TEXT, judged: PRINTERS, running });
});

function whole(): Extract<RetrainingResult, { isTrained: true }> {
  if (!result.isTrained) throw new Error(result.problem);
  return result;
}

describe('Retraining', () => {
  it('learns from judged flows what is harmless here, shown on flows that were kept from it', () => {
    const { comparison } = whole();
    expect(comparison.feedback).toMatchObject({
      rows: 10,
      attacks: 0,
      running: { areaUnderCurve: null, recall: null },
    });
    expect(comparison.learntFeedback).toMatchObject({ rows: 20 });
    expect(comparison.feedback?.running.falsePositiveRate).toBeGreaterThan(0.5);
    expect(comparison.feedback?.candidate).toMatchObject({ accuracy: 1, falsePositiveRate: 0, precision: null });
  });

  it('still knows the attacks of the training data, on rows that were not learnt', () => {
    const { heldOut, mayRunningHaveLearnt } = whole().comparison;
    expect(heldOut.rows).toBe(200);
    expect(heldOut.candidate.recall).toBeGreaterThan(0.9);
    expect(heldOut.candidate.areaUnderCurve).toBeGreaterThan(0.95);
    expect(mayRunningHaveLearnt).toBe(true);
  });

  it('gives a whole model whose card tells of the feedback, the same for the same input', () => {
    const { candidate } = whole();
    expect(candidate.card).toMatchObject({ version: '2', data: { rows: 1000 } });
    expect(candidate.card.data.source).toContain('30 judged flows');
    expect(readModel(writeModel(candidate)).isRead).toBe(true);
    const again = retrainFlows({ ...ABOUT, text: TEXT, judged: PRINTERS, running });
    expect(again).toEqual(result);
  });

  it.each([
    ['too little feedback', { judged: PRINTERS.slice(0, 9) }, /9 detections .* at least 10/],
    ['data without labels', { text: TEXT.replaceAll(/,[a-z]+,21$/gm, '') }, /no column label/],
    ['data with too few rows', { text: inventedConnections(20, 1) }, /at least 100 attacks/],
    ['something else', { text: 'hello\n' }, /columns/],
  ])('is refused for %s', (_, change, problem) => {
    const refused = retrainFlows({ ...ABOUT, text: TEXT, judged: PRINTERS, running, ...change });
    expect(refused).toMatchObject({ isTrained: false, problem: expect.stringMatching(problem) });
  });
});
