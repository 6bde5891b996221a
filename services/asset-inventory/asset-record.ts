import type { Asset, AssetFact, AssetFactName } from '@sphinx/schema';
import { z } from 'zod';

/** What people said about an asset. It wins over everything that was found automatically. */
export interface Statements {
  readonly name?: string;
  readonly isPinned: boolean;
  readonly facts: Readonly<Partial<Record<AssetFactName, AssetFact | null>>>;
}

export const NOTHING_STATED: Statements = { isPinned: false, facts: {} };

/** An asset as the inventory keeps it: which endpoints it is made of, and what people said. */
export interface AssetRecord {
  readonly id: string;
  readonly isSample: boolean;
  readonly endpoints: ReadonlySet<string>;
  readonly statements: Statements;
  readonly revision: number;
  /** Of the last published state. */
  readonly fingerprint: string;
}

/** The part of a record that a person's change may touch; kept so that the change can be taken back. */
export interface Arrangement {
  readonly id: string;
  readonly isSample: boolean;
  readonly endpoints: readonly string[];
  readonly statements: Statements;
}

export function arrangementOf({ id, isSample, endpoints, statements }: AssetRecord): Arrangement {
  return { id, isSample, endpoints: [...endpoints], statements };
}

export const HistoryAction = z.enum(['discovered', 'changed', 'stated', 'merged', 'split', 'undone', 'imported']);

/** One line of the history of an asset. */
export interface HistoryEntry {
  readonly assetId: string;
  readonly time: number;
  /** `sphinx` or the name of a person. */
  readonly by: string;
  readonly action: z.infer<typeof HistoryAction>;
  readonly detail: string;
  /** How the records of all assets concerned were before, for changes that people made. */
  readonly before?: readonly Arrangement[];
}

const FACT_WORDS: Readonly<Record<AssetFactName, string>> = {
  kind: 'kind',
  manufacturer: 'manufacturer',
  model: 'model',
  serial: 'serial number',
  operatingSystem: 'operating system',
  software: 'software',
  clinicalFunction: 'clinical function',
  patientSafetyClass: 'patient-safety class',
  zone: 'zone',
  owner: 'owner',
  location: 'location',
  careArea: 'care area',
  downtimeCost: 'cost of a standstill',
};

/** @returns what changed from one state to the next, in words; empty where only details did */
export function describeChange(before: Asset, after: Asset): string {
  const changes: string[] = [];
  if (before.name !== after.name) changes.push(`name ${before.name} → ${after.name}`);
  for (const [name, words] of Object.entries(FACT_WORDS) as [AssetFactName, string][]) {
    const from = before.facts[name]?.value;
    const to = after.facts[name]?.value;
    if (from !== to) changes.push(`${words} ${from ?? 'unknown'} → ${to ?? 'unknown'}`);
  }
  changes.push(...listChange('address', before.ips, after.ips), ...listChange('MAC', before.macs, after.macs));
  const portsOf = ({ services }: Asset) =>
    services.map(({ transport, port, protocol }) => `${protocol} on ${transport}/${port}`);
  changes.push(...listChange('service', portsOf(before), portsOf(after)));
  const conflictsOf = ({ conflicts }: Asset) => conflicts.map(({ detail }) => detail);
  changes.push(...listChange('conflict', conflictsOf(before), conflictsOf(after)));
  return changes.join('; ');
}

function listChange(word: string, before: readonly string[], after: readonly string[]): string[] {
  return [
    ...after.filter((value) => !before.includes(value)).map((value) => `new ${word} ${value}`),
    ...before.filter((value) => !after.includes(value)).map((value) => `no more ${word} ${value}`),
  ];
}
