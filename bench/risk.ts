import { fileURLToPath } from 'node:url';
import {
  AttackGraph,
  buildCareMap,
  chokePoints,
  combineEvidence,
  effectProbabilities,
  findPaths,
  foldEdits,
  NO_CHANGE,
  outageOf,
  type PathChange,
  RiskState,
  stepProbabilities,
  weighEvidence,
} from '@sphinx/risk';
import {
  loadCareKnowledge,
  loadPathKnowledge,
  loadRiskKnowledge,
} from '../services/risk-assessment/knowledge/load-knowledge.ts';
import { inventedRiskHospital } from './support/risk-hospital.ts';

// Risk of a large hospital: 20,000 assets with their talks. How long the map and the first reckoning take, and how long it takes from
// an alert about one asset to the new risk of it, of its neighbours and of the clinical services. `npm run bench -- risk [ASSETS]`.
// Last line: figures and goals as JSON.

const NOW = Date.UTC(2026, 0, 5, 8);
const ALERTS = 300;

const count = Number(process.argv[2] ?? 20_000);
const folder = fileURLToPath(new URL('../knowledge', import.meta.url));
const care = await loadCareKnowledge(folder);
const knowledge = await loadRiskKnowledge(folder);
const assets = inventedRiskHospital(count);
const talks = assets.reduce((sum, asset) => sum + asset.talks.length, 0);

const [map, mapMs] = timed(() => buildCareMap(assets, care, foldEdits([])));
const effects = effectProbabilities(care.dependencies);
const [state, modelMs] = timed(() => {
  const made = new RiskState({ assets, map, knowledge, controls: new Map(), effects });
  assets.forEach((_, place) => {
    made.compromise.setSusceptibility(place, { weaknesses: (place % 7) / 20, faults: (place % 5) / 20 });
  });
  made.update();
  return made;
});

const alertMs: number[] = [];
let widest = 0;
for (let index = 0; index < ALERTS; index++) {
  // Every tenth is about a server that all talk with, a domain controller among them.
  const place = index % 10 === 0 ? index / 10 : (index * 7919) % assets.length;
  const [changed, took] = timed(() => alert(place, index));
  alertMs.push(took);
  widest = Math.max(widest, changed.size);
}
const [, rankMs] = timed(() =>
  Array.from(assets.keys(), (place) => [place, state.pointsOf(place)] as const)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 50)
    .map(([place]) => state.ofAsset(place)),
);
const [outage, outageMs] = timed(() => outageOf(map, [map.placeOf('sql-0') ?? 0]));
const pathKnowledge = await loadPathKnowledge(folder);
const [graph, graphMs] = timed(() => new AttackGraph(assets, pathKnowledge, knowledge.parameters));
const susceptible = Float64Array.from(assets, () => 0.2);
const ask = (change: PathChange) => findPaths(graph, susceptible, 0.05, pathKnowledge.leastStep, change);
const [, pathsMs] = timed(() => ask(NO_CHANGE));
const [, whatIfMs] = timed(() => ask({ ...NO_CHANGE, patched: new Set([0, 1, 2, 3]) }));
const wanted = Array.from(assets.keys()).filter((place) => assets[place]?.safety === 'life-sustaining');
const likely = stepProbabilities(graph, susceptible, 0.05, pathKnowledge.leastStep, NO_CHANGE);
const [chokes, chokesMs] = timed(() => chokePoints(graph, likely, wanted));
const sorted = alertMs.toSorted((a, b) => a - b);
const figures = {
  assets: assets.length,
  talks,
  clinicalServices: map.care().length,
  mapMs: round(mapMs),
  firstReckoningMs: round(modelMs),
  alertMedianMs: round(sorted[Math.floor(sorted.length / 2)] ?? Number.NaN),
  alertP99Ms: round(sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN),
  alertWorstMs: round(sorted.at(-1) ?? Number.NaN),
  widestChange: widest,
  rankingMs: round(rankMs),
  outageOfDatabaseMs: round(outageMs),
  outageNodes: outage.others.length + outage.care.length,
  attackGraphMs: round(graphMs),
  attackSteps: graph.targets.length,
  attackPathsMs: round(pathsMs),
  whatIfMs: round(whatIfMs),
  chokePointsMs: round(chokesMs),
  chokePoints: chokes.length,
  peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
};
const goals = [{ name: 'alertWorstMs', value: figures.alertWorstMs, goal: 1000, isMet: figures.alertWorstMs < 1000 }];
for (const [name, value] of Object.entries(figures)) process.stdout.write(`${name.padEnd(28)} ${value}\n`);
for (const { name, value, goal, isMet } of goals) {
  process.stdout.write(`${isMet ? 'met    ' : 'NOT MET'} ${name} ${value}, goal under ${goal}\n`);
}
process.stdout.write(`${JSON.stringify({ bench: 'risk', ...figures, goals })}\n`);

/** What the service does with an alert, apart from storing it: weigh it, reckon, tell the risk of what changed. */
function alert(place: number, index: number): ReadonlySet<number> {
  const asset = assets[place];
  if (asset === undefined) throw new RangeError(`there is no asset ${place}`);
  const signal = {
    id: `alert-${index}`,
    analytic: `rule-${index}`,
    title: 'Something speaks to its master',
    kind: 'network-rule',
    severity: index % 3 === 0 ? ('critical' as const) : ('high' as const),
    confidence: null,
    role: 'actor' as const,
    isPolicy: false,
    techniques: ['T1210'],
    ruleClass: 'trojan-activity',
    set: 'bench',
    time: NOW,
  };
  const weighed = weighEvidence(asset.id, [signal], [], knowledge, NOW);
  const evidence = combineEvidence(weighed, knowledge.threats.length, knowledge.parameters);
  state.compromise.setEvidence(place, evidence);
  const changed = state.update();
  for (const each of changed) {
    if (each < assets.length) state.pointsOf(each);
    else if (map.at(each).type === 'care') state.ofCare(each);
  }
  return changed;
}

function timed<Result>(work: () => Result): readonly [Result, number] {
  const begun = performance.now();
  const result = work();
  return [result, performance.now() - begun];
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
