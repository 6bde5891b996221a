import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ActuatorError, type ActuatorKind, type Capability } from '@sphinx/response';
import { z } from 'zod';

/** Told before and after everything that the actuator does; a test ends the program there. */
export type Moment = (name: string) => Promise<void> | void;

const CAPABILITIES: readonly Capability[] = [
  { action: 'contain', target: 'device', isReversible: true },
  { action: 'deny', target: 'ipv4_net', isReversible: true },
  { action: 'set', target: 'x-sphinx:account', isReversible: true },
];

/**
 * A firewall of which each rule is a file: a real thing outside the program, whose state outlives it. Its journal has a line for
 * each change that was really made.
 *
 * @param moment told of each moment
 */
export function fileActuator(moment: Moment = () => undefined): ActuatorKind {
  const settings = z.object({ folder: z.string(), fails: z.enum(['never', 'always']).default('never') });
  const kind: ActuatorKind<typeof settings> = {
    type: 'file',
    title: 'Rules as files',
    description: 'For tests.',
    proof: 'real',
    triedWith: 'the file system',
    capabilities: CAPABILITIES,
    settings,
    open(id, { folder, fails }) {
      const ruleOf = (command: string) => join(folder, `${command}.rule`);
      const note = (text: string) => writeFile(join(folder, 'journal'), `${text}\n`, { flag: 'a' });
      return {
        id,
        type: 'file',
        capabilities: CAPABILITIES,
        async prepare({ addresses, command }) {
          await moment('prepare');
          return {
            effects: [`drop ${addresses.join(', ') || JSON.stringify(command.target)}`],
            before: { wasThere: false },
            isReversible: true,
          };
        },
        async apply(command) {
          await moment('before apply');
          if (fails === 'always') throw new ActuatorError('The firewall says no.');
          await mkdir(folder, { recursive: true });
          const there = await readdir(folder);
          if (!there.includes(`${command.id}.rule`)) {
            await writeFile(ruleOf(command.id), JSON.stringify(command.keptFlows));
            await note(`apply ${command.id}`);
          }
          await moment('after apply');
          return { summary: 'The rule is there.', result: null };
        },
        async undo(command) {
          await moment('before undo');
          const there = await readdir(folder).catch(() => [] as string[]);
          if (there.includes(`${command.id}.rule`)) {
            await rm(ruleOf(command.id));
            await note(`undo ${command.id}`);
          }
          await moment('after undo');
          return { summary: 'The rule is gone.', result: null };
        },
        verify: async ({ id: command }) =>
          (await readdir(folder).catch(() => [] as string[])).includes(`${command}.rule`) ? 'in-force' : 'absent',
        check: async () => ({ isReady: true, message: 'The folder can be written.' }),
      };
    },
  };
  return kind as unknown as ActuatorKind;
}

/** What stands in a folder of rules: rules in force, and each change that was made. */
export async function rulesIn(
  folder: string,
): Promise<{ readonly rules: number; readonly journal: readonly string[] }> {
  const names = await readdir(folder).catch(() => [] as string[]);
  const text = await readFile(join(folder, 'journal'), 'utf8').catch(() => '');
  return {
    rules: names.filter((name) => name.endsWith('.rule')).length,
    journal: text.split('\n').filter((line) => line !== ''),
  };
}
