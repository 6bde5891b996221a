import type { Playbook, Step } from '@sphinx/playbooks';
import { OpenC2Command } from '@sphinx/response';
import type { Values } from './condition.ts';

/** A command of a step, made ready: for an actuator, or for a person with the reason why. */
export type ReadCommand =
  | { readonly kind: 'openc2'; readonly title: string; readonly command: OpenC2Command }
  | { readonly kind: 'person'; readonly title: string; readonly text: string; readonly because: string };

type Command = NonNullable<Step['commands']>[number];

/** A playbook that cuts off more devices with one command is not one that a person oversees. */
const MOST_TARGETS = 200;
const VARIABLE = /\$?\$?(__[A-Za-z][\w-]*__)(?::value)?(?:\$\$)?/g;
/** Parts of targets that may be named several at once, parted by commas. */
const LISTED = new Set(['device_id', 'ipv4_net', 'ipv6_net', 'mac_addr', 'domain_name', 'name', 'account', 'device']);

/**
 * Makes the commands of a step ready: puts the values of variables in, and reads OpenC2. A value that names several things, parted
 * by commas, becomes several commands.
 */
export function readCommands(step: Step, values: Values): readonly ReadCommand[] {
  const stepTitle = step.name ?? step.description ?? 'Action';
  return (step.commands ?? []).flatMap((command) => readCommand(command, command.description ?? stepTitle, values));
}

function readCommand(command: Command, title: string, values: Values): readonly ReadCommand[] {
  const text = fill(textOf(command), values).text;
  if (command.type === 'manual') return [{ kind: 'person', title, text, because: '' }];
  const person = (because: string): ReadCommand[] => [
    { kind: 'person', title, text: text === '' ? title : text, because },
  ];
  if (command.type !== 'openc2-http') {
    return person(`SPHINX carries out commands of OpenC2; this one is of the type "${command.type}".`);
  }
  const parsed = parseJson(Buffer.from(command.content_b64 ?? '', 'base64').toString('utf8'));
  if (parsed === undefined) return person('Its OpenC2 command is not JSON.');
  const missing = new Set<string>();
  const all = expand(parsed).slice(0, MOST_TARGETS);
  function expand(value: unknown): readonly unknown[] {
    return variants(value, '', values, missing);
  }
  if (missing.size > 0) {
    const names = [...missing].sort().join(', ');
    return person(`Nobody said what ${names} ${missing.size === 1 ? 'is' : 'are'}.`);
  }
  const commands = all.map((each) => OpenC2Command.safeParse(each));
  const problem = commands.find(({ success }) => !success)?.error?.issues[0]?.message;
  if (problem !== undefined) return person(`Its OpenC2 command does not fit: ${problem}.`);
  return commands.flatMap(({ data }) =>
    data === undefined ? [] : [{ kind: 'openc2' as const, title, command: data }],
  );
}

function textOf({ command, command_b64, description, type }: Command): string {
  if (command_b64 !== undefined) return Buffer.from(command_b64, 'base64').toString('utf8');
  return (type === 'openc2-http' ? description : command) ?? description ?? '';
}

/** @returns the text with the values of variables in it, and the names of those without a value */
export function fill(text: string, values: Values): { readonly text: string; readonly missing: readonly string[] } {
  const missing: string[] = [];
  const filled = text.replace(VARIABLE, (whole, name: string) => {
    const value = values[name];
    if (value === undefined || value === '') missing.push(name);
    return value === undefined || value === '' ? whole : value;
  });
  return { text: filled, missing };
}

/** Every way to put values in; one value more than once where it lists several. */
function variants(value: unknown, key: string, values: Values, missing: Set<string>): readonly unknown[] {
  if (typeof value === 'string') {
    const filled = fill(value, values);
    for (const name of filled.missing) missing.add(name);
    const isListed = LISTED.has(key) && filled.text !== value && filled.text.includes(',');
    return isListed
      ? [...new Set(filled.text.split(',').map((part) => part.trim()))].filter((part) => part !== '')
      : [filled.text];
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [value];
  let all: readonly Record<string, unknown>[] = [{}];
  for (const [name, part] of Object.entries(value)) {
    const options = variants(part, name, values, missing);
    all = all.flatMap((each) => options.map((option) => ({ ...each, [name]: option }))).slice(0, MOST_TARGETS);
  }
  return all;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @returns the values that a playbook brings, with what a person gave over them; constants stay as they are (CACAO 2.0 §10.18) */
export function valuesOf(playbook: Playbook, given: Values): Values {
  const values: Record<string, string> = {};
  for (const [name, { value, constant }] of Object.entries(playbook.playbook_variables ?? {})) {
    const own = typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);
    values[name] = constant === true ? own : (given[name] ?? own);
  }
  return { ...given, ...values };
}

/** @returns variables that have to be given before it can be carried out, and are not */
export function missingVariables(playbook: Playbook, values: Values): readonly string[] {
  return Object.entries(playbook.playbook_variables ?? {})
    .filter(([name, { external }]) => external === true && (values[name] ?? '') === '' && name !== CONSUMER)
    .map(([name]) => name);
}

/** Where OpenC2 commands go: SPHINX is the consumer itself. */
const CONSUMER = '__openc2_consumer__';
