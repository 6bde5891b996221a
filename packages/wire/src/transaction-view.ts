import type { TransactionView } from './inspector.ts';

/** Values of a view as text; Latin-1, so that bytes of the wire come through unchanged. Empty ones are left out. */
export type ViewText = Readonly<Record<string, string | readonly string[] | undefined>>;
/** Values of a view as numbers; undefined ones are left out. */
export type ViewNumbers = Readonly<Record<string, number | readonly number[] | undefined>>;

/** Builds a transaction view; the names of `text` and `numbers` are the names of rule keywords. */
export function transactionView(
  protocol: string,
  text: ViewText,
  numbers: ViewNumbers = {},
  events: readonly string[] = [],
): TransactionView {
  const buffers: Record<string, readonly Uint8Array[]> = {};
  for (const name in text) {
    const value = text[name];
    if (value === undefined || value === '') continue;
    const values = typeof value === 'string' ? [latin1(value)] : value.filter((one) => one !== '').map(latin1);
    if (values.length > 0) buffers[name] = values;
  }
  const present: Record<string, readonly number[]> = {};
  for (const name in numbers) {
    const value = numbers[name];
    if (value !== undefined) present[name] = typeof value === 'number' ? [value] : value;
  }
  return { protocol, buffers, numbers: present, events };
}

/** Bytes from Node's pool: a view has dozens of short values. */
function latin1(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}
