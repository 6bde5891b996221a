import type { Pop3Detail } from '../../../pop3/types.ts';
import { type EveBody, present } from '../eve-event.ts';

/** A command with its answer; arguments and words are content, for they name who reads, and mail. */
export function pop3Body({ asked, isGood, header, lines }: Pop3Detail, withContent: boolean): EveBody {
  const request =
    asked === undefined ? undefined : { command: asked.command, ...(withContent ? { args: asked.arguments } : {}) };
  const response = {
    success: isGood,
    status: isGood ? 'OK' : 'ERR',
    ...(withContent ? { header, data: lines } : {}),
  };
  return { type: 'pop3', members: present({ request, response }) };
}
