import { SphinxError } from '@sphinx/platform';
import type { Playbook } from '@sphinx/playbooks';
import type { Subject, TouchedAsset } from '../subjects/subject.ts';

/** A variable of a playbook that somebody has to say, or may. */
export interface CourseVariable {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  /** What it is without more ado: from the subject where it is plain there, else the playbook's own; null where nobody knows. */
  readonly value: string | null;
  readonly isConstant: boolean;
}

const LONGEST = 1000;
/** Who takes commands for machines: SPHINX itself, which knows where it is. */
const OPENC2_CONSUMER = '__openc2_consumer__';

/** @param assets of the subject, as the inventory knows them @returns in the order of the playbook; those that steps set themselves are left out */
export function variablesOf(
  { playbook_variables = {} }: Playbook,
  subject: Subject,
  assets: readonly TouchedAsset[],
): readonly CourseVariable[] {
  const plain = plainValues(subject, assets);
  return Object.entries(playbook_variables)
    .filter(([name, { external }]) => external === true && name !== OPENC2_CONSUMER)
    .map(([name, { type, description = '', value, constant = false }]) => {
      const own = typeof value === 'string' ? value : null;
      return { name, type, description, value: constant ? own : (plain.get(name) ?? own), isConstant: constant };
    });
}

/** @throws SphinxError SPX_INVALID_INPUT for a variable that the playbook does not ask for, or that is constant */
export function settledVariables(
  asked: readonly CourseVariable[],
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const known = new Map(asked.map((variable) => [variable.name, variable]));
  for (const name of Object.keys(given)) {
    const names = [...known.keys()].join(', ') || 'none';
    if (!known.has(name)) {
      throw new SphinxError('SPX_INVALID_INPUT', `The course asks for no variable "${name}". It has: ${names}.`);
    }
    if (known.get(name)?.isConstant === true) {
      throw new SphinxError('SPX_INVALID_INPUT', `"${name}" is constant in the playbook and is not given.`);
    }
  }
  return Object.fromEntries(
    asked.flatMap(({ name, value }) => {
      const text = (given[name] ?? value ?? '').trim().slice(0, LONGEST);
      return text === '' ? [] : [[name, text]];
    }),
  );
}

/** Where there is one thing only that a variable can mean. Names are those of the playbooks that SPHINX brings. */
function plainValues({ addresses, users }: Subject, assets: readonly TouchedAsset[]): ReadonlyMap<string, string> {
  const ips = assets.flatMap((asset) => asset.ips);
  const only = { __device_ip__: ips, __hostile_address__: addresses, __account__: users };
  return new Map(
    Object.entries(only).flatMap(([name, values]) => {
      const [value, ...others] = new Set(values);
      return value === undefined || others.length > 0 ? [] : [[name, value]];
    }),
  );
}
