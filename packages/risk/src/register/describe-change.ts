import type { RegisterEntry } from './register-entry.ts';

const SHORT: readonly (readonly [keyof RegisterEntry, string])[] = [
  ['title', 'title'],
  ['owner', 'owner'],
  ['treatment', 'treatment'],
  ['consequence', 'consequence'],
];
const LONG: readonly (readonly [keyof RegisterEntry, string])[] = [
  ['description', 'the description'],
  ['plan', 'the plan'],
  ['links', 'what it is linked with'],
  ['stated', 'the stated likelihood and harm'],
  ['money', 'the figures of money'],
];

/** @returns what is different, in words; empty where nothing is */
export function describeChange(before: RegisterEntry, now: RegisterEntry): string {
  const short = SHORT.flatMap(([key, name]) =>
    before[key] === now[key] ? [] : [`${name} ${String(before[key])} → ${String(now[key])}`],
  );
  const review = before.reviewAt === now.reviewAt ? [] : [`review ${dayOf(before.reviewAt)} → ${dayOf(now.reviewAt)}`];
  const long = LONG.flatMap(([key, name]) =>
    JSON.stringify(before[key]) === JSON.stringify(now[key]) ? [] : [`${name} changed`],
  );
  return [...short, ...review, ...long].join('; ');
}

function dayOf(time: number | null): string {
  return time === null ? 'none' : new Date(time).toISOString().slice(0, 10);
}
