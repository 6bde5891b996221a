import type { Asset } from '@sphinx/schema';
import type { Advisory, AffectedProduct, VersionStatus } from '@sphinx/vulnerabilities';
import type { Market } from './software-market.ts';

// Records in the shape of published ones. Measured on the 44,113 of CISA's vulnrichment (`advisories` of readCveStream): 2.75
// products a record (median 1, 99 % up to 28), versions a product 1 (99 % up to 10; 56 % of all single versions), 0.77 CPE names a
// product (none at a third, 99 % up to 3), 28,000 different versions, 290 characters of description, 2 references; of 23,608
// products the first is in 8 % of the records, the 100th in 0.25 %, the 1,000th in 0.03 %. Ranges in words, an eighth of the
// real ones (most are commits of Linux), are rarer here.

const PRODUCTS = 120_000;
const SYSTEMS = 30;
/** Number of the software that most devices have. */
export const MOST_INSTALLED = SYSTEMS;
const START = Date.UTC(2026, 0, 1);

/** Numbers that look random and are the same in every run (Lehmer, MINSTD). */
export function createRandom(seed: number): () => number {
  let state = seed % 2_147_483_647;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Number of a product: small ones are in many records, as Linux and Windows are (Zipf). */
function productOf(random: () => number): number {
  return Math.floor(PRODUCTS ** random()) - 1;
}

const WORDS =
  'buffer overflow in the parser of a request lets a remote attacker run code or read memory without a password'.split(
    ' ',
  );
const VECTORS = [
  'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
  'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H',
  'CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H',
  'CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:L/A:N',
  'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N',
];

/**
 * @param about software that it is about above all, up to and with its version; left out for any
 * @returns record number `index` of a list
 */
export function recordOf(index: number, random: () => number, about?: Software): Advisory {
  const year = 1999 + (index % 27);
  const id = `CVE-${year}-${String(10_000 + Math.floor(index / 27))}`;
  const drawn = random();
  const products =
    drawn < 0.72 ? 1 : drawn < 0.9 ? 2 : drawn < 0.985 ? 3 + Math.floor(random() * 6) : 20 + Math.floor(random() * 40);
  const numbers = new Set(Array.from({ length: products }, () => productOf(random)));
  const maturity = (['none', 'none', 'none', 'poc', 'active'] as const)[Math.floor(random() * 5)];
  return {
    id,
    aliases: [],
    source: { name: 'Generated', document: '', url: `https://example.org/${id}`, licence: 'CC0-1.0' },
    title: Array.from({ length: 8 }, () => WORDS[Math.floor(random() * WORDS.length)]).join(' '),
    description: Array.from({ length: 50 }, () => WORDS[Math.floor(random() * WORDS.length)]).join(' '),
    publishedMs: START - index * 1000,
    modifiedMs: START,
    isWithdrawn: false,
    severities: [
      {
        version: index % 5 === 4 ? '4.0' : '3.1',
        vector: VECTORS[index % 5] ?? '',
        score: undefined,
        source: 'Generated',
      },
    ],
    weaknesses: ['CWE-787'],
    references: [1, 2].map((number) => ({ url: `https://example.org/reference/${id}/${number}`, title: '' })),
    affected: [
      ...(about === undefined ? [] : [affectedUpTo(about)]),
      ...[...numbers].map((number) => affectedOf(number, random)),
    ],
    remedies: [{ kind: 'fix', text: 'Update to the next version.', url: '', products: [] }],
    exploitation: { maturity, isAutomatable: random() < 0.3, technicalImpact: 'partial', knownSinceMs: undefined },
  };
}

function affectedOf(number: number, random: () => number): AffectedProduct {
  const { vendor, name } = productNames(number);
  return {
    product: {
      vendor,
      name,
      cpes: cpesOf(number, random),
      purls: [],
      platforms: [],
    },
    versions: versionsOf(random),
    otherVersions: random() < 0.6 ? 'not-affected' : 'unknown',
    note: '',
  };
}

/** Records of one product mostly name the same ones, or none: 1.2 ways to name each product. */
function cpesOf(number: number, random: () => number): readonly string[] {
  const drawn = (number * 7919) % 100;
  const count = drawn < 28 || random() < 0.1 ? 0 : drawn < 96 ? 1 : 2 + (number % 4);
  const { vendor, name } = productNames(number);
  const editions = ['', '_server', '_client', '_firmware', '_suite'];
  return editions.slice(0, count).map((edition) => `cpe:2.3:a:${vendor}:${name}${edition}:*:*:*:*:*:*:*:*`);
}

function affectedUpTo({ vendor, name, version }: Software): AffectedProduct {
  const to = { version, isInclusive: true };
  const range = { scheme: 'generic' as const, intervals: version === '' ? [{}] : [{ to }] };
  const product = { vendor, name, cpes: [], purls: [], platforms: [] };
  return { product, versions: [{ range, status: 'affected' }], otherVersions: 'not-affected', note: '' };
}

/** Versions run from 1.0.0 to 20.9.39, and weaknesses end in each line alike. */
function versionsOf(random: () => number): readonly VersionStatus[] {
  const end = 1 + Math.floor(20 * random());
  if (random() < 0.03) {
    return [
      { range: { scheme: 'generic', intervals: [], unclear: `builds before May ${2000 + end}` }, status: 'affected' },
    ];
  }
  if (random() < 0.55) {
    const count = random() < 0.9 ? 1 : 2 + Math.floor(random() * 20);
    return Array.from({ length: count }, (_, index) => {
      const version = { version: `${end}.${index % 10}.${Math.floor(random() * 40)}`, isInclusive: true };
      return { range: { scheme: 'generic', intervals: [{ from: version, to: version }] }, status: 'affected' };
    });
  }
  const from = { version: `${Math.max(1, end - 1 - Math.floor(random() * 4))}.0.0`, isInclusive: true };
  const to = { version: `${end}.${Math.floor(random() * 10)}.${Math.floor(random() * 40)}`, isInclusive: false };
  return [{ range: { scheme: 'generic', intervals: [{ from, to }] }, status: 'affected' }];
}

function productNames(number: number): { readonly vendor: string; readonly name: string } {
  return { vendor: `vendor${number % 4000}`, name: `product${number}` };
}

/** @returns records, one after the other */
export async function* records(count: number): AsyncGenerator<Advisory> {
  const random = createRandom(7);
  for (let index = 0; index < count; index += 1) yield recordOf(index, random);
}

export interface Software {
  readonly vendor: string;
  readonly name: string;
  readonly version: string;
}

/** What the generated records are about. */
export const generatedMarket: Market = {
  productOf: productNames,
  versionOf: (_number, random) => installedVersion(random),
};

/**
 * Software of one device. Fleets are alike: a device is one of 600 builds, which the house installed over the years, and a tenth of
 * its software is its own. One in twenty does not tell its version.
 *
 * @param items how many
 */
export function softwareOf(device: number, items: number, market: Market): readonly Software[] {
  const build = createRandom(1000 + (device % 600));
  const own = createRandom(1_000_000 + device);
  // One operating system, of the products in most records; the rest is what else a device has.
  const numbers = new Set([Math.floor(SYSTEMS * build())]);
  while (numbers.size < items) numbers.add(SYSTEMS + productOf(numbers.size < items * 0.9 ? build : own));
  return [...numbers].map((number, index) => {
    const random = index < items * 0.9 ? build : own;
    return { ...market.productOf(number), version: random() < 0.05 ? '' : market.versionOf(number, random) };
  });
}

/** Most is of the newest line, some years behind. */
function installedVersion(random: () => number): string {
  const line = random() < 0.7 ? 20 : 1 + Math.floor(20 * Math.sqrt(random()));
  return `${line}.${Math.floor(random() * 10)}.${Math.floor(random() * 40)}`;
}

const CLASSES = ['life-sustaining', 'therapy', 'diagnosis', 'care-support', 'none'];

/** @returns a device without evidence; its software comes by a list */
export function deviceOf(device: number): Asset {
  const id = `ast_${device}`;
  const fact = (value: string) => ({
    value,
    confidence: 1,
    origin: { kind: 'manual' as const, reference: 'bench' },
    evidence: [],
  });
  return {
    id,
    name: `Device ${device}`,
    macs: [],
    ips: [`10.${device >> 16}.${(device >> 8) & 255}.${device & 255}`],
    hostnames: [],
    facts: {
      patientSafetyClass: fact(CLASSES[device % CLASSES.length] ?? 'none'),
      manufacturer: fact(`maker${device % 200}`),
      model: fact(`model ${device % 600}`),
      careArea: fact(`ward ${device % 80}`),
      zone: fact(['bedside', 'imaging', 'laboratory', 'office'][device % 4] ?? 'office'),
    },
    services: [],
    peers: [],
    evidence: [],
    conflicts: [],
    sources: ['bench'],
    isSample: false,
    isPinned: false,
    firstSeen: START,
    lastSeen: START,
    revision: 1,
  };
}
