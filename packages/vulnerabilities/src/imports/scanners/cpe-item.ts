import type { SoftwareKind } from '@sphinx/schema';
import { type CpeValue, formatCpe, parseCpe } from '../../identity/cpe.ts';
import type { ItemFields } from '../report.ts';

const KINDS: Readonly<Record<string, SoftwareKind>> = { a: 'application', o: 'operating-system', h: 'device' };

/** @returns the item that a CPE name names; undefined for what is none, or names no product */
export function cpeItem(text: string): ItemFields | undefined {
  const cpe = parseCpe(text);
  if (cpe === undefined) return undefined;
  const [part, vendor, product, version, update] = [cpe.part, cpe.vendor, cpe.product, cpe.version, cpe.update].map(
    textOf,
  );
  if (!product) return undefined;
  return {
    kind: KINDS[part ?? ''] ?? 'application',
    vendor: wordsOf(vendor),
    name: wordsOf(product),
    version: [version, update].filter((one) => one).join(' '),
    cpe: formatCpe(cpe),
  };
}

function textOf(value: CpeValue): string {
  return value.kind === 'text' ? value.text : '';
}

function wordsOf(text: string | undefined): string {
  return (text ?? '').replaceAll('_', ' ');
}
