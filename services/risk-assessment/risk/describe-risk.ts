import { type ConsequenceRisk, type Control, type NodeRisk, outageOf, RISK_LEVELS, type RiskLevel } from '@sphinx/risk';
import { careWords } from '../care-map/describe.ts';
import type { EvidenceBook } from '../evidence/evidence-book.ts';
import type {
  AssetRiskDetail,
  AssetRiskItem,
  CareRiskItem,
  ConsequenceItem,
  ControlItem,
  RiskSummary,
  ThreatRiskItem,
} from '../routes/risk-shapes.ts';
import type { ControlStore } from './control-store.ts';
import { explainAsset, explainCare, percent } from './explain.ts';
import type { RiskDesk } from './risk-desk.ts';

const MOST_NAMED = 3;
const WORDS: Readonly<Record<RiskLevel, string>> = {
  'very-low': 'very low',
  low: 'low',
  moderate: 'moderate',
  high: 'high',
  'very-high': 'very high',
};
const HARM = ['negligible', 'limited', 'serious', 'severe', 'catastrophic'] as const;
const ON: Readonly<Record<Control['effects'][number]['on'], string>> = {
  entry: 'attempts that come in',
  spread: 'spreading from device to device',
  unavailable: 'loss of use',
  disclosed: 'disclosure of data',
  altered: 'alteration',
};

/** @param place of an asset */
export function assetItem(desk: RiskDesk, place: number): AssetRiskItem {
  const state = desk.state();
  const asset = state.assets[place];
  if (asset === undefined) throw new RangeError(`there is no asset ${place}`);
  const { id, name, kind, zone, careArea, safety, isSample } = asset;
  const risk = state.ofAsset(place);
  let likeliest = 0;
  state.knowledge.threats.forEach((_, index) => {
    if (state.compromise.probability(place, index) > state.compromise.probability(place, likeliest)) likeliest = index;
  });
  return {
    ...{ id, name, kind, zone, careArea, safety, isSample },
    probability: risk.probability,
    level: risk.level,
    points: risk.points,
    worst: worstOf(risk).id,
    threat: state.knowledge.threats[likeliest]?.title ?? '',
    signals: desk.evidenceOf(id).length,
  };
}

function worstOf({ consequences }: NodeRisk): ConsequenceRisk {
  const [first] = consequences.toSorted((a, b) => b.points - a.points);
  if (first === undefined) throw new Error('the model has no consequences');
  return first;
}

export function assetDetail(desk: RiskDesk, book: EvidenceBook, place: number): AssetRiskDetail {
  const state = desk.state();
  const item = assetItem(desk, place);
  const weighed = desk.evidenceOf(item.id);
  const evidence = { weaknesses: book.weaknessesOf(item.id), faults: book.faultsOf(item.id), weighed };
  const outage = outageOf(state.map, [place]);
  const named = outage.care.slice(0, MOST_NAMED).map((each) => careWords(state.map, each));
  const more = outage.care.length > named.length ? `; and ${outage.care.length - named.length} more` : '';
  return {
    ...item,
    consequences: state.ofAsset(place).consequences.map((each) => consequenceItem(desk, each)),
    threats: explainAsset(state, place, evidence).map((each) => ({ ...each, reasons: [...each.reasons] })),
    evidence: weighed.map(({ kind, id, text, time }) => ({ kind, id, text, time })),
    care: named.length === 0 ? 'No clinical service is known to need it.' : `Without it ${named.join('; ')}${more}.`,
    beds: outage.beds,
  };
}

function consequenceItem(desk: RiskDesk, { id, title, probability, impact, level }: ConsequenceRisk): ConsequenceItem {
  const { impactLevels } = desk.knowledge.parameters;
  const rank = impactLevels.findIndex((end) => impact < end);
  const harm = HARM[rank === -1 ? HARM.length - 1 : rank];
  const text = `${title}: ${harm} harm with ${percent(probability)} within 30 days: ${WORDS[level]} risk.`;
  return { id, title, probability, impact, level, text };
}

/** @param place of a clinical service in a care area */
export function careRiskItem(desk: RiskDesk, place: number): CareRiskItem {
  const state = desk.state();
  const { id, name, kind, area, safety, isSample } = state.map.at(place);
  const { probability, level, points } = state.ofCare(place);
  return {
    ...{ id, name, area, safety, isSample, probability, level, points },
    service: kind,
    beds: state.map.bedsOf(area).beds,
    reasons: [...explainCare(state, place)],
  };
}

/** Threats to the hospital as a whole, the likeliest first. */
export function threatItems(desk: RiskDesk): readonly ThreatRiskItem[] {
  const state = desk.state();
  return state.knowledge.threats
    .map(({ id, title, description, perYear, basis }, index) => ({
      ...{ id, title, description, perYear, basis },
      probability: state.ofThreat(index),
      likeliest: likeliestFor(desk, index),
    }))
    .sort((a, b) => b.probability - a.probability);
}

function likeliestFor(desk: RiskDesk, threat: number): ThreatRiskItem['likeliest'] {
  const { compromise, assets } = desk.state();
  const best: { place: number; probability: number }[] = [];
  for (let place = 0; place < assets.length; place++) {
    const probability = compromise.probability(place, threat);
    if (best.length === MOST_NAMED && probability <= (best.at(-1)?.probability ?? 0)) continue;
    best.push({ place, probability });
    best.sort((a, b) => b.probability - a.probability);
    best.length = Math.min(best.length, MOST_NAMED);
  }
  return best.map(({ place, probability }) => ({
    id: assets[place]?.id ?? '',
    name: assets[place]?.name ?? '',
    probability,
  }));
}

export function controlItems(desk: RiskDesk, store: ControlStore): readonly ControlItem[] {
  const titles = new Map(desk.knowledge.threats.map(({ id, title }) => [id, title.toLowerCase()]));
  return desk.knowledge.controls.map(({ id, title, question, effects }) => {
    const stated = store.get(id);
    return {
      ...{ id, title, question },
      state: stated?.state ?? null,
      note: stated?.note ?? '',
      by: stated?.by ?? null,
      time: stated?.time ?? null,
      effects: effects.map(({ on, threats, reduction }) => {
        const of = threats.map((threat) => titles.get(threat) ?? threat).join(', ');
        return `${Math.round(reduction * 100)} % less ${ON[on]}: ${of}`;
      }),
    };
  });
}

/** Risk of the house in one look. */
export function summaryOf(desk: RiskDesk): RiskSummary {
  const state = desk.state();
  const { parameters } = desk.knowledge;
  const care = state.map.care().map((place) => state.ofCare(place));
  const assets = Array.from(state.assets.keys(), (place) => state.ofAsset(place).level);
  const worst = care.toSorted((a, b) => b.points - a.points)[0];
  const ranks = [...care.map(({ level }) => level), ...assets].map((level) => RISK_LEVELS.indexOf(level));
  const level = RISK_LEVELS[ranks.reduce((most, rank) => Math.max(most, rank), 0)] ?? 'very-low';
  const text =
    worst === undefined
      ? `The worst risk of a device is ${WORDS[level]}. No clinical service is known yet.`
      : `The worst risk is ${WORDS[level]}. The clinical service most at risk is ${state.map.at(worst.place).name}: ${percent(worst.probability)} to be disrupted by an attack within ${parameters.horizonDays} days.`;
  return {
    level,
    text,
    assets: counted(assets),
    services: counted(care.map((each) => each.level)),
    horizonDays: parameters.horizonDays,
    model: {
      version: parameters.version,
      rationale: parameters.rationale,
      references: [...parameters.references],
    },
  };
}

/** The gravest level first. */
function counted(levels: readonly RiskLevel[]): RiskSummary['assets'] {
  return RISK_LEVELS.toReversed().map((level) => ({ level, count: levels.filter((each) => each === level).length }));
}
