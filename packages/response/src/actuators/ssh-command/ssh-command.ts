import { z } from 'zod';
import type {
  ActionOutcome,
  Actuator,
  ActuatorCommand,
  ActuatorContext,
  ActuatorKind,
  Capability,
  Preparation,
} from '../../contract/actuator.ts';
import { type Machine, machineOf, runOrFail } from '../../means/machine.ts';
import { SshTarget } from '../../means/ssh.ts';
import { CommandTemplate, capabilitiesOf, fillIn, templateFor } from './command-template.ts';

const SshCommandSettings = z.strictObject({
  ssh: SshTarget,
  commands: z.array(CommandTemplate).min(1).describe('All that may be run there'),
});
type SshCommandSettings = z.infer<typeof SshCommandSettings>;

const CAPABILITIES: readonly Capability[] = [
  { action: 'stop', target: 'x-sphinx:service', isReversible: true },
  { action: 'start', target: 'x-sphinx:service', isReversible: true },
  { action: 'restart', target: 'x-sphinx:service', isReversible: false },
  { action: 'stop', target: 'process', isReversible: false },
  { action: 'deny', target: 'file', isReversible: true },
  { action: 'delete', target: 'x-sphinx:sessions', isReversible: false },
  { action: 'scan', target: 'device', isReversible: false },
];

/** Commands of the hospital's own on another machine. */
export const sshCommand: ActuatorKind<typeof SshCommandSettings> = {
  type: 'ssh-command',
  title: 'Command by SSH',
  description:
    'Runs commands that the hospital wrote into the settings: stops and starts services, ends processes, puts files into ' +
    'quarantine. Values go in as words of their own, never as text for a shell to read. The hospital prepares an account with a ' +
    'key, best with no more rights than these commands need, and enters the key of the machine. Which actions can be taken back ' +
    'follows from the settings: those with `undo`. For systemd: `systemctl stop -- {name}`, undone by `systemctl start -- ' +
    '{name}`.',
  proof: 'real',
  triedWith: 'OpenSSH 9.2',
  capabilities: CAPABILITIES,
  settings: SshCommandSettings,
  open: (id, settings, context) => new SshCommand(id, settings, context),
};

class SshCommand implements Actuator {
  readonly id: string;
  readonly type = 'ssh-command';
  readonly capabilities: readonly Capability[];
  readonly #settings: SshCommandSettings;
  readonly #machine: Machine;

  constructor(id: string, settings: SshCommandSettings, context: ActuatorContext) {
    this.id = id;
    this.capabilities = capabilitiesOf(settings.commands);
    this.#settings = settings;
    this.#machine = machineOf(settings.ssh, context);
  }

  async prepare(command: ActuatorCommand, signal: AbortSignal): Promise<Preparation> {
    const template = templateFor(this.#settings.commands, command);
    const words = fillIn(template.run, command);
    if (template.undo !== undefined) fillIn(template.undo, command);
    const wasThere = (await this.verify(command, undefined, signal)) === 'in-force';
    const { host } = this.#settings.ssh;
    const effect = wasThere ? `Nothing: it is so already on ${host}.` : `On ${host}: ${words.join(' ')}`;
    return { effects: [effect], before: { wasThere }, isReversible: template.undo !== undefined };
  }

  async apply(command: ActuatorCommand, _: Preparation, signal: AbortSignal): Promise<ActionOutcome> {
    const words = fillIn(templateFor(this.#settings.commands, command).run, command);
    const { host } = this.#settings.ssh;
    if ((await this.verify(command, undefined, signal)) === 'in-force')
      return { summary: `It was so already on ${host}.`, result: null };
    await runOrFail(this.#machine, words, signal);
    return { summary: `Ran on ${host}: ${words.join(' ')}`, result: null };
  }

  async undo(command: ActuatorCommand, { before }: Preparation, signal: AbortSignal): Promise<ActionOutcome> {
    const { undo, check } = templateFor(this.#settings.commands, command);
    const { host } = this.#settings.ssh;
    const { wasThere } = before as { wasThere: boolean };
    if (undo === undefined) return { summary: `This can't be taken back on ${host}.`, result: null };
    const isThere = check === undefined || (await this.verify(command, undefined, signal)) === 'in-force';
    if (wasThere || !isThere) return { summary: `There is nothing to take back on ${host}.`, result: null };
    const words = fillIn(undo, command);
    await runOrFail(this.#machine, words, signal);
    return { summary: `Ran on ${host}: ${words.join(' ')}`, result: null };
  }

  async verify(command: ActuatorCommand, _: Preparation | undefined, signal: AbortSignal) {
    const { check } = templateFor(this.#settings.commands, command);
    if (check === undefined) return 'unknown';
    const { status } = await this.#machine.run(fillIn(check, command), signal);
    return status === 0 ? 'in-force' : 'absent';
  }

  async check(signal: AbortSignal) {
    try {
      await runOrFail(this.#machine, ['true'], signal);
      return { isReady: true, message: `${this.#settings.ssh.host} lets ${this.#settings.ssh.user} in.` };
    } catch (error) {
      return { isReady: false, message: (error as Error).message };
    }
  }
}
