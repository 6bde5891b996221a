import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asks, asset } from '../care-map/test-care.ts';
import type { RiskAsset } from '../model/risk-asset.ts';
import { LITTLE_RISK } from '../model/test-risk.ts';
import { AttackGraph } from './attack-graph.ts';
import { chokePoints } from './choke-points.ts';
import { findPaths, NO_CHANGE, type PathChange, stepProbabilities } from './find-paths.ts';
import { PathKnowledge } from './path-knowledge.ts';

const KNOWLEDGE = PathKnowledge.parse({
  id: 'paths',
  version: '1',
  rationale: '',
  references: [{ title: 'none', url: 'https://example.org/' }],
  entry: { internet: 0.05, user: 0.3, supplier: 0 },
  leastEntry: 0.01,
  administration: 0.3,
  directories: { kinds: ['directory'], protocols: ['kerberos'], probability: 0.8 },
  hosts: { kinds: ['backup'], probability: 0.5 },
  sameNetwork: 0.2,
  leastStep: 0.01,
  targets: [],
});
const { parameters } = LITTLE_RISK;
const WEAK = 0.5;
const LEFT = 0.05;

function machine(id: string, kind: string, fields: Partial<RiskAsset> = {}): RiskAsset {
  return { ...asset(id, kind), reachedFrom: 'restricted', talksToInternet: false, hasPatientData: false, ...fields };
}

/** A ward: somebody opens a mail; the directory has whatever signs in there, the pump among it. */
const WARD = [
  machine('pc', 'workstation', { talks: [asks('dc', 'kerberos'), asks('files', 'smb')] }),
  machine('dc', 'directory'),
  machine('files', 'server', { talks: [asks('dc', 'kerberos')] }),
  machine('gateway', 'server', { talks: [asks('dc', 'kerberos')] }),
  machine('pump', 'pump', { talks: [asks('gateway', 'unknown')] }),
];

function solve(assets: readonly RiskAsset[], change: PathChange = NO_CHANGE) {
  const graph = new AttackGraph(assets, KNOWLEDGE, parameters);
  const susceptible = new Float64Array(assets.length).fill(WEAK);
  const paths = findPaths(graph, susceptible, LEFT, KNOWLEDGE.leastStep, change);
  const likely = stepProbabilities(graph, susceptible, LEFT, KNOWLEDGE.leastStep, change);
  return { graph, paths, likely, place: (id: string) => assets.findIndex((each) => each.id === id) };
}

describe('attack paths', () => {
  it('lead from a mail that somebody opens over the directory to a pump, with how likely each step works', () => {
    const { graph, paths, place } = solve(WARD);
    const steps = paths.likeliest(place('pump'));
    expect(steps.map(({ from, to }) => `${graph.nameOf(from)} > ${graph.nameOf(to)}`)).toEqual([
      'outside > pc',
      'pc > dc',
      'dc > gateway',
      'gateway > pump',
    ]);
    const product = steps.reduce((all, { probability }) => all * probability, 1);
    expect(paths.probability[place('pump')]).toBeCloseTo(product);
    expect(product).toBeCloseTo(0.3 * (0.5 * WEAK) * 0.8 * (0.15 * WEAK));
  });

  it('tell what everything must pass, and what a change leaves: patched, parted, switched off', () => {
    const { graph, likely, place } = solve(WARD);
    const names = chokePoints(graph, likely, [place('pump')]).map(({ node }) => graph.nameOf(node));
    expect(names.sort()).toEqual(['dc', 'gateway', 'pc']);
    const before = solve(WARD).paths.probability[place('pump')] ?? 0;
    const change = (fields: Partial<PathChange>) =>
      solve(WARD, { ...NO_CHANGE, ...fields }).paths.probability[place('pump')] ?? 1;
    expect(change({ patched: new Set([place('dc')]) })).toBeLessThan(before / 5);
    expect(change({ off: new Set([place('gateway')]) })).toBe(0);
    expect(change({ parted: new Set([place('files')]) })).toBeCloseTo(before);
  });

  it('go to neighbours in the network, unless a device is parted from it', () => {
    const flat = [
      machine('pc', 'workstation', { ips: ['10.0.0.1'] }),
      machine('pump', 'pump', { ips: ['10.0.0.2'] }),
      machine('far', 'pump', { ips: ['10.9.0.2'] }),
    ];
    const { paths, place } = solve(flat);
    expect(paths.probability[place('pump')]).toBeCloseTo(0.3 * 0.2 * WEAK);
    expect(paths.probability[place('far')]).toBe(0);
    const parted = solve(flat, { ...NO_CHANGE, parted: new Set([place('pump')]) });
    expect(parted.paths.probability[place('pump')]).toBe(0);
  });

  it('are the likeliest and the shortest of all, and choke points are what no way leads around, on any network', () => {
    const size = 6;
    const talk = fc.tuple(fc.nat(size - 1), fc.nat(size - 1), fc.constantFrom('smb', 'kerberos', 'tds'));
    const kinds = fc.array(fc.constantFrom('workstation', 'directory', 'server', 'backup'), {
      minLength: size,
      maxLength: size,
    });
    fc.assert(
      fc.property(fc.array(talk, { maxLength: 12 }), kinds, (talks, of) => {
        const assets = of.map((kind, index) =>
          machine(`a${index}`, kind, {
            ips: index % 2 === 0 ? [`10.0.0.${index + 1}`] : [],
            talks: talks.flatMap(([from, to, protocol]) => (from === index ? [asks(`a${to}`, protocol)] : [])),
          }),
        );
        const { graph, paths, likely } = solve(assets);
        for (let target = 0; target < size; target++) {
          const { probability, count } = bestOf(graph, likely, target);
          expect(paths.probability[target]).toBeCloseTo(probability, 9);
          const shortest = paths.shortest(target).filter((step) => step.probability < 1);
          if (probability > 0) expect(shortest).toHaveLength(count);
          const guards = chokePoints(graph, likely, [target]).map(({ node }) => node);
          const removed = Array.from({ length: graph.outside }, (_, node) => node).filter(
            (node) => node !== target && probability > 0 && bestOf(graph, likely, target, node).probability === 0,
          );
          expect([...guards].sort((a, b) => a - b)).toEqual(removed);
        }
      }),
      { numRuns: 40 },
    );
  });
});

/** The best of all ways by trying each. @param without a node that is not there */
function bestOf(
  graph: AttackGraph,
  likely: Float64Array,
  target: number,
  without = -1,
): { probability: number; count: number } {
  let [probability, count] = [0, Number.POSITIVE_INFINITY];
  const visit = (node: number, so: number, steps: number, seen: ReadonlySet<number>) => {
    if (node === target) {
      probability = Math.max(probability, so);
      count = Math.min(count, steps);
      return;
    }
    for (let edge = graph.starts[node] ?? 0; edge < (graph.starts[node + 1] ?? 0); edge++) {
      const to = graph.targets[edge] ?? -1;
      const step = likely[edge] ?? 0;
      if (step === 0 || to === without || seen.has(to)) continue;
      visit(to, so * step, steps + (step === 1 ? 0 : 1), new Set([...seen, to]));
    }
  };
  visit(graph.outside, 1, 0, new Set([graph.outside]));
  return { probability, count };
}
