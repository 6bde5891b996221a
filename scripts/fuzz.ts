import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

const HELP = `Runs the property tests with cases that were never tried, until one fails.

npm run fuzz -- [PATHS…] [--times N] [--seed N]

  PATHS     tests to run, all of pure functions when none is given
  --times   how often, 10 when not given
  --seed    of the first run, to see a failure again

Example: npm run fuzz -- packages/wire --times 50`;
const MAXIMUM_SEED = 0x7fff_ffff;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { times: { type: 'string', default: '10' }, seed: { type: 'string' }, help: { type: 'boolean' } },
});
if (values.help) {
  console.log(HELP);
} else {
  process.exitCode = fuzz(
    positionals,
    Number(values.times),
    values.seed === undefined ? undefined : Number(values.seed),
  );
}

/** @returns 0 when every run passed, 1 when one failed, 2 for arguments that can't be used */
function fuzz(paths: readonly string[], times: number, firstSeed: number | undefined): number {
  if (!Number.isSafeInteger(times) || times < 1) return complain('--times must be a whole number from 1.');
  if (firstSeed !== undefined && !Number.isSafeInteger(firstSeed)) return complain('--seed must be a whole number.');
  const tests = paths.length === 0 ? ['--project', 'pure'] : [...paths];
  for (let run = 1; run <= times; run++) {
    const seed = run === 1 && firstSeed !== undefined ? firstSeed : randomInt(MAXIMUM_SEED);
    const { status } = spawnSync('vitest', ['run', '--reporter=agent', ...tests], {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, SPHINX_PROPERTY_SEED: String(seed) },
    });
    if (status !== 0)
      return complain(`Run ${run} failed. See it again: npm run fuzz -- ${paths.join(' ')} --seed ${seed}`, 1);
    console.log(`run ${run} of ${times} passed (seed ${seed})`);
  }
  return 0;
}

function complain(message: string, code = 2): number {
  console.error(message);
  return code;
}
