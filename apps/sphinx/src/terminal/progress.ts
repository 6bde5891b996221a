import { Presets, SingleBar } from 'cli-progress';

/** Work shorter than this shows no bar. */
const SHOW_AFTER_MS = 1000;

export interface Progress {
  /** @param fraction 0 to 1 */
  update(fraction: number, message: string): void;
  done(): void;
}

/** A progress bar on the terminal for anything over a second; nothing at all when the output is piped. */
export function createProgress(title: string, stream: NodeJS.WriteStream = process.stderr): Progress {
  if (stream.isTTY !== true) return { update() {}, done() {} };
  const startedAt = performance.now();
  const bar = new SingleBar(
    { format: `${title} {bar} {percentage}%  {message}`, hideCursor: true, clearOnComplete: true, stream },
    Presets.shades_classic,
  );
  let isShown = false;
  return {
    update(fraction, message) {
      if (!isShown && performance.now() - startedAt < SHOW_AFTER_MS) return;
      if (!isShown) bar.start(1, 0, { message });
      isShown = true;
      bar.update(fraction, { message });
    },
    done() {
      if (isShown) bar.stop();
    },
  };
}
