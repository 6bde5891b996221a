import { Presets, SingleBar } from 'cli-progress';
import { printable } from './table.ts';

/** Work that is done so soon after the start of the process shows no bar. */
const SHOW_AFTER_MS = 1000;

export interface Progress {
  /** @param fraction 0 to 1 */
  readonly update: (fraction: number, message: string) => void;
  readonly done: () => void;
}

/**
 * A progress bar on the terminal for anything over a second; nothing at all when the output is piped.
 *
 * @param options.now milliseconds since the start of the process
 */
export function createProgress(
  title: string,
  { stream = process.stderr, now = () => performance.now() }: { stream?: NodeJS.WriteStream; now?: () => number } = {},
): Progress {
  if (stream.isTTY !== true) return { update() {}, done() {} };
  const bar = new SingleBar(
    { format: `${title} {bar} {percentage}%  {message}`, hideCursor: true, clearOnComplete: true, stream },
    Presets.shades_classic,
  );
  let latest = { fraction: 0, message: '' };
  let isShown = false;
  const show = () => {
    if (!isShown) bar.start(1, latest.fraction, { message: latest.message });
    isShown = true;
    bar.update(latest.fraction, { message: latest.message });
  };
  // Also for work that says nothing for a while.
  const timer = setTimeout(show, Math.max(0, SHOW_AFTER_MS - now()));
  return {
    update(fraction, message) {
      latest = { fraction, message: printable(message) };
      if (isShown || now() >= SHOW_AFTER_MS) show();
    },
    done() {
      clearTimeout(timer);
      if (isShown) bar.stop();
    },
  };
}
