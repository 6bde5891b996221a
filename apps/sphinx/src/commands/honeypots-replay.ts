import { setTimeout as pause } from 'node:timers/promises';

/** Nobody wants to watch somebody think. */
const LONGEST_PAUSE_S = 2;
const MS_PER_SECOND = 1000;
const ESCAPE = '\u{1b}';
/** Sequences that colour text or move the cursor (ECMA-48 §5.4): letters that do no more than that. */
const HARMLESS = /^\[[0-9;]{0,20}[A-HJKmsu]/;

/**
 * Shows frames of an asciicast on this terminal.
 *
 * @param lines frames as JSON, without the head
 * @param speed times as fast as it was
 */
export async function replayOnTerminal(lines: readonly string[], speed: number): Promise<void> {
  let before = 0;
  for (const line of lines) {
    const [time, kind, text] = JSON.parse(line) as [number, string, string];
    if (kind !== 'o') continue;
    const factor = Number.isFinite(speed) && speed > 0 ? speed : 1;
    await pause((Math.min(time - before, LONGEST_PAUSE_S) * MS_PER_SECOND) / factor);
    before = time;
    process.stdout.write(harmless(text));
  }
  process.stdout.write('\n');
}

/** What a stranger had echoed must not steer the terminal of whoever looks at it. */
function harmless(text: string): string {
  const pieces = text.split(ESCAPE);
  const [first = '', ...rest] = pieces.map((piece) => piece.replace(/(?![\r\n\t\b])\p{Cc}/gu, '�'));
  return first + rest.map((piece) => (HARMLESS.test(piece) ? ESCAPE : '�') + piece).join('');
}
