import type { Interference } from '@sphinx/playbooks';
import { type OpenC2Command, targetTypeOf } from '@sphinx/response';

/** Targets that are a device, or an address that may be one. */
const OF_DEVICES = new Set(['device', 'ipv4_net', 'ipv6_net', 'mac_addr']);

/** @returns what a command does to whatever it is about, at worst */
export function interferenceOf(command: OpenC2Command): Interference {
  const target = targetTypeOf(command);
  switch (command.action) {
    case 'query':
    case 'locate':
    case 'create':
    case 'allow':
    case 'start':
      return 'none';
    case 'scan':
    case 'investigate':
    case 'copy':
      return 'watched';
    case 'contain':
      return command.args?.['x-sphinx']?.keep === 'clinical-flows' ? 'restricted' : 'cut-off';
    case 'deny':
      return OF_DEVICES.has(target) ? 'cut-off' : 'restricted';
    case 'redirect':
      return 'restricted';
    case 'stop':
      return target === 'device' ? 'cut-off' : 'restarted';
    case 'restart':
    case 'update':
    case 'remediate':
      return 'restarted';
    case 'restore':
      return 'replaced';
    case 'set':
      return setInterference(command);
    case 'delete':
      return target === 'x-sphinx:sessions' || target === 'x-sphinx:account' ? 'account-locked' : 'replaced';
    default:
      return command.action satisfies never;
  }
}

function setInterference({ target }: OpenC2Command): Interference {
  const account = target['x-sphinx:account'];
  if (account !== undefined) return account.enabled === true ? 'none' : 'account-locked';
  return target['x-sphinx:rate-limit'] === undefined ? 'restarted' : 'restricted';
}

/** @returns a command as people read it: "contain device 10.20.3.7, clinical flows stay" */
export function commandText(command: OpenC2Command): string {
  const type = targetTypeOf(command);
  const target: unknown = command.target[type];
  const kept = command.args?.['x-sphinx']?.keep === undefined ? '' : ', clinical flows stay';
  return `${command.action} ${type.replace('x-sphinx:', '').replaceAll('_', ' ')} ${targetText(target)}${kept}`;
}

function targetText(target: unknown): string {
  if (typeof target !== 'object' || target === null) return String(target);
  return Object.values(target)
    .map((value) => (typeof value === 'object' ? targetText(value) : String(value)))
    .join(' ');
}
