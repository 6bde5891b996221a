import { printable } from './table.ts';

interface Head {
  readonly sequence: number;
  readonly hash: string;
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
}

/** Answer of `GET /log-archive`. */
export interface LogArchiveState {
  readonly folder: string;
  readonly keyId: string;
  readonly head: Head | null;
  readonly segments: number;
  readonly lines: number;
  readonly sizeBytes: number;
  readonly dropped: { readonly segments: number; readonly lines: number };
  readonly lost: number;
  readonly unsigned: number;
  readonly problem: string;
}

interface Check extends Omit<LogArchiveState, 'folder' | 'keyId' | 'unsigned' | 'problem'> {
  readonly isIntact: boolean;
  readonly problems: readonly string[];
  readonly remarks: readonly string[];
  readonly keyId: string | null;
  readonly isKeyTrusted: boolean;
  readonly unsigned: { readonly files: number; readonly sizeBytes: number };
}

/** @returns the state of an archive in words */
export function archiveText(state: LogArchiveState): string {
  const lines = [`Archive in ${printable(state.folder)}`, ...contentLines(state)];
  if (state.unsigned > 0) lines.push(`Kept and not signed yet: ${quantity(state.unsigned, 'line')}.`);
  lines.push(`Key ${state.keyId}`);
  if (state.problem !== '') lines.push('', printable(state.problem));
  return lines.join('\n');
}

/** @returns what a check found, in words */
export function archiveCheckText(folder: string, check: Check): string {
  if (!check.isIntact) {
    return [`The archive in ${folder} does not hold:`, ...check.problems.map((each) => `  ${printable(each)}`)].join(
      '\n',
    );
  }
  const lines = ['Whole.', ...contentLines(check), ...check.remarks.map(printable)];
  if (check.unsigned.files > 0) {
    lines.push(
      `${count(check.unsigned.sizeBytes)} bytes are gathered and not signed yet: of them nothing can be said.`,
    );
  }
  lines.push(
    check.isKeyTrusted
      ? 'Signed by a key that you brought along.'
      : `Signed by key ${check.keyId ?? ''}. Compare it with what the hospital published, or give --keys.`,
  );
  return lines.join('\n');
}

function contentLines(
  state: Pick<LogArchiveState, 'head' | 'segments' | 'lines' | 'sizeBytes' | 'dropped' | 'lost'>,
): string[] {
  const { head, segments, lines, sizeBytes, dropped, lost } = state;
  const told = [`${quantity(lines, 'line')} in ${quantity(segments, 'signed segment')}, ${count(sizeBytes)} bytes`];
  if (dropped.segments > 0) {
    told.push(
      `Dropped when their time was over: ${quantity(dropped.lines, 'line')} in ${quantity(dropped.segments, 'segment')}.`,
    );
  }
  if (lost > 0) told.push(`Could not be written: ${quantity(lost, 'line')}.`);
  if (head !== null) {
    told.push(`Signed up to ${new Date(head.time).toISOString()}, entry ${head.sequence}, hash ${head.hash}`);
  }
  return told;
}

function quantity(number: number, singular: string): string {
  return `${count(number)} ${singular}${number === 1 ? '' : 's'}`;
}

function count(number: number): string {
  return number.toLocaleString('en');
}
