import type { Weakness } from '@sphinx/schema';
import { printable, renderTable } from './table.ts';

/** One weakness and how many devices have it, as the API ranks it. */
export interface RankedWeakness {
  readonly weakness: string;
  readonly title: string;
  readonly severity: string;
  readonly decision: string;
  readonly priority: number;
  readonly affected: number;
  readonly possiblyAffected: number;
  readonly isKnownExploited: boolean;
}

/** One weakness of one device. */
export type Finding = Weakness & { readonly assetId: string; readonly assetName: string };

/** What the API tells of one weakness. */
interface WeaknessDetail {
  readonly weakness: string;
  readonly title: string;
  readonly exploitation: string;
  readonly isKnownExploited: boolean;
  readonly exploitProbability: number | null;
  readonly baseScore: number | null;
  readonly affected: number;
  readonly possiblyAffected: number;
  readonly advisories: readonly {
    readonly feedTitle: string;
    readonly document: string;
    readonly id: string;
    readonly url: string;
    readonly description: string;
    readonly remedies: readonly { readonly kind: string; readonly text: string; readonly url: string }[];
  }[];
}

/** One line for each weakness, those that matter most first. */
export function weaknessTable(weaknesses: readonly RankedWeakness[]): string {
  return renderTable(
    weaknesses,
    [
      { title: 'Decision', value: ({ decision }) => decision },
      { title: 'Weakness', value: ({ weakness }) => weakness },
      { title: 'Severity', value: ({ severity }) => severity },
      { title: 'Affected', value: ({ affected }) => String(affected), align: 'right' },
      { title: 'Possibly', value: ({ possiblyAffected }) => String(possiblyAffected), align: 'right' },
      { title: 'Exploited', value: ({ isKnownExploited }) => (isKnownExploited ? 'yes' : '') },
      { title: 'What', value: ({ title }) => title },
    ],
    70,
  );
}

/** One line for each device that has a weakness. */
export function findingTable(findings: readonly Finding[]): string {
  return renderTable(
    findings,
    [
      { title: 'Decision', value: ({ decision }) => decision },
      { title: 'Device', value: ({ assetName }) => assetName },
      { title: 'Weakness', value: ({ weakness }) => weakness },
      { title: 'Presence', value: ({ presence }) => presence },
      { title: 'Status', value: ({ status }) => status },
      { title: 'Component', value: ({ component }) => `${component.name} ${component.version}`.trim() },
      { title: 'Why', value: ({ because }) => because },
    ],
    60,
  );
}

/** What is known of a weakness, for reading. */
export function weaknessText(detail: WeaknessDetail): string {
  const { baseScore, exploitProbability, affected, possiblyAffected } = detail;
  const told = detail.advisories.find(({ description }) => description !== '')?.description ?? '';
  const remedies = detail.advisories.flatMap(({ remedies: each }) => each);
  return [
    `${detail.weakness}: ${printable(detail.title)}`,
    ...(told === '' ? [] : [printable(told.replaceAll('\n', ' '))]),
    [
      `CVSS ${baseScore?.toFixed(1) ?? 'unknown'}`,
      `exploitation: ${detail.isKnownExploited ? 'known (CISA KEV)' : detail.exploitation}`,
      ...(exploitProbability === null ? [] : [`EPSS ${(exploitProbability * 100).toFixed(1)} %`]),
      `${affected} devices affected, ${possiblyAffected} possibly`,
    ].join('; '),
    ...detail.advisories.map(({ feedTitle, document, id, url }) =>
      printable(`Source: ${feedTitle}, ${document || id} ${url}`.trimEnd()),
    ),
    ...remedies.map(({ kind, text, url }) => printable(`Remedy (${kind}): ${text} ${url}`.trimEnd())),
  ].join('\n');
}
