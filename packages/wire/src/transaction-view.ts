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
  for (const [name, value] of Object.entries(text)) {
    const values = (typeof value === 'string' ? [value] : (value ?? [])).filter((one) => one !== '');
    if (values.length > 0) buffers[name] = values.map((one) => new Uint8Array(Buffer.from(one, 'latin1')));
  }
  const present: Record<string, readonly number[]> = {};
  for (const [name, value] of Object.entries(numbers)) {
    if (value !== undefined) present[name] = typeof value === 'number' ? [value] : value;
  }
  return { protocol, buffers, numbers: present, events };
}
