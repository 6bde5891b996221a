import { latin1, utf8 } from '../../bytes/text.ts';
import type { TransactionView } from '../../inspector.ts';
import { sessionMembers } from './bodies/session-description.ts';
import { type EveMembers, present } from './eve-event.ts';

type Read = (view: TransactionView) => EveMembers;

/** What views of rooms hold that their records leave out, by room: content. */
const CONTENT: ReadonlyMap<string, Read> = new Map<string, Read>([
  [
    'sip',
    (view) => {
      const description = view.buffers['sdp.description']?.[0];
      return present({
        uri: textOf(view, 'sip.uri'),
        request_line: textOf(view, 'sip.request_line'),
        sdp: description === undefined ? undefined : sessionMembers(latin1(description)),
      });
    },
  ],
  ['snmp', (view) => present({ community: textOf(view, 'snmp.community'), vars: listOf(view, 'snmp.variables') })],
  ['tftp', (view) => present({ file: textOf(view, 'tftp.file') })],
]);

/** @returns what a side of a transaction says beside its record, as members of its event; undefined where that is nothing */
export function contentOf(view: TransactionView): EveMembers | undefined {
  return view.frame === undefined ? CONTENT.get(view.protocol)?.(view) : undefined;
}

function textOf({ buffers }: TransactionView, name: string): string | undefined {
  const [first] = buffers[name] ?? [];
  return first === undefined ? undefined : utf8(first);
}

function listOf({ buffers }: TransactionView, name: string): readonly string[] {
  return (buffers[name] ?? []).map(utf8);
}
