import { setTimeout as wait } from 'node:timers/promises';
import { createFact, type Detection } from '@sphinx/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inventedConnections } from '../../packages/learning/src/testing/invented-connections.ts';
import type { ModelFeedback } from './models/feedback.ts';
import type { ModelView } from './models/model-view.ts';
import { House, sent } from './test-house.ts';

let house: House;
beforeAll(async () => {
  house = await House.open({ model: 'flows' });
});
afterAll(() => house.close());

/** A printer that refuses, as the shipped model saw it. @param parts that are different */
function detection(at: number, parts: Partial<Detection> = {}): Detection {
  const features = { protocol_type: 'tcp', service: 'printer', flag: 'REJ', count: 30 + at, rerror_rate: 1 };
  return {
    id: `det_${at}`,
    rule: {
      ...{ gid: 9100, sid: 1, revision: 1, title: 'Looks like an attack (probe)', set: 'model:flows' },
      ...{ class: 'machine-learning', category: 'probe', references: [], techniques: [] },
    },
    severity: 'medium',
    source: { ip: '10.0.0.9', port: 4000 + at },
    destination: { ip: '10.0.0.2', port: 515 },
    target: 'destination',
    transport: 'tcp',
    protocol: null,
    time: 1_700_000_000_000 + at,
    packet: { source: 'capture_1', number: at, time: 1_700_000_000_000 + at },
    model: { name: 'flows', probability: 0.97, reasons: ['share of them that were refused: 1, usually 0'], features },
    isSample: false,
    ...parts,
  };
}

async function found(...detections: Detection[]): Promise<void> {
  await house.bus.publish(
    detections.map((data) =>
      createFact('detection.found', { key: `detection:${data.id}`, time: data.time, source: 'test', data }),
    ),
  );
  await house.bus.drained();
}

const say = (id: string, verdict: 'attack' | 'harmless') =>
  house.ask<ModelFeedback>('giveDetectionFeedback', { params: { id }, body: { verdict, note: 'asked the ward' } });
const said = () => house.ask<{ items: ModelFeedback[] }>('listModelFeedback').then(({ items }) => items);
const view = () => house.ask<ModelView>('getDetectionModel');
const give = (text: string) =>
  house.ask<ModelView>('giveModelTrainingData', { query: { name: 'invented.csv' }, request: sent(text) });

describe('What a person says of a detection of a model', () => {
  it('is kept with the features of the flow, replaced by what is said next, and taken back', async () => {
    await found(detection(1));
    await say('det_1', 'attack');
    await say('det_1', 'harmless');
    expect(await said()).toMatchObject([
      {
        ...{ detection: 'det_1', verdict: 'harmless', note: 'asked the ward', by: 'test', model: 'flows' },
        features: { service: 'printer', count: 31 },
      },
    ]);
    const one = await house.ask('getDetectionFeedback', { params: { id: 'det_1' } });
    expect(one).toMatchObject({ feedback: { verdict: 'harmless' } });
    await house.ask('withdrawDetectionFeedback', { params: { id: 'det_1' } });
    expect(await said()).toEqual([]);
    await expect(house.ask('withdrawDetectionFeedback', { params: { id: 'det_1' } })).rejects.toThrow('Nothing was');
  });

  it('is refused for a detection that is not there, or that a rule made', async () => {
    const { model: _, ...ofRule } = detection(2);
    await found(ofRule);
    await expect(say('det_2', 'attack')).rejects.toThrow('A rule made this detection');
    await expect(say('det_nobody', 'attack')).rejects.toThrow('no detection');
  });
});

describe('Retraining', () => {
  it('is refused while there is too little feedback, or nothing to train from', async () => {
    await expect(house.ask('retrainDetectionModel')).rejects.toThrow(/0 detections .* at least 10/);
    const { model, ...rest } = detection(3);
    const { features: _, ...withoutFeatures } = { features: {}, name: '', probability: 0, reasons: [], ...model };
    await found({ ...rest, model: withoutFeatures }, ...Array.from({ length: 30 }, (__, at) => detection(100 + at)));
    await say('det_3', 'harmless');
    for (let at = 100; at < 130; at++) await say(`det_${at}`, 'harmless');
    expect((await view()).feedback).toEqual({ attack: 0, harmless: 31, usable: 30, needed: 10 });
    await expect(house.ask('retrainDetectionModel')).rejects.toThrow('no training data');
    await expect(give('hello\n')).rejects.toThrow('Flows has');
  });

  it('trains a candidate beside the model that runs, which a person accepts, and takes back', async () => {
    await give(inventedConnections(1000, 1));
    await house.ask('retrainDetectionModel');
    await expect(house.ask('retrainDetectionModel')).rejects.toThrow('trained already');
    while ((await view()).job !== null) await wait(50);
    const trained = await view();
    expect(trained).toMatchObject({ running: { name: 'flows', retrained: null }, previous: null });
    expect(trained.candidate).toMatchObject({ name: 'flows-1', feedback: 30, comparedWith: 'flows' });
    expect(trained.candidate?.comparison.heldOut.rows).toBe(200);
    expect(trained.candidate?.comparison.feedback?.candidate.falsePositiveRate).toBe(0);
    expect(house.modelInForce()).toBe('flows');

    const accepted = await house.ask<ModelView>('acceptModelCandidate');
    expect(accepted).toMatchObject({ running: { name: 'flows-1', version: '2' }, candidate: null, previous: 'flows' });
    expect(house.modelInForce()).toBe('flows-1');
    await expect(house.ask('acceptModelCandidate')).rejects.toThrow('No candidate waits');

    const undone = await house.ask<ModelView>('undoDetectionModel');
    expect(undone).toMatchObject({ running: { name: 'flows' }, candidate: { name: 'flows-1' }, previous: null });
    expect(house.modelInForce()).toBe('flows');
    await expect(house.ask('undoDetectionModel')).rejects.toThrow('nothing to bring back');
    await house.ask('discardModelCandidate');
    expect((await view()).candidate).toBeNull();
  });

  it('ends with the service, which leaves no candidate behind', async () => {
    await house.ask('retrainDetectionModel');
    await house.close();
    house = await House.open({ model: 'flows' }, 'as it is');
    expect(await view()).toMatchObject({ job: null, candidate: null, feedback: { usable: 30 } });
  });
});
