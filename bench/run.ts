import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// `npm run bench -- NAME [arguments]` runs bench/NAME.ts. A benchmark ends with its figures as one line of JSON.

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'run.ts')
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();

function main([name, ...rest]: readonly string[]): number {
  const usage = `Usage: npm run bench -- NAME [arguments]\nBenchmarks: ${names.join(', ')}\n`;
  if (name === undefined || name === '--help' || name === '-h') {
    process.stdout.write(usage);
    return name === undefined ? 2 : 0;
  }
  if (!names.includes(name)) {
    process.stderr.write(`There is no benchmark '${name}'.\n${usage}`);
    return 2;
  }
  const { status } = spawnSync(process.execPath, [`${FOLDER}${name}.ts`, ...rest], { stdio: 'inherit' });
  return status ?? 1;
}

process.exitCode = main(process.argv.slice(2));
