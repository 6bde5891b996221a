import { createHash } from 'node:crypto';
import type { LogReading } from '@sphinx/logs';
import type { MediaAction, Medium } from '@sphinx/schema';
import { CompiledMediaRule, EventInHand } from './compiled-rule.ts';
import { FileKinds } from './file-kind.ts';
import { type HostMedia, MediaMemory } from './host-media.ts';
import type { MediaKnowledge, MediaRule } from './media-rule.ts';
import { readWindowsDevice } from './windows-device.ts';

/** What one event tells of a removable medium. No name of a file is in it: it goes to other threads and services. */
export interface MediaSighting {
  /** Id of the rule that told. */
  readonly rule: string;
  readonly timeMs: number;
  readonly host: string;
  readonly hostIp: string;
  readonly user: string;
  readonly action: MediaAction;
  readonly medium: Medium;
  readonly drive: string;
  /** Empty where it is about no file; else a digest, so that the same file counts once. */
  readonly file: string;
  readonly fileKind: string;
  readonly bytes: number;
  readonly patients: number;
}

const LONGEST_WORD = 100;
const LONGEST_NAME = 255;
/** Machines and services of Windows, which are no users. */
const NO_USER = /\$$|^(system|local system|local service|network service|root|0)$/i;
const DRIVE = /^([A-Z]:)(?:\\|$)/i;
const FILE_ACTIONS: ReadonlySet<string> = new Set(['written', 'read', 'deleted', 'run']);

/** Rules of one format, found by the value that most of them ask for first. */
interface FormatRules {
  readonly field: string;
  readonly byValue: ReadonlyMap<string, readonly CompiledMediaRule[]>;
  readonly others: readonly CompiledMediaRule[];
}

/**
 * Tells which events of logs are about removable media. It keeps, per host and within bounds, which drives and ports were said to be
 * removable, since many logs name a drive and do not say what it is.
 */
export class MediaWatch {
  readonly #byFormat: ReadonlyMap<string, FormatRules>;
  readonly #kinds: FileKinds;
  readonly #memory = new MediaMemory();

  /** @throws GrokError for a pattern that is none */
  constructor({ rules, fileKinds }: MediaKnowledge) {
    const compiled = rules.map((rule) => new CompiledMediaRule(rule));
    const formats = new Set(rules.flatMap((rule) => rule.formats));
    this.#kinds = new FileKinds(fileKinds);
    this.#byFormat = new Map(
      [...formats].map((format) => [format, formatRules(compiled.filter(({ rule }) => rule.formats.includes(format)))]),
    );
  }

  /** @returns undefined for what is about no removable medium, as nearly everything is */
  see(reading: LogReading): MediaSighting | undefined {
    const ofFormat = this.#byFormat.get(reading.columns.format);
    if (ofFormat === undefined) return undefined;
    const event = new EventInHand(reading);
    const value = event.text([ofFormat.field]).toLowerCase();
    const candidates = ofFormat.byValue.get(value);
    return this.#firstOf(candidates ?? [], event, reading) ?? this.#firstOf(ofFormat.others, event, reading);
  }

  #firstOf(rules: readonly CompiledMediaRule[], event: EventInHand, reading: LogReading): MediaSighting | undefined {
    for (const each of rules) {
      const found = each.look(event);
      if (found === undefined) continue;
      const sighting = this.#take(each.rule, found, reading);
      if (sighting !== undefined) return sighting;
    }
    return undefined;
  }

  #take(rule: MediaRule, event: EventInHand, { timeMs, columns }: LogReading): MediaSighting | undefined {
    const { fields, action } = rule;
    const host = (event.text(fields.host) || columns.device_host || columns.device_ip).slice(0, LONGEST_NAME);
    if (host === '') return undefined;
    const media = this.#memory.of(host.toLowerCase());
    const port = event.text(fields.port);
    if (action === 'described') {
      media.describe(port, wordsOf(event, fields));
      return undefined;
    }
    const file = event.text(fields.file);
    const place = event.text(fields.drive);
    const medium = this.#mediumOf(rule, event, media, { port, file, timeMs });
    if (medium === undefined) return undefined;
    const known = remember(media, action, medium, { port, place, timeMs });
    if (known === undefined) return undefined;
    const user = event.text(fields.user).slice(0, LONGEST_NAME);
    const drive = DRIVE.exec(place || file)?.[1]?.toUpperCase() ?? '';
    const bytes = Number(event.text(fields.bytes));
    const isFile = file !== '' && FILE_ACTIONS.has(action);
    return {
      rule: rule.id,
      timeMs,
      host,
      hostIp: columns.device_ip,
      user: NO_USER.test(user) ? '' : user,
      action,
      medium: known,
      drive,
      file: isFile ? digestOf(host, file) : '',
      fileKind: isFile ? this.#kinds.kindOf(file) : '',
      bytes: Number.isSafeInteger(bytes) && bytes > 0 ? bytes : 0,
      patients: patientsOf(rule, event),
    };
  }

  /** @returns undefined where the rule needs more than is known */
  #mediumOf(
    rule: MediaRule,
    event: EventInHand,
    media: HostMedia,
    { port, file, timeMs }: { port: string; file: string; timeMs: number },
  ): Medium | undefined {
    if (rule.needs === 'drive') return media.mediumOfFile(file, timeMs);
    if (rule.needs === 'port') return media.portMedium(port);
    const device = readWindowsDevice(event.text(rule.fields.device));
    const told = wordsOf(event, rule.fields);
    const kind = rule.medium === 'other' ? (device.kind ?? rule.medium) : rule.medium;
    const medium = {
      kind,
      maker: (told.maker || device.maker).slice(0, LONGEST_WORD),
      product: (told.product || device.product).slice(0, LONGEST_WORD),
      serial: (told.serial || device.serial).slice(0, LONGEST_WORD),
    };
    return port === '' ? medium : media.described(port, medium);
  }
}

/** @returns the medium as it is known; undefined where it is no news */
function remember(
  media: HostMedia,
  action: MediaAction,
  medium: Medium,
  { port, place, timeMs }: { port: string; place: string; timeMs: number },
): Medium | undefined {
  if (action === 'removed') return media.remove(medium, timeMs, port, place);
  if (action === 'attached') {
    const isNews = media.attach(medium, timeMs, port);
    if (place !== '') media.mount(placeOf(place), medium, timeMs);
    return isNews ? medium : undefined;
  }
  const known = media.only(medium, timeMs);
  if (action === 'mounted' && place !== '') media.mount(placeOf(place), known, timeMs);
  return known;
}

function placeOf(place: string): string {
  return DRIVE.exec(place)?.[1] ?? place.replace(/[\\/]+$/, '');
}

function wordsOf(event: EventInHand, fields: MediaRule['fields']) {
  const words: { maker?: string; product?: string; serial?: string } = {};
  const maker = event.text(fields.maker);
  const product = event.text(fields.product);
  const serial = event.text(fields.serial);
  if (maker !== '') words.maker = maker;
  if (product !== '') words.product = product;
  if (serial !== '') words.serial = serial;
  return words;
}

function patientsOf({ fields: { patients } }: MediaRule, event: EventInHand): number {
  const value = patients === undefined ? undefined : event.value(patients.field);
  if (value === undefined || value === null) return 0;
  const values = typeof value === 'object' ? value : [value];
  return values.filter((each) => String(each) === patients?.is).length;
}

function digestOf(host: string, path: string): string {
  return createHash('sha256').update(`${host}\n${path}`.toLowerCase()).digest('base64url').slice(0, 16);
}

function formatRules(rules: readonly CompiledMediaRule[]): FormatRules {
  const counts = new Map<string, number>();
  for (const { rule } of rules) {
    for (const [field, values] of Object.entries(rule.when)) {
      if (values.every((value) => !String(value).includes('*'))) counts.set(field, (counts.get(field) ?? 0) + 1);
    }
  }
  const [field = ''] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
  const byValue = new Map<string, CompiledMediaRule[]>();
  const others: CompiledMediaRule[] = [];
  for (const each of rules) {
    const values = each.rule.when[field];
    if (values === undefined || values.some((value) => String(value).includes('*'))) others.push(each);
    for (const value of values ?? []) {
      const key = String(value).toLowerCase();
      if (!key.includes('*')) byValue.set(key, [...(byValue.get(key) ?? []), each]);
    }
  }
  return { field, byValue, others };
}
