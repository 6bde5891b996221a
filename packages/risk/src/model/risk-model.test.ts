import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildCareMap } from '../care-map/build-care-map.ts';
import { foldEdits } from '../care-map/care-edit.ts';
import { asks, asset, LITTLE_KNOWLEDGE } from '../care-map/test-care.ts';
import { combineEvidence, type RiskIncident, type RiskSignal, weighEvidence } from './evidence.ts';
import { levelOf } from './impact.ts';
import type { RiskAsset } from './risk-asset.ts';
import type { ControlState } from './risk-knowledge.ts';
import { effectProbabilities, RiskState } from './risk-state.ts';
import { exploitabilityOf } from './susceptibility.ts';
import { LITTLE_RISK } from './test-risk.ts';

const NOW = 1_790_000_000_000;
const HOUR = 3_600_000;
const { parameters, threats } = LITTLE_RISK;
const WORM = threats.findIndex(({ id }) => id === 'worm');

function computer(id: string, kind: string, fields: Partial<RiskAsset> = {}): RiskAsset {
  return { ...asset(id, kind), reachedFrom: null, talksToInternet: false, hasPatientData: false, ...fields };
}

function stateOf(assets: readonly RiskAsset[], controls: ReadonlyMap<string, ControlState> = new Map()): RiskState {
  const map = buildCareMap(assets, LITTLE_KNOWLEDGE, foldEdits([]));
  const effects = effectProbabilities(LITTLE_KNOWLEDGE.dependencies);
  const state = new RiskState({ assets, map, knowledge: LITTLE_RISK, controls, effects });
  state.update();
  return state;
}

const SIGNAL: RiskSignal = {
  id: 's1',
  analytic: 'rule-1',
  title: 'A worm speaks',
  kind: 'network-rule',
  severity: 'high',
  confidence: null,
  role: 'actor',
  isPolicy: false,
  techniques: ['T1210.001'],
  ruleClass: '',
  set: '',
  time: NOW,
};
const INCIDENT: RiskIncident = {
  id: 'i1',
  number: 7,
  title: 'A worm',
  severity: 'high',
  isClosed: false,
  verdict: null,
  assets: [{ assetId: 'pc', role: 'actor' }],
  analytics: ['rule-1'],
  techniques: ['T1210'],
  lastSeen: NOW,
  closedAt: null,
};

function evidence(signals: readonly RiskSignal[], incidents: readonly RiskIncident[] = [], now = NOW): Float64Array {
  return combineEvidence(weighEvidence('pc', signals, incidents, LITTLE_RISK, now), threats.length, parameters);
}

describe('evidence', () => {
  it('of a signal is how much more often it is seen on compromised devices, full for its own threat', () => {
    const [worm = 0, flood = 0] = evidence([SIGNAL]);
    expect(Math.exp(worm)).toBeCloseTo(0.3 / 0.001);
    expect(flood).toBeCloseTo(worm * parameters.otherThreats);
  });

  it('fades, counts repetitions of one attack less and less, and that of the attacked less than that of the attacker', () => {
    const [fresh = 0] = evidence([SIGNAL]);
    expect(evidence([SIGNAL], [], NOW + 24 * HOUR)[WORM]).toBeCloseTo(fresh / 2);
    const two = [SIGNAL, { ...SIGNAL, id: 's2', analytic: 'rule-2' }];
    expect(evidence(two)[WORM]).toBeCloseTo(fresh * 1.5);
    expect(evidence([{ ...SIGNAL, role: 'target' }])[WORM]).toBeCloseTo(fresh * 0.4);
  });

  it('of an incident stands in for its signals; what somebody closed as nothing is nothing', () => {
    const [open = 0] = evidence([SIGNAL], [INCIDENT]);
    expect(Math.exp(open)).toBeCloseTo(3000);
    const [confirmed = 0] = evidence([SIGNAL], [{ ...INCIDENT, verdict: 'true' }]);
    expect(confirmed).toBeGreaterThan(open);
    const closed: RiskIncident = { ...INCIDENT, isClosed: true, closedAt: NOW, verdict: 'false' };
    expect(evidence([SIGNAL], [closed])[WORM]).toBe(0);
    expect(evidence([{ ...SIGNAL, time: NOW + 2 * HOUR }], [closed], NOW + 2 * HOUR)[WORM]).toBeGreaterThan(0);
    expect(Math.exp(evidence([SIGNAL], [{ ...closed, verdict: 'true' }])[WORM] ?? 0)).toBeCloseTo(3);
  });

  it('of a weakness follows what is known to be exploited, EPSS and severity, less where it is unclear or covered', () => {
    const weakness = {
      weakness: 'CVE-1',
      severity: 'high' as const,
      isKnownExploited: false,
      exploitProbability: 0.3,
      isOverNetwork: true,
      isPossible: false,
      isCompensated: false,
    };
    expect(exploitabilityOf(weakness, parameters)).toBeCloseTo(0.3);
    expect(exploitabilityOf({ ...weakness, exploitProbability: null }, parameters)).toBeCloseTo(0.02);
    expect(exploitabilityOf({ ...weakness, isKnownExploited: true }, parameters)).toBeCloseTo(0.5);
    expect(exploitabilityOf({ ...weakness, isCompensated: true, isPossible: true }, parameters)).toBeCloseTo(0.024);
  });
});

describe('the risk of a hospital', () => {
  it('shares the attacks on the hospital out: a house of many computers is not attacked more often than one of few', () => {
    const few = stateOf([computer('pc-0', 'workstation')]);
    const many = stateOf(Array.from({ length: 200 }, (_, index) => computer(`pc-${index}`, 'workstation')));
    expect(many.ofThreat(WORM)).toBeCloseTo(few.ofThreat(WORM), 3);
  });

  it('raises an asset that is detected, who it reaches, and the clinical services behind them; others stay as they were', () => {
    const state = stateOf([
      computer('pc', 'workstation', { talks: [asks('central', 'smb')] }),
      computer('central', 'central', { safety: 'life-sustaining' }),
      computer('m1', 'monitor', { safety: 'life-sustaining', talks: [asks('central', 'unknown')] }),
      computer('far', 'workstation'),
    ]);
    const places = ['pc', 'central', 'm1', 'far'].map((id) => state.map.placeOf(id) ?? -1);
    const before = places.map((place) => state.ofAsset(place).probability);
    const [care = -1] = state.map.care();
    const careBefore = state.ofCare(care).probability;
    state.compromise.setEvidence(places[0] ?? -1, evidence([{ ...SIGNAL, severity: 'critical' }]));
    const changed = state.update();
    const after = places.map((place) => state.ofAsset(place).probability);
    expect(after[0]).toBeGreaterThan(10 * (before[0] ?? 0));
    expect(after[1]).toBeGreaterThan(before[1] ?? 0);
    expect(after[2]).toBeGreaterThan(before[2] ?? 0);
    expect(after[3]).toBe(before[3]);
    expect(state.ofCare(care).probability).toBeGreaterThan(careBefore);
    expect([...changed].sort()).toEqual([...places.slice(0, 3), care].sort());
  });

  it('does not let an asset hear its own voice from its neighbour', () => {
    const alone = stateOf([computer('pc', 'workstation'), computer('srv', 'server')]);
    const linked = stateOf([computer('pc', 'workstation', { talks: [asks('srv', 'smb')] }), computer('srv', 'server')]);
    for (const state of [alone, linked])
      state.compromise.setEvidence(0, evidence([{ ...SIGNAL, severity: 'critical' }]));
    alone.update();
    linked.update();
    // The server reaches back with what it has itself, which is next to nothing.
    const difference = linked.compromise.probability(0, WORM) - alone.compromise.probability(0, WORM);
    expect(difference).toBeGreaterThanOrEqual(0);
    expect(difference).toBeLessThan(0.01);
  });

  it('falls with controls and with weaknesses that are gone', () => {
    const assets = [computer('pc', 'workstation', { talks: [asks('srv', 'smb')] }), computer('srv', 'server')];
    const plain = stateOf(assets);
    plain.compromise.setSusceptibility(1, { weaknesses: 0.5, faults: 0 });
    plain.update();
    const weak = plain.ofAsset(1).probability;
    const guarded = stateOf(assets, new Map([['filter', 'yes']]));
    guarded.compromise.setSusceptibility(1, { weaknesses: 0.5, faults: 0 });
    guarded.update();
    expect(guarded.ofAsset(1).probability).toBeLessThan(weak);
    plain.compromise.setSusceptibility(1, { weaknesses: 0, faults: 0 });
    plain.update();
    expect(plain.ofAsset(1).probability).toBeLessThan(weak);
  });

  it('has a level by likelihood and impact as NIST SP 800-30 combines them', () => {
    expect(levelOf(0.0005, 98, parameters)).toBe('low');
    expect(levelOf(0.2, 98, parameters)).toBe('very-high');
    expect(levelOf(0.2, 2, parameters)).toBe('very-low');
    expect(levelOf(0.05, 50, parameters)).toBe('moderate');
  });

  it('is the same whether it is reckoned step by step or at once, on any network and for any evidence', () => {
    // A change of less than 1e-7 is not passed on, so that what came about step by step may lack several of these.
    const ALIKE_DIGITS = 4;
    const size = 8;
    const place = fc.nat(size - 1);
    const factor = fc.double({ min: 0, max: 12, noNaN: true });
    const trait = fc.double({ min: 0, max: 1, noNaN: true });
    const step = fc.oneof(
      fc.record({ place, logFactors: fc.array(factor, { minLength: threats.length, maxLength: threats.length }) }),
      fc.record({ place, weaknesses: trait, faults: trait }),
    );
    const talk = fc.tuple(place, place, fc.constantFrom('smb', 'dns', 'tds', 'unknown'));
    fc.assert(
      fc.property(fc.array(talk, { maxLength: 24 }), fc.array(step, { maxLength: 8 }), (talks, steps) => {
        const kinds = ['workstation', 'server', 'monitor', 'central'];
        const assets = Array.from({ length: size }, (_, index) =>
          computer(`a${index}`, kinds[index % kinds.length] ?? '', {
            ips: index % 3 === 0 ? [] : [`10.0.${index % 2}.${index}`],
            talks: talks.flatMap(([from, to, protocol]) => (from === index ? [asks(`a${to}`, protocol)] : [])),
          }),
        );
        const stepped = stateOf(assets);
        const atOnce = stateOf(assets);
        for (const each of steps) {
          for (const state of [stepped, atOnce]) {
            if ('logFactors' in each) state.compromise.setEvidence(each.place, Float64Array.from(each.logFactors));
            else state.compromise.setSusceptibility(each.place, each);
          }
          stepped.update();
        }
        atOnce.update();
        for (let index = 0; index < size; index++) {
          for (let threat = 0; threat < threats.length; threat++) {
            const probability = stepped.compromise.probability(index, threat);
            expect(probability).toBeGreaterThanOrEqual(0);
            expect(probability).toBeLessThanOrEqual(1);
            expect(probability).toBeCloseTo(atOnce.compromise.probability(index, threat), ALIKE_DIGITS);
          }
        }
        for (const care of stepped.map.care()) {
          expect(stepped.ofCare(care).probability).toBeCloseTo(atOnce.ofCare(care).probability, ALIKE_DIGITS);
        }
      }),
    );
  });
});
