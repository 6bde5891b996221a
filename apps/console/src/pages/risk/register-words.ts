import type { Consequence } from './register-queries.ts';

export const CONCERN_WORDS: Readonly<Record<string, string>> = {
  'exceeds-appetite': 'above the appetite',
  'acceptance-expired': 'acceptance has ended',
  'acceptance-missing': 'nobody has accepted it',
  'review-overdue': 'review overdue',
  gone: 'what it is about is gone',
};

export const CONSEQUENCE_WORDS: Readonly<Record<Consequence, string>> = {
  safety: 'Safety of patients',
  care: 'Continuity of care',
  confidentiality: 'Confidentiality',
  integrity: 'Integrity of data',
  compliance: 'Compliance',
  money: 'Money',
};

/** @returns 2026-11-30, as date fields have it; empty without a time */
export function dayText(time: number | null): string {
  return time === null ? '' : new Date(time).toISOString().slice(0, 10);
}

/** @param day as a date field gives it @returns null where none is given */
export function timeOf(day: string): number | null {
  return day === '' ? null : Date.parse(`${day}T00:00:00Z`);
}

/** An amount, rounded to two digits: more would be pretence. */
export function amount(value: number, currency: string): string {
  return `${currency} ${Number(value.toPrecision(2)).toLocaleString('en')}`;
}
