import type { Incident, Weakness } from '@sphinx/schema';
import { House, START } from '../services/decision-support/test-house.ts';

// Decisions of a large hospital: 500 open incidents and 200 major weaknesses on 100 devices each. How long the list takes, in which
// every subject has its courses ranked, and how long one subject takes. `npm run bench -- decisions [INCIDENTS WEAKNESSES DEVICES]`.
// Last line: figures as JSON.

const [incidents = 500, weaknesses = 200, devices = 100] = process.argv.slice(2).map(Number);
const STAGES = ['initial-access', 'execution', 'lateral-movement', 'command-and-control', 'exfiltration', 'impact'];
const TECHNIQUES = ['T1486', 'T1046', 'T1071', 'T1021.001', 'T1567', 'T0836', 'T1110.003'];
const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;

const house = await House.open();
for (let number = 1; number <= incidents; number++)
  await house.publish('incident.opened', `inc_${number}`, incident(number));
for (let device = 0; device < devices; device++) {
  for (let from = 0; from < weaknesses; from += 100) {
    const told = Array.from({ length: Math.min(100, weaknesses - from) }, (_, index) => weakness(device, from + index));
    const data = { assetId: `ast_${device}`, assetName: `Device ${device}`, isSample: false, weaknesses: told };
    await house.publish('weakness.found', `ast_${device}`, data);
  }
}
const times = { listMs: [] as number[], oneMs: [] as number[] };
for (let round = 0; round < 5; round++) {
  times.listMs.push(await timed(() => house.ask('listDecisionSubjects', { query: { limit: 100 } })));
  times.oneMs.push(await timed(() => house.ask('getDecisionAdvice', { params: { id: `inc_${round + 1}` } })));
}
await house.close();
const median = (values: readonly number[]) =>
  Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0);
const figures = {
  incidents,
  weaknesses,
  devices,
  firstListMs: Math.round(times.listMs[0] ?? 0),
  listMs: median(times.listMs.slice(1)),
  oneMs: median(times.oneMs),
};
for (const [name, value] of Object.entries(figures)) process.stdout.write(`${name.padEnd(16)} ${value}\n`);
process.stdout.write(`${JSON.stringify({ bench: 'decisions', ...figures })}\n`);

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

function incident(number: number): Incident {
  return {
    id: `inc_${number}`,
    number,
    title: 'Something happened',
    summary: '',
    severity: SEVERITIES[number % SEVERITIES.length] ?? 'high',
    clinicalImpact: '',
    status: 'new',
    verdict: null,
    owner: null,
    stages: [STAGES[number % STAGES.length] ?? ''],
    techniques: [TECHNIQUES[number % TECHNIQUES.length] ?? ''],
    assets: Array.from({ length: 1 + (number % 5) }, (_, index) => ({
      assetId: `ast_${(number * 7 + index) % 100}`,
      name: `Device ${index}`,
      kind: index === 0 ? 'infusion-pump' : 'workstation',
      role: 'actor' as const,
      patientSafetyClass: index === 0 ? ('life-sustaining' as const) : null,
      careArea: `Ward ${number % 20}`,
      zone: 'clinical',
    })),
    users: [],
    addresses: [],
    analytics: [{ id: 'a', title: 'A rule', count: 3 }],
    signals: 3,
    firstSeen: START,
    lastSeen: START + number,
    openedAt: START,
    closedAt: null,
    isSample: false,
  };
}

function weakness(device: number, index: number): Weakness {
  return {
    id: `wk_${device}_${index}`,
    weakness: `CVE-2020-${1000 + index}`,
    title: 'Remote code execution',
    presence: 'affected',
    quality: 'exact-version',
    identity: 'cpe',
    because: 'it is before the fix',
    component: { kind: 'software', vendor: 'maker', name: 'product', version: '1', source: 'test' },
    severity: 'critical',
    score: 9.8,
    baseScore: 9.8,
    vector: '',
    isKnownExploited: index % 2 === 0,
    exploitProbability: 0.9,
    decision: 'act',
    priority: 100 - (index % 50),
    reasons: ['attackers use it'],
    sources: [{ feed: 'cisa-kev', id: 'x', url: 'https://example.org' }],
    hasFix: true,
    status: 'open',
    owner: null,
    dueAt: null,
    foundAt: START,
    closedAt: null,
    closedBecause: null,
  };
}
