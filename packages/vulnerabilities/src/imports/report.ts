import type {
  ListedSoftwareItem,
  ReportedWeakness,
  SecurityFormAnswer,
  SoftwareKind,
  SoftwareMethod,
} from '@sphinx/schema';

/* What files of other programs say, before anybody decides which asset they are about. */

/** What a file calls the device that it reports about. Empty lists: it does not say, so a person must. */
export interface DeviceNames {
  readonly ips: readonly string[];
  /** Six pairs of small hexadecimal digits with colons. */
  readonly macs: readonly string[];
  readonly hostnames: readonly string[];
  readonly serial: string | undefined;
}

export const NO_NAMES: DeviceNames = { ips: [], macs: [], hostnames: [], serial: undefined };

/** One thing that a report says of the identity of the device or of what it serves. */
export interface ReportedEvidence {
  /** One of `EVIDENCE_ATTRIBUTES` whose name begins with `report.`. */
  readonly attribute: string;
  readonly value: string;
  /** Service that it was read from: `ssh`, `http`; empty where it is about the device itself. */
  readonly protocol: string;
  readonly port: number | undefined;
  readonly transport: 'tcp' | 'udp' | undefined;
}

export interface ReportedSoftware {
  readonly method: SoftwareMethod;
  /** Names all that its method can see. */
  readonly isComplete: boolean;
  readonly items: readonly ListedSoftwareItem[];
}

/** A disclosure statement of a manufacturer (MDS2). */
export interface ReportedForm {
  readonly form: 'MDS2 2013' | 'MDS2 2019';
  readonly documentId: string;
  readonly releasedAtMs: number | undefined;
  readonly answers: readonly SecurityFormAnswer[];
}

/** What a file says a model is called; a suggestion, until a person says so. */
export interface ReportedModelName {
  readonly manufacturer: string;
  readonly model: string;
  readonly version: string;
}

/** All that a file says of one device, or of one model. */
export interface ImportedReport {
  readonly device: DeviceNames;
  readonly model: ReportedModelName | undefined;
  /** Milliseconds since the epoch; undefined where the file does not tell. */
  readonly takenAtMs: number | undefined;
  readonly evidence: readonly ReportedEvidence[];
  /** Undefined where the format lists no software. */
  readonly software: ReportedSoftware | undefined;
  /** Undefined where the format reports no weaknesses; an empty list says that none was found. */
  readonly weaknesses: readonly ReportedWeakness[] | undefined;
  readonly form: ReportedForm | undefined;
}

export const EMPTY_REPORT: ImportedReport = {
  device: NO_NAMES,
  model: undefined,
  takenAtMs: undefined,
  evidence: [],
  software: undefined,
  weaknesses: undefined,
  form: undefined,
};

/** How much of a file is taken; what is more is told as a problem, never taken by half in silence. */
export const IMPORT_LIMITS = {
  reports: 20_000,
  itemsOfReport: 100_000,
  weaknessesOfReport: 20_000,
  evidenceOfReport: 2000,
  textBytes: 256 * 1024 * 1024,
  problems: 100,
} as const;

/** What of an item is known; the rest is empty. */
export interface ItemFields {
  readonly name: string;
  readonly version?: string | undefined;
  readonly vendor?: string | undefined;
  readonly kind?: SoftwareKind;
  readonly purl?: string | undefined;
  readonly cpe?: string | undefined;
}

/** @returns the item as facts carry it, texts without control characters and no longer than they may be; undefined without name */
export function listedItem(fields: ItemFields): ListedSoftwareItem | undefined {
  const name = plainText(fields.name, 512);
  if (name === '') return undefined;
  const purl = plainText(fields.purl ?? '', 1024);
  const cpe = plainText(fields.cpe ?? '', 1024);
  return {
    kind: fields.kind ?? 'application',
    vendor: plainText(fields.vendor ?? '', 256),
    name,
    version: plainText(fields.version ?? '', 256),
    ...(purl === '' ? {} : { purl }),
    ...(cpe === '' ? {} : { cpe }),
  };
}

/** @returns items with a name, each once */
export function listedItems(fields: Iterable<ItemFields>): ListedSoftwareItem[] {
  const items = new Map<string, ListedSoftwareItem>();
  for (const each of fields) {
    const item = listedItem(each);
    if (item === undefined) continue;
    const { kind, vendor, name, version, purl = '', cpe = '' } = item;
    items.set(JSON.stringify([kind, vendor, name, version, purl, cpe]), item);
    if (items.size >= IMPORT_LIMITS.itemsOfReport) break;
  }
  return [...items.values()];
}

/** @returns text on one line, cut to a length */
export function plainText(text: string, longest: number): string {
  const line = text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return (line.length <= longest ? line : `${line.slice(0, longest - 1)}…`).toWellFormed();
}

/** @returns evidence of the device itself; none for an empty value */
export function deviceEvidence(attribute: string, value: string | undefined): ReportedEvidence[] {
  const text = plainText(value ?? '', 1024);
  return text === '' ? [] : [{ attribute, value: text, protocol: '', port: undefined, transport: undefined }];
}
