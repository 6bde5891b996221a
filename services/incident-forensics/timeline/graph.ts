import type { IncidentView, SignalRow } from '../incidents/incident-record.ts';

/** Somebody or something of an incident. */
export interface GraphNode {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly role: string;
  /** Asset whose failure can harm a patient. */
  readonly isClinical: boolean;
}

/** What one did to another, and the alerts that say so. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly titles: readonly string[];
  readonly count: number;
  readonly firstSeen: number;
}

/** @returns who had to do with whom, from the signals of an incident */
export function evidenceGraph(
  view: IncidentView,
  signals: readonly SignalRow[],
): { readonly nodes: readonly GraphNode[]; readonly edges: readonly GraphEdge[] } {
  const nodes = new Map<string, GraphNode>();
  const edges = new Map<string, GraphEdge>();
  const clinical = new Set(
    view.assets
      .filter(({ patientSafetyClass }) => patientSafetyClass !== null && patientSafetyClass !== 'none')
      .map(({ assetId }) => assetId),
  );
  for (const { entities, analytic, count, firstSeen } of signals) {
    for (const { type, id, name, role } of entities) {
      const key = `${type}:${id}`;
      if (!nodes.has(key)) nodes.set(key, { id: key, type, name, role, isClinical: clinical.has(id) });
    }
    const [actor, ...others] = entities.toSorted((a, b) => rankOf(a.role) - rankOf(b.role));
    if (actor === undefined) continue;
    for (const other of others) {
      const [from, to] = [`${actor.type}:${actor.id}`, `${other.type}:${other.id}`];
      const key = `${from} ${to}`;
      const known = edges.get(key);
      edges.set(key, {
        from,
        to,
        titles: [...new Set([...(known?.titles ?? []), analytic.title])],
        count: (known?.count ?? 0) + count,
        firstSeen: Math.min(known?.firstSeen ?? firstSeen, firstSeen),
      });
    }
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()].toSorted((a, b) => a.firstSeen - b.firstSeen) };
}

function rankOf(role: string): number {
  return role === 'actor' ? 0 : role === 'affected' ? 1 : 2;
}
