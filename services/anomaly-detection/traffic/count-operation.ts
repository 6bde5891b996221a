import type { HostWindow } from './host-window.ts';
import type { MeasureId } from './measures.ts';
import type { Operation } from './operation.ts';

/** Names that are asked for by rule: addresses backwards, and names of the own network. */
const NO_DOMAIN = /(?:^|\.)(?:in-addr\.arpa|ip6\.arpa|local|lan|localdomain|home\.arpa|internal|corp)$/;
/** A second level such as `co.uk`, below which others register. */
const SHORT_LABEL = 3;

/** A top level is letters alone, or begins as those do that stand for other scripts (RFC 3696 §2, RFC 5890 §2.3.2.1). */
const TOP_LEVEL = /^(?:[a-z]{2,24}|xn--[a-z0-9-]{2,59})$/;
/** Tunnels straight to a server of their own need no domain. */
const NO_TOP_LEVEL = 'no registered domain';

/** Adds what a record says to the hour of the host that asked. @param isOrdinary whether files of this ending are usual here */
export function countOperation(
  window: HostWindow,
  operation: Operation,
  isOrdinary: (ending: string) => boolean,
  raised: (measure: MeasureId) => void,
): void {
  switch (operation.kind) {
    case 'count':
      if (operation.detail === '') window.add(operation.measure, 1);
      else window.addFor(operation.measure, operation.detail, 1);
      raised(operation.measure);
      break;
    case 'file-written':
      window.add('files-written', 1);
      raised('files-written');
      if (operation.ending === '' || isOrdinary(operation.ending)) break;
      if (window.addFor('files-renamed-kind', `.${operation.ending}`, 1)) raised('files-renamed-kind');
      break;
    default:
      countName(window, operation, raised);
  }
}

function countName(
  window: HostWindow,
  { name, isMissing }: { readonly name: string; readonly isMissing: boolean },
  raised: (measure: MeasureId) => void,
): void {
  const lower = name.toLowerCase();
  if (NO_DOMAIN.test(lower)) return;
  const domain = registeredDomain(lower);
  if (domain === undefined) return;
  const below = domain === NO_TOP_LEVEL ? lower.length : lower.length - domain.length - 1;
  if (below > 0 && window.addToGroup('dns-name-bytes', domain, hashOf(lower), below)) raised('dns-name-bytes');
  if (isMissing && window.addMember('failed-names', hashOf(lower)) > 0) raised('failed-names');
}

/** @returns the part of a name that somebody has registered, as far as its form tells; undefined for a single label */
export function registeredDomain(name: string): string | undefined {
  const end = name.endsWith('.') ? name.length - 1 : name.length;
  const last = name.lastIndexOf('.', end - 1);
  if (last <= 0) return undefined;
  if (!TOP_LEVEL.test(name.slice(last + 1, end))) return NO_TOP_LEVEL;
  const second = name.lastIndexOf('.', last - 1);
  if (second <= 0) return second === 0 ? undefined : name.slice(0, end);
  const isPublic = end - last - 1 === 2 && last - second - 1 <= SHORT_LABEL;
  if (!isPublic) return name.slice(second + 1, end);
  const third = name.lastIndexOf('.', second - 1);
  return name.slice(third + 1, end);
}

/** FNV-1a, 32 bits: names themselves need not be kept to be told apart. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
