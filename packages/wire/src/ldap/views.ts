import { ByteCursor } from '../bytes/byte-cursor.ts';
import { latin1 } from '../bytes/text.ts';
import type { TransactionView } from '../inspector.ts';
import { berInteger, readBer } from '../snmp/ber.ts';
import { transactionView } from '../transaction-view.ts';

const OPERATION = 0x1f;
/** Operations by their application tag (RFC 4511 §4.2 to §4.14). */
const BIND_REQUEST = 0;
const SEARCH_ENTRY = 4;
const DELETE_REQUEST = 10;
/** Requests that begin with the name of an entry: search, modify, add, change of name, comparison. */
const NAMED_REQUESTS = new Set([3, 6, 8, 12, 14]);
/** Answers with a result code: of bind, search, modify, add, delete, change of name, comparison, extended operation. */
const RESULTS = new Set([1, 5, 7, 9, 11, 13, 15, 24]);
const REQUESTS = new Set([...NAMED_REQUESTS, BIND_REQUEST, 2, DELETE_REQUEST, 16, 23]);

/** What rules see of an LDAP message: its operation, the name of the entry, and of an answer its result. */
export function ldapView(bytes: Uint8Array): TransactionView | undefined {
  const message = readBer(new ByteCursor(bytes));
  if (message === undefined || berInteger(readBer(message.content)) === undefined) return undefined;
  const operation = readBer(message.content);
  if (operation === undefined) return undefined;
  const { content } = operation;
  const tag = operation.tag & OPERATION;
  if (REQUESTS.has(tag)) {
    return transactionView('ldap', { 'ldap.request.dn': requestName(tag, content) }, { 'ldap.request.operation': tag });
  }
  const numbers = { 'ldap.responses.operation': tag };
  if (tag === SEARCH_ENTRY) return transactionView('ldap', { 'ldap.responses.dn': nextText(content) }, numbers);
  if (!RESULTS.has(tag)) return transactionView('ldap', {}, numbers);
  const code = readBer(content)?.content.uint8();
  const texts = { 'ldap.responses.dn': nextText(content), 'ldap.responses.message': nextText(content) };
  return transactionView('ldap', texts, { ...numbers, 'ldap.responses.result_code': code });
}

function requestName(tag: number, content: ByteCursor): string {
  if (tag === DELETE_REQUEST) return latin1(content.slice(content.remaining));
  if (tag === BIND_REQUEST) readBer(content);
  return tag === BIND_REQUEST || NAMED_REQUESTS.has(tag) ? nextText(content) : '';
}

function nextText(content: ByteCursor): string {
  const value = readBer(content)?.content;
  return value === undefined ? '' : latin1(value.slice(value.remaining));
}
