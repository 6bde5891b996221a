import {
  exploitabilityOf,
  exposureTo,
  type KnownFault,
  type KnownWeakness,
  type RiskParameters,
  type RiskState,
  susceptibilityTo,
  type Threat,
  VECTORS,
  type Vector,
  type WeighedEvidence,
} from '@sphinx/risk';
import { sentenceOf } from '../care-map/describe.ts';

/** What is known of an asset besides its place in the model. */
export interface AssetEvidence {
  readonly weaknesses: readonly KnownWeakness[];
  readonly faults: readonly KnownFault[];
  readonly weighed: readonly WeighedEvidence[];
}

/** One threat to one asset, with why it is as likely as it is. */
export interface ThreatReasons {
  readonly id: string;
  readonly title: string;
  readonly probability: number;
  readonly reasons: readonly string[];
}

const MOST_NAMED = 3;
const MONTHS_PER_YEAR = 12;
const WAYS: Readonly<Record<Vector, string>> = {
  internet: 'it is reached from the internet, or may be',
  user: 'people work on it, or it fetches things from the internet',
  supplier: 'it talks to its maker or to services outside',
  inside: 'others in the house reach it',
  physical: 'it can be carried away or touched',
};

/** @returns a probability as people read it: "12 %", "0.4 %", "less than 0.01 %" */
export function percent(probability: number): string {
  const value = probability * 100;
  if (value < 0.01) return 'less than 0.01 %';
  if (value > 99.9) return 'more than 99.9 %';
  const digits = value < 0.1 ? 2 : value < 10 ? 1 : 0;
  return `${value.toFixed(digits)} %`;
}

/** @returns every threat to the asset, the likeliest first, each with its reasons in words, the weightiest first */
export function explainAsset(state: RiskState, place: number, evidence: AssetEvidence): readonly ThreatReasons[] {
  return state.knowledge.threats
    .map((threat, index) => ({
      id: threat.id,
      title: threat.title,
      probability: state.compromise.probability(place, index),
      reasons: reasonsOf(state, place, threat, index, evidence),
    }))
    .sort((a, b) => b.probability - a.probability);
}

function reasonsOf(
  state: RiskState,
  place: number,
  threat: Threat,
  index: number,
  evidence: AssetEvidence,
): readonly string[] {
  return [
    ...evidenceReasons(state, place, index, evidence.weighed),
    ...neighbourReasons(state, place, index),
    entryReason(state, place, threat, index),
    susceptibilityReason(state, place, threat, evidence),
  ];
}

function evidenceReasons(
  state: RiskState,
  place: number,
  index: number,
  weighed: readonly WeighedEvidence[],
): readonly string[] {
  const factor = state.compromise.evidenceFactor(place, index);
  if (factor < 1.01) return [];
  const named = weighed
    .filter(({ logFactors }) => (logFactors[index] ?? 0) > 0.01)
    .toSorted((a, b) => (b.logFactors[index] ?? 0) - (a.logFactors[index] ?? 0));
  const texts = named.slice(0, MOST_NAMED).map(({ text }) => text);
  const more = named.length > texts.length ? `, and ${named.length - texts.length} more` : '';
  const prior = percent(state.compromise.prior(place, index));
  return [`What was detected multiplies the odds by ${factorText(factor)}, from ${prior}: ${texts.join('; ')}${more}.`];
}

function factorText(factor: number): string {
  return factor < 10 ? factor.toFixed(1) : Number(factor.toPrecision(2)).toLocaleString('en');
}

function neighbourReasons(state: RiskState, place: number, index: number): readonly string[] {
  const neighbours = state.compromise.contributions(place, index).filter(({ probability }) => probability >= 0.0001);
  if (neighbours.length === 0) return [];
  const named = neighbours
    .slice(0, MOST_NAMED)
    .map(({ peer, probability }) => `${state.assets[peer]?.name ?? ''} (${percent(probability)})`);
  const more = neighbours.length > named.length ? ` and ${neighbours.length - named.length} more` : '';
  return [`It can come over from devices that it talks with: ${named.join(', ')}${more}.`];
}

function entryReason(state: RiskState, place: number, threat: Threat, index: number): string {
  const asset = state.assets[place];
  const { parameters } = state.knowledge;
  const ways =
    asset === undefined
      ? []
      : VECTORS.filter((vector) => (threat.entry[vector] ?? 0) > 0 && exposureTo(vector, asset, parameters) >= 0.2);
  const because = ways.length === 0 ? 'nothing puts it in the way' : ways.map((way) => WAYS[way]).join('; ');
  const often = everyText(threat.perYear.likely);
  const entry = percent(state.compromise.entry(place, index));
  return `It meets a hospital ${often}; that it comes in at this device has ${entry}: ${because}.`;
}

function everyText(perYear: number): string {
  if (perYear >= 1) return 'every year';
  const years = 1 / perYear;
  return years < 2
    ? `about every ${Math.round(years * MONTHS_PER_YEAR)} months`
    : `about every ${Math.round(years)} years`;
}

function susceptibilityReason(state: RiskState, place: number, threat: Threat, evidence: AssetEvidence): string {
  const { parameters } = state.knowledge;
  const cases = Math.round(100 * susceptibilityTo(threat, state.compromise.traits(place)));
  const causes = [...weaknessTexts(threat, evidence, parameters), ...faultTexts(threat, evidence)];
  const because = causes.length === 0 ? 'no published weakness and no failed check is known' : causes.join('; ');
  return `Once it is tried here it works in about ${cases} of 100 cases: ${because}.`;
}

function weaknessTexts({ uses }: Threat, { weaknesses }: AssetEvidence, parameters: RiskParameters): readonly string[] {
  if (uses.weaknesses === 0 || weaknesses.length === 0) return [];
  const ranked = weaknesses.toSorted((a, b) => exploitabilityOf(b, parameters) - exploitabilityOf(a, parameters));
  const named = ranked.slice(0, MOST_NAMED).map(({ weakness, isKnownExploited, isCompensated }) => {
    const notes = [...(isKnownExploited ? ['known to be exploited'] : []), ...(isCompensated ? ['covered'] : [])];
    return notes.length === 0 ? weakness : `${weakness} (${notes.join(', ')})`;
  });
  const more = ranked.length > named.length ? ` and ${ranked.length - named.length} more weaknesses` : '';
  return [`${named.join(', ')}${more}`];
}

function faultTexts({ uses }: Threat, { faults }: AssetEvidence): readonly string[] {
  if (uses.faults === 0 || faults.length === 0) return [];
  const gravest = faults.toSorted((a, b) => rank(b) - rank(a)).slice(0, MOST_NAMED);
  const more = faults.length > gravest.length ? ` and ${faults.length - gravest.length} more` : '';
  return [`failed checks: ${gravest.map(({ title }) => `"${title}"`).join(', ')}${more}`];
}

const SEVERITIES = ['informational', 'low', 'medium', 'high', 'critical'];

function rank({ severity }: KnownFault): number {
  return SEVERITIES.indexOf(severity);
}

/** @returns why a clinical service is as likely disrupted as it is. @param place of a clinical service in a care area */
export function explainCare(state: RiskState, place: number): readonly string[] {
  const causes = state.disruption.causes(place);
  if (causes.length === 0) return ['Nothing that it needs is likely to be attacked.'];
  const named = causes
    .slice(0, MOST_NAMED + 2)
    .map(({ need, probability }) => `${sentenceOf(state.map, place, need)}: ${percent(probability)}; ${need.because}.`);
  const left = causes.length - named.length;
  return left > 0 ? [...named, `${left} more causes are less likely.`] : named;
}
