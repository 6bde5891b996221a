import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AttackKnowledge } from '../../services/incident-forensics/knowledge/attack-knowledge.ts';
import { loadScoringPolicy } from '../../services/incident-forensics/knowledge/scoring-policy.ts';
import { Catalogue } from '../../services/incident-forensics/sample/catalogue.ts';
import { generateWeeks, SAMPLE_DAYS, STAGED_ATTACKS } from '../../services/incident-forensics/sample/generate.ts';
import { type PlayedWeeks, playWeeks } from '../../services/incident-forensics/sample/play.ts';
import { SAMPLE_SEED } from '../../services/incident-forensics/sample/sample-desk.ts';
import type { Suite, SuiteCase } from '../suite.ts';

/*
 * A case is one attack of the bundled sample hospital that must be found, or the number of false incidents of its two weeks.
 * Further seeds are figures, not cases: what was not looked at while the weights were chosen says how much they can be trusted.
 */

const KNOWLEDGE = fileURLToPath(new URL('../../knowledge/', import.meta.url));
/** Among those looked at while the weights were chosen (1 to 5 first, then 101 to 112). */
const KNOWN_SEEDS = [101, 102, 103, 104];
/** Never looked at while they were chosen. */
const HELD_OUT_SEEDS = Array.from({ length: 10 }, (_, index) => 9001 + index);
/** Of two weeks (issue 5, section 7). */
export const MOST_FALSE = 9;

const notes: string[] = [];

export const suite: Suite = {
  title: 'Attacks on the sample hospital that become an incident, and incidents that are everyday life',
  isSelfContained: true,
  run: runSeeds,
  notes: () => notes,
};

async function* runSeeds(): AsyncIterable<SuiteCase> {
  notes.length = 0;
  const weeks = await playSeed(SAMPLE_SEED);
  for (const { id, title, hours, isAlone } of weeks.attacks) {
    const reason =
      hours === undefined
        ? 'no incident shows it'
        : `after ${hours.toFixed(1)} hours${isAlone ? '' : ', with another one'}`;
    yield { id, outcome: hours === undefined ? 'failed' : 'passed', reason: `${title}: ${reason}` };
  }
  const falseCount = weeks.falseIncidents.length;
  yield {
    id: 'false-incidents',
    outcome: falseCount <= MOST_FALSE ? 'passed' : 'failed',
    reason: `${falseCount} false incidents in two weeks; at most ${MOST_FALSE} are asked for`,
  };
  notes.push('seed           signals  incidents  per day  found  alone  false');
  notes.push(rowOf(`${SAMPLE_SEED} (sample)`, weeks));
  for (const seed of KNOWN_SEEDS) notes.push(rowOf(`${seed} (known)`, await playSeed(seed)));
  const heldOut: PlayedWeeks[] = [];
  for (const seed of HELD_OUT_SEEDS) {
    const played = await playSeed(seed);
    heldOut.push(played);
    notes.push(rowOf(`${seed} (new)`, played));
  }
  notes.push(meanOf(heldOut));
  for (const { titles, score } of weeks.falseIncidents) {
    notes.push(`false: ${Math.round(score)} points, ${titles.slice(0, 3).join('; ')}`);
  }
}

/** Plays the two weeks of a seed. */
export async function playSeed(seed: number): Promise<PlayedWeeks> {
  const [catalogue, attack, policy] = await Promise.all([
    Catalogue.load(KNOWLEDGE),
    AttackKnowledge.load(join(KNOWLEDGE, 'attack-techniques')),
    loadScoringPolicy(join(KNOWLEDGE, 'incident-scoring')),
  ]);
  return playWeeks(generateWeeks(catalogue, seed), { attack, policy, threshold: policy.threshold });
}

/** What can be hoped for on weeks that nobody has looked at. */
function meanOf(weeks: readonly PlayedWeeks[]): string {
  const mean = (count: (each: PlayedWeeks) => number) =>
    (weeks.reduce((sum, each) => sum + count(each), 0) / weeks.length).toFixed(1);
  const found = mean(({ attacks }) => attacks.filter(({ hours }) => hours !== undefined).length);
  return `mean of ${weeks.length} new ones: ${found} of ${STAGED_ATTACKS.length} found, ${mean(({ falseIncidents }) => falseIncidents.length)} false`;
}

function rowOf(name: string, { signals, incidents, attacks, falseIncidents }: PlayedWeeks): string {
  const found = attacks.filter(({ hours }) => hours !== undefined);
  const alone = found.filter(({ isAlone }) => isAlone).length;
  const cells = [
    name.padEnd(14),
    String(signals).padStart(7),
    String(incidents.length).padStart(10),
    (incidents.length / SAMPLE_DAYS).toFixed(1).padStart(8),
    `${found.length}/${STAGED_ATTACKS.length}`.padStart(6),
    String(alone).padStart(6),
    String(falseIncidents.length).padStart(6),
  ];
  return cells.join(' ');
}
