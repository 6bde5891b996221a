import type { AffectedProduct, VersionInterval, VersionScheme, VersionStatus } from '../advisory.ts';
import { compareRead, type ReadVersion, readVersion, VERSION_SCHEMES } from '../versions/compare-versions.ts';
import type { InstalledVersion } from '../versions/installed-version.ts';
import { type Placement, placeInInterval, type ReadInterval } from '../versions/range.ts';
import { VersionNumbers } from './interned.ts';
import { AFFECTED, EXACT, FIXED, type Judgement, judged, PRODUCT, RANGE, STATUSES, UNKNOWN } from './judgement.ts';

// What advisories say of products, in one list of numbers: a million entries take 50 MB, and an entry is judged without making an
// object. Hot path, guarded by `npm run bench -- vulnerabilities`.
//
// An entry:  next entry of its product (-1: none) · advisory · product · place after the entry · other versions | groups << 3
// A group:   status | kind << 3 | scheme << 5 | count << 9, then of its kind
//            single versions   their numbers
//            intervals         from · to (numbers; -1: open) · inclusive from | inclusive to << 1
//            words             nothing: a range that was not understood

const HEAD = 5;
const OTHERS = 4;
const SINGLES = 0;
const INTERVALS = 1;
const WORDS = 2;
const INTERVAL = 3;
const NONE = -1;

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** Entries by their place in the list. */
export class EntryList {
  #list = new Int32Array(256);
  #filled = 0;
  readonly #versions = new VersionNumbers();
  /** What is being compared: its scheme, its number (-1: no entry names it), and how many entries there were when that was looked up. */
  #scheme: VersionScheme = 'generic';
  #schemeNumber = NONE;
  #installedVersion: InstalledVersion | undefined;
  #installed: ReadVersion = readVersion('generic', '');
  #installedNumber = NONE;
  #installedAt = NONE;
  /** Used again and again, so that no interval becomes an object. */
  readonly #interval: Mutable<ReadInterval> = {
    from: undefined,
    isFromInclusive: false,
    to: undefined,
    isToInclusive: false,
  };

  /** Place of the next entry that is added. */
  get end(): number {
    return this.#filled;
  }

  /** @param next the entry that was last of the same product, -1 for none @returns the place of the entry */
  add(next: number, advisory: number, product: number, { versions, otherVersions }: AffectedProduct): number {
    const place = this.#filled;
    this.#push(next);
    this.#push(advisory);
    this.#push(product);
    this.#push(0);
    this.#push(0);
    let groups = 0;
    let singles = NONE;
    let last = NONE;
    for (const status of versions) {
      const { single, head } = describeStatus(status);
      if (single !== undefined && head === last) this.#list[singles] = (this.#list[singles] ?? 0) + (1 << 9);
      else {
        singles = this.#filled;
        this.#push(single === undefined ? head : head | (1 << 9));
        groups += 1;
      }
      last = single === undefined ? NONE : head;
      this.#pushVersions(status, single);
    }
    this.#list[place + 3] = this.#filled;
    this.#list[place + OTHERS] = STATUSES.indexOf(otherVersions) | (groups << 3);
    return place;
  }

  nextOf(place: number): number {
    return this.#list[place] ?? NONE;
  }

  advisoryOf(place: number): number {
    return this.#list[place + 1] ?? 0;
  }

  productOf(place: number): number {
    return this.#list[place + 2] ?? 0;
  }

  /** Place after an entry. */
  after(place: number): number {
    return this.#list[place + 3] ?? 0;
  }

  /** Number of the status of the entry that was judged last that decided, as they stand in the advisory; -1 where none did. */
  decidedBy = NONE;

  /** Says what an entry tells of a version. */
  judge(place: number, version: InstalledVersion): Judgement {
    const head = this.#list[place + OTHERS] ?? 0;
    const others = head & 7;
    const groups = head >> 3;
    this.decidedBy = NONE;
    if (groups === 0) return judged(others, PRODUCT);
    let unclear = NONE;
    let ordinal = 0;
    let at = place + HEAD;
    for (let group = 0; group < groups; group += 1) {
      const line = this.#list[at] ?? 0;
      const kind = (line >> 3) & 3;
      const quality = this.#judgeGroup(at, ordinal, version);
      if (quality === EXACT || quality === RANGE) return judged(line & 7, quality);
      if (quality === PRODUCT && unclear === NONE) unclear = this.decidedBy;
      ordinal += kind === SINGLES ? line >> 9 : 1;
      at = afterGroup(at, line);
    }
    this.decidedBy = unclear;
    if (unclear !== NONE) return judged(UNKNOWN, PRODUCT);
    if (others !== UNKNOWN) return judged(others, RANGE);
    return this.#isBeyond(place, version) ? judged(FIXED, RANGE) : judged(UNKNOWN, PRODUCT, true);
  }

  /** @returns quality where the version is in the group, PRODUCT where nobody can tell, -1 where it is not */
  #judgeGroup(at: number, ordinal: number, version: InstalledVersion): number {
    const line = this.#list[at] ?? 0;
    const kind = (line >> 3) & 3;
    const count = line >> 9;
    if (!version.isKnown || kind === WORDS) {
      this.decidedBy = ordinal;
      return PRODUCT;
    }
    const scheme = (line >> 5) & 15;
    return kind === SINGLES
      ? this.#judgeSingles(at + 1, count, ordinal, scheme, version)
      : this.#judgeIntervals(at + 1, count, ordinal, scheme, version);
  }

  #judgeSingles(at: number, count: number, ordinal: number, scheme: number, version: InstalledVersion): number {
    const installed = this.#install(version, scheme);
    const { place } = installed;
    let unclear = NONE;
    for (let index = 0; index < count; index += 1) {
      const number = this.#list[at + index] ?? 0;
      this.decidedBy = ordinal + index;
      if (number === this.#installedNumber) return EXACT;
      const singlePlace = this.#versions.placeOf(this.#scheme, number);
      if (singlePlace === place) return RANGE;
      if (!Number.isNaN(singlePlace) && !Number.isNaN(place)) continue;
      const single = this.#versions.read(this.#scheme, number);
      if (!installed.isReadable || !single.isReadable) {
        if (unclear === NONE) unclear = ordinal + index;
      } else if (compareRead(this.#scheme, installed, single) === 0) return RANGE;
    }
    this.decidedBy = unclear;
    return unclear === NONE ? NONE : PRODUCT;
  }

  #judgeIntervals(at: number, count: number, ordinal: number, scheme: number, version: InstalledVersion): number {
    const installed = this.#install(version, scheme);
    let placement: Placement = 'out';
    for (let index = 0; index < count && placement !== 'in'; index += 1) {
      const here = this.#placeIn(at + index * INTERVAL, installed);
      if (here === 'in' || placement === 'out') placement = here;
    }
    this.decidedBy = ordinal;
    if (placement === 'out') return NONE;
    if (placement !== 'in') return PRODUCT;
    for (let index = 0; index < count && this.#installedNumber !== NONE; index += 1) {
      const from = this.#list[at + index * INTERVAL];
      if (from === this.#installedNumber && this.#list[at + index * INTERVAL + 1] === from) return EXACT;
    }
    return RANGE;
  }

  /** As `placeInInterval`, without reading versions that have a place. */
  #placeIn(at: number, installed: ReadVersion): Placement {
    const { place } = installed;
    const from = this.#list[at] ?? NONE;
    const to = this.#list[at + 1] ?? NONE;
    const fromPlace = from === NONE ? Number.NEGATIVE_INFINITY : this.#versions.placeOf(this.#scheme, from);
    const toPlace = to === NONE ? Number.POSITIVE_INFINITY : this.#versions.placeOf(this.#scheme, to);
    if (Number.isNaN(place + fromPlace) || Number.isNaN(place + toPlace)) {
      return placeInInterval(this.#scheme, installed, this.#open(at));
    }
    const inclusive = this.#list[at + 2] ?? 0;
    if (place < fromPlace || (place === fromPlace && (inclusive & 1) === 0)) return 'out';
    return place > toPlace || (place === toPlace && (inclusive & 2) === 0) ? 'out' : 'in';
  }

  /** Reads a version in a scheme, and finds its number, once for all entries that it is compared with. */
  #install(version: InstalledVersion, schemeNumber: number): ReadVersion {
    if (version === this.#installedVersion && schemeNumber === this.#schemeNumber && this.end === this.#installedAt) {
      return this.#installed;
    }
    this.#scheme = VERSION_SCHEMES[schemeNumber] ?? 'generic';
    this.#installed = version.in(this.#scheme);
    this.#installedNumber = this.#versions.find(schemeNumber, version.text);
    this.#installedVersion = version;
    this.#schemeNumber = schemeNumber;
    this.#installedAt = this.end;
    return this.#installed;
  }

  /** A range that ends before a version names it as the first without the weakness, though the source does not say so of it. */
  #isBeyond(place: number, version: InstalledVersion): boolean {
    const groups = (this.#list[place + OTHERS] ?? 0) >> 3;
    let at = place + HEAD;
    let hasEnd = false;
    for (let group = 0; group < groups; group += 1) {
      const line = this.#list[at] ?? 0;
      const isSingles = ((line >> 3) & 3) === SINGLES;
      for (let index = 0; (line & 7) === AFFECTED && index < line >> 9; index += 1) {
        const installed = this.#install(version, (line >> 5) & 15);
        const start = at + 1 + index * (isSingles ? 1 : INTERVAL);
        const to = this.#list[isSingles ? start : start + 1] ?? NONE;
        if (to === NONE || !installed.isReadable) return false;
        const isToInclusive = isSingles || ((this.#list[start + 2] ?? 0) & 2) !== 0;
        if (this.#compareTo(installed, to) < 0 || (isToInclusive && this.#compareTo(installed, to) === 0)) return false;
        if (this.#list[start] !== to) hasEnd = true;
      }
      at = afterGroup(at, line);
    }
    return hasEnd;
  }

  #compareTo(installed: ReadVersion, other: number): number {
    const order = installed.place - this.#versions.placeOf(this.#scheme, other);
    return Number.isNaN(order) ? compareRead(this.#scheme, installed, this.#versions.read(this.#scheme, other)) : order;
  }

  #open(at: number): ReadInterval {
    const from = this.#list[at] ?? NONE;
    const to = this.#list[at + 1] ?? NONE;
    const inclusive = this.#list[at + 2] ?? 0;
    this.#interval.from = from === NONE ? undefined : this.#versions.read(this.#scheme, from);
    this.#interval.to = to === NONE ? undefined : this.#versions.read(this.#scheme, to);
    this.#interval.isFromInclusive = (inclusive & 1) === 1;
    this.#interval.isToInclusive = (inclusive & 2) === 2;
    return this.#interval;
  }

  #pushVersions({ range: { scheme, intervals, unclear } }: VersionStatus, single: string | undefined): void {
    if (unclear !== undefined) return;
    const number = VERSION_SCHEMES.indexOf(scheme);
    if (single !== undefined) {
      this.#push(this.#versions.numberOf(number, single));
      return;
    }
    for (const { from, to } of intervals) {
      this.#push(from === undefined ? NONE : this.#versions.numberOf(number, from.version));
      this.#push(to === undefined ? NONE : this.#versions.numberOf(number, to.version));
      this.#push(Number(from?.isInclusive === true) | (Number(to?.isInclusive === true) << 1));
    }
  }

  #push(value: number): void {
    if (this.#filled === this.#list.length) {
      const list = new Int32Array(Math.ceil(this.#list.length * 1.5));
      list.set(this.#list);
      this.#list = list;
    }
    this.#list[this.#filled] = value;
    this.#filled += 1;
  }
}

function afterGroup(at: number, line: number): number {
  const kind = (line >> 3) & 3;
  const width = kind === SINGLES ? 1 : kind === INTERVALS ? INTERVAL : 0;
  return at + 1 + width * (line >> 9);
}

/** @returns the version of a range that is one version, and the first line of the group, without a count for such a version */
function describeStatus({ range: { scheme, intervals, unclear }, status }: VersionStatus) {
  const line = STATUSES.indexOf(status) | (VERSION_SCHEMES.indexOf(scheme) << 5);
  if (unclear !== undefined) return { single: undefined, head: line | (WORDS << 3) };
  const single = intervals.length === 1 ? singleOf(intervals[0]) : undefined;
  return { single, head: line | (single === undefined ? (INTERVALS << 3) | (intervals.length << 9) : SINGLES << 3) };
}

function singleOf(interval: VersionInterval | undefined): string | undefined {
  const { from, to } = interval ?? {};
  const isSingle = from?.version === to?.version && from?.isInclusive === true && to?.isInclusive === true;
  return isSingle ? from?.version : undefined;
}
