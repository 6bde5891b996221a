import { compareInstants } from '../../reading/instant.ts';
import { type CsafContext, type Placed, place } from '../context.ts';
import type { CsafTest } from '../csaf-test.ts';
import type { CsafRevision } from '../document.ts';
import { repeated } from './repeated.ts';
import { compareRevisionNumbers, parseRevisionNumber } from './revision-numbers.ts';

const HISTORY = '/document/tracking/revision_history';
const VERSION = '/document/tracking/version';

/** Versions, status and dates of the document (CSAF 2.0 §6.1.14, 6.1.16–6.1.22, 6.1.30, 6.2.4–6.2.6). */
export const TRACKING_TESTS: readonly CsafTest[] = [
  {
    id: '6.1.14',
    title: 'Sorted Revision History',
    run: (context) => {
      const sorted = byDate(context);
      return sorted
        .filter(({ value }, at) => {
          const before = sorted[at - 1];
          return before !== undefined && compareRevisionNumbers(before.value.number, value.number) > 0;
        })
        .map(({ value, where }) => ({
          where: `${where}/number`,
          what: `version ${value.number} is dated after a higher one`,
        }));
    },
  },
  {
    id: '6.1.16',
    title: 'Latest Document Version',
    run(context) {
      const { version, status } = context.document.document.tracking;
      const latest = byDate(context).at(-1)?.value.number ?? '';
      const compared = (number: string) => withoutBuild(number, status === 'draft');
      if (compared(version) === compared(latest)) return [];
      return [{ where: VERSION, what: `is ${version}, while the latest revision is ${latest}` }];
    },
  },
  {
    id: '6.1.17',
    title: 'Document Status Draft',
    run({ document }) {
      const { version, status } = document.document.tracking;
      const { major, preRelease } = parseRevisionNumber(version);
      if (status === 'draft' || (major !== 0n && preRelease === '')) return [];
      return [{ where: '/document/tracking/status', what: `is ${status}, while version ${version} is one of a draft` }];
    },
  },
  {
    id: '6.1.18',
    title: 'Released Revision History',
    run: (context) =>
      isReleased(context)
        ? revisionsWhere(context, ({ number }) => parseRevisionNumber(number).major === 0n, 'is one of a draft')
        : [],
  },
  {
    id: '6.1.19',
    title: 'Revision History Entries for Pre-release Versions',
    run: (context) =>
      revisionsWhere(context, ({ number }) => parseRevisionNumber(number).preRelease !== '', 'is a pre-release'),
  },
  {
    id: '6.1.20',
    title: 'Non-draft Document Version',
    run(context) {
      const { version } = context.document.document.tracking;
      if (!isReleased(context) || parseRevisionNumber(version).preRelease === '') return [];
      return [{ where: VERSION, what: `is the pre-release ${version}, while the document is released` }];
    },
  },
  {
    id: '6.1.21',
    title: 'Missing Item in Revision History',
    run(context) {
      const sorted = byDate(context);
      return sorted.flatMap(({ value, where }, at) => {
        const { major } = parseRevisionNumber(value.number);
        const before = sorted[at - 1];
        const mayBe = before === undefined ? [0n, 1n] : [0n, 1n].map((step) => majorOf(before) + step);
        if (mayBe.includes(major) || (before !== undefined && major < majorOf(before))) return [];
        return [{ where: `${where}/number`, what: `is ${value.number}: a version before it is missing` }];
      });
    },
  },
  {
    id: '6.1.22',
    title: 'Multiple Definition in Revision History',
    run: (context) =>
      repeated(history(context), ({ number }) => number).map(({ value, where }) => ({
        where: `${where}/number`,
        what: `version ${value.number} is listed again`,
      })),
  },
  {
    id: '6.1.30',
    title: 'Mixed Integer and Semantic Versioning',
    run(context) {
      const { version } = context.document.document.tracking;
      const { isInteger } = parseRevisionNumber(version);
      const differs = ({ number }: CsafRevision) => parseRevisionNumber(number).isInteger !== isInteger;
      return revisionsWhere(context, differs, `does not follow the scheme of document version ${version}`);
    },
  },
  {
    id: '6.2.4',
    title: 'Build Metadata in Revision History',
    run: (context) =>
      revisionsWhere(context, ({ number }) => parseRevisionNumber(number).build !== '', 'has build metadata'),
  },
  {
    id: '6.2.5',
    title: 'Older Initial Release Date than Revision History',
    run(context) {
      const released = context.document.document.tracking.initial_release_date;
      const oldest = byDate(context)[0];
      if (oldest === undefined || compareInstants(released, oldest.value.date) >= 0) return [];
      return [{ where: '/document/tracking/initial_release_date', what: 'is older than the oldest revision' }];
    },
  },
  {
    id: '6.2.6',
    title: 'Older Current Release Date than Revision History',
    run(context) {
      const released = context.document.document.tracking.current_release_date;
      const newest = byDate(context).at(-1);
      if (newest === undefined || compareInstants(released, newest.value.date) >= 0) return [];
      return [{ where: '/document/tracking/current_release_date', what: 'is older than the newest revision' }];
    },
  },
];

function history({ document }: CsafContext): readonly Placed<CsafRevision>[] {
  return place(document.document.tracking.revision_history, HISTORY);
}

/** Revisions of the same moment stand in the order of their numbers. */
function byDate(context: CsafContext): readonly Placed<CsafRevision>[] {
  return history(context).toSorted(
    ({ value: a }, { value: b }) => compareInstants(a.date, b.date) || compareRevisionNumbers(a.number, b.number),
  );
}

function revisionsWhere(context: CsafContext, isBad: (revision: CsafRevision) => boolean, what: string) {
  return history(context)
    .filter(({ value }) => isBad(value))
    .map(({ value, where }) => ({ where: `${where}/number`, what: `version ${value.number} ${what}` }));
}

function isReleased({ document }: CsafContext): boolean {
  return document.document.tracking.status !== 'draft';
}

function majorOf({ value }: Placed<CsafRevision>): bigint {
  return parseRevisionNumber(value.number).major;
}

function withoutBuild(number: string, isWithoutPreRelease: boolean): string {
  const { isInteger, major, minor, patch, preRelease } = parseRevisionNumber(number);
  const release = isInteger ? String(major) : `${major}.${minor}.${patch}`;
  return isWithoutPreRelease || preRelease === '' ? release : `${release}-${preRelease}`;
}
