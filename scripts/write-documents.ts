import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { renderActuators } from './documents/actuators.ts';
import { renderFingerprints } from './documents/fingerprints.ts';
import { renderProtocols } from './documents/protocols.ts';
import { renderSigma } from './documents/sigma.ts';

// `npm run documents` writes the documents that follow from the code.

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const RENDERERS: Readonly<Record<string, () => string>> = {
  'docs/actuators.md': renderActuators,
  'docs/fingerprints.md': renderFingerprints,
  'docs/protocols.md': renderProtocols,
  'docs/sigma-reference.md': renderSigma,
};

/** @returns path from the root of the project → text, in the form of the formatter. @throws Error where that refuses it */
export function generatedDocuments(): ReadonlyMap<string, string> {
  return new Map(Object.entries(RENDERERS).map(([path, render]) => [path, format(path, `${render()}\n`)]));
}

function format(path: string, text: string): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [fileURLToPath(import.meta.resolve('@biomejs/biome/bin/biome')), 'format', `--stdin-file-path=${path}`],
    { cwd: ROOT, input: text, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${path} cannot be formatted: ${stderr}`);
  return stdout;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of generatedDocuments()) writeFileSync(ROOT + path, text);
}
