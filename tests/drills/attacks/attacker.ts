import { setTimeout as pause } from 'node:timers/promises';
import { findDrill } from './all.ts';

// Runs on the attacker's machine: `node attacker.ts DRILL`. A line of JSON for each step: when it began, and whether it got
// through. Ends with the course of the attack.

const STEP_LIMIT_MS = 4000;

const drill = findDrill(process.argv[2] ?? '');
for (let number = 0; number < drill.steps; number += 1) {
  const at = Date.now();
  let why = '';
  const ok = await Promise.race([
    drill.step(number).catch((error: unknown) => {
      why = String(error).slice(0, 200);
      return false;
    }),
    pause(STEP_LIMIT_MS, false),
  ]);
  process.stdout.write(`${JSON.stringify({ at, ms: Date.now() - at, ok, why })}\n`);
  await pause(Math.max(0, drill.everyMs - (Date.now() - at)));
}
process.exit();
