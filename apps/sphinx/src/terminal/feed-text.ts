import { printable, renderTable } from './table.ts';

/** A feed as the API tells it. */
export interface FeedView {
  readonly id: string;
  readonly title: string;
  readonly publisher: string;
  readonly format: string;
  readonly url: string | null;
  readonly isFetched: boolean;
  readonly isEnabled: boolean;
  readonly intervalHours: number;
  readonly licence: { readonly id: string; readonly notice: string | null };
  readonly health: 'empty' | 'fresh' | 'stale' | 'failed';
  readonly message: string;
  readonly confirmedMs: number | null;
  readonly entries: number;
  readonly leftOutCount: number;
  readonly leftOut: readonly { readonly place: string; readonly reason: string }[];
  readonly current: FeedVersionView | null;
  readonly previous: FeedVersionView | null;
}

interface FeedVersionView {
  readonly origin: 'url' | 'file' | 'bundle';
  readonly from: string;
  readonly fetchedMs: number;
  readonly files: number;
}

/** What became of a feed. */
export interface FeedOutcome {
  readonly id: string;
  readonly outcome: 'taken' | 'unchanged' | 'failed';
  readonly message: string;
  readonly entries?: number;
  readonly added?: number;
  readonly changed?: number;
  readonly removed?: number;
  readonly leftOut?: number;
}

/** @param now milliseconds since the Unix epoch */
export function feedTable(feeds: readonly FeedView[], now: number): string {
  return renderTable(
    feeds,
    [
      { title: 'Feed', value: ({ id }) => id },
      { title: 'On', value: ({ isEnabled, isFetched }) => (isFetched ? (isEnabled ? 'on' : 'off') : 'files only') },
      { title: 'Entries', value: ({ entries }) => String(entries), align: 'right' },
      { title: 'Age', value: ({ confirmedMs }) => ageText(confirmedMs, now) },
      { title: 'Health', value: ({ health }) => health },
      { title: 'Title', value: ({ title }) => title },
    ],
    60,
  );
}

/** @param now milliseconds since the Unix epoch */
export function feedText(feed: FeedView, now: number): string {
  const { current, previous } = feed;
  const lines = [
    `${printable(feed.title)} (${feed.id})`,
    `  ${feed.health}, ${feed.entries} entries, ${ageText(feed.confirmedMs, now)} old; ${feed.isEnabled ? `fetched every ${feed.intervalHours} hours` : 'not fetched by itself'}`,
    ...(current === null ? [] : [`  from ${current.origin}: ${printable(current.from)}, ${current.files} files`]),
    ...(previous === null ? [] : [`  undo brings back ${previousText(previous)}`]),
    ...(feed.message === '' ? [] : [`  last attempt: ${printable(feed.message)}`]),
    ...(feed.leftOutCount === 0 ? [] : [`  left out: ${feed.leftOutCount}`]),
    ...feed.leftOut.slice(0, 10).map(({ place, reason }) => `    ${printable(place)}: ${printable(reason)}`),
    `  licence: ${printable(feed.licence.id)}${feed.licence.notice === null ? '' : `; ${printable(feed.licence.notice)}`}`,
  ];
  return lines.join('\n');
}

/** One line for a feed that work was about. */
export function outcomeText(of: FeedOutcome): string {
  if (of.outcome === 'failed') return `${of.id}: failed. ${printable(of.message)}`;
  if (of.outcome === 'unchanged') return `${of.id}: nothing new.`;
  const { entries = 0, added = 0, changed = 0, removed = 0, leftOut = 0 } = of;
  const counts = `${entries} entries: ${added} added, ${changed} changed, ${removed} removed`;
  return `${of.id}: ${counts}${leftOut === 0 ? '' : `, ${leftOut} documents left out ("sphinx feeds status ${of.id}")`}.`;
}

function previousText({ files, from, fetchedMs }: FeedVersionView): string {
  return files === 0 ? 'an empty feed' : `${printable(from)} of ${new Date(fetchedMs).toISOString().slice(0, 16)}`;
}

function ageText(since: number | null, now: number): string {
  if (since === null) return '-';
  const hours = Math.max(0, (now - since) / 3_600_000);
  return hours < 48 ? `${Math.floor(hours)} h` : `${Math.floor(hours / 24)} d`;
}
