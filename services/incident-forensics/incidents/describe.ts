import type { Incident, IncidentAsset } from '@sphinx/schema';
import type { AssetBook } from '../assets/asset-book.ts';
import { type Cluster, pointsAlone, stagesOf } from '../grouping/cluster.ts';
import type { AttackKnowledge } from '../knowledge/attack-knowledge.ts';
import { clinicalImpactOf, severityOf } from '../story/severity.ts';
import { tellStory } from '../story/story.ts';
import type { Attention, IncidentView, Work } from './incident-record.ts';

/** What a fact and a page tell of at most; a scan over a whole network concerns thousands. */
const MAXIMUM_TOLD = 100;

/** @returns what the signals of a cluster and the work of people come to, told together */
export function describeIncident(
  cluster: Cluster,
  work: Work,
  number: number | null,
  parts: { readonly assets: AssetBook; readonly attack: AttackKnowledge; readonly threshold: number },
): IncidentView {
  const { attack, threshold } = parts;
  const assets = assetsOf(cluster, parts.assets);
  const story = tellStory(cluster, attack);
  const entities = [...cluster.entities.values()];
  const analytics = [...cluster.analytics.values()];
  return {
    id: cluster.id,
    number,
    title: work.title ?? story.title,
    summary: story.summary,
    severity: work.severity ?? severityOf(cluster, assets),
    clinicalImpact: clinicalImpactOf(assets),
    status: work.status,
    verdict: work.verdict,
    owner: work.owner,
    stages: [...stagesOf(cluster, (tactic) => attack.tactics.get(tactic)?.rank ?? Number.POSITIVE_INFINITY)],
    techniques: [...new Set(analytics.flatMap(({ techniques }) => techniques))].slice(0, MAXIMUM_TOLD),
    assets: assets.slice(0, MAXIMUM_TOLD),
    users: entities
      .filter(({ type }) => type === 'user')
      .map(({ name }) => name)
      .slice(0, MAXIMUM_TOLD),
    addresses: entities
      .filter(({ type }) => type === 'address' || type === 'external' || type === 'host' || type === 'domain')
      .map(({ name }) => name)
      .slice(0, MAXIMUM_TOLD),
    analytics: analytics
      .toSorted((a, b) => pointsAlone(b) - pointsAlone(a))
      .slice(0, MAXIMUM_TOLD)
      .map(({ id, title, count }) => ({ id, title, count })),
    signals: cluster.signals,
    firstSeen: cluster.firstSeen,
    lastSeen: cluster.lastSeen,
    openedAt: work.openedAt,
    closedAt: work.closedAt,
    isSample: cluster.isSample,
    attention: attentionOf(cluster, work, threshold),
    score: Math.round(cluster.highestScore * 10) / 10,
    plainScore: Math.round(cluster.highestPlainScore * 10) / 10,
    threshold,
    reasons: work.openedBy === '' ? story.reasons : [`${work.openedBy} opened it`, ...story.reasons],
    steps: story.steps,
    closingNote: work.closingNote,
    mergedInto: work.mergedInto,
  };
}

/** @returns the incident as a fact tells it; undefined while it is none */
export function factOf(view: IncidentView): Incident | undefined {
  const { number, openedAt } = view;
  if (number === null || openedAt === null) return undefined;
  const { id, title, summary, severity, clinicalImpact, status, verdict, owner, stages, techniques } = view;
  const { assets, users, addresses, analytics, signals, firstSeen, lastSeen, closedAt, isSample } = view;
  const said = { id, number, title, summary, severity, clinicalImpact, status, verdict, owner, stages, techniques };
  return { ...said, assets, users, addresses, analytics, signals, firstSeen, lastSeen, openedAt, closedAt, isSample };
}

function attentionOf(cluster: Cluster, work: Work, threshold: number): Attention {
  if (work.openedAt !== null) return 'incident';
  return cluster.highestPlainScore >= threshold ? 'held-back' : 'noted';
}

function assetsOf(cluster: Cluster, book: AssetBook): IncidentAsset[] {
  return [...cluster.entities.values()].flatMap(({ type, id, name, roles }) => {
    if (type !== 'asset') return [];
    const card = book.get(id);
    return {
      assetId: id,
      name: card?.name ?? name,
      kind: card?.kind ?? '',
      role: roles[0] ?? 'affected',
      patientSafetyClass: card?.patientSafetyClass ?? null,
      careArea: card?.careArea ?? '',
      zone: card?.zone ?? '',
    };
  });
}
