import type { AssociateBody } from './association.ts';
import type { AcceptedContext, AssociateAccept, AssociateRequest } from './types.ts';
import { sopClassName, transferSyntaxName } from './uids.ts';

// A device proposes the same whenever it calls, and is answered alike: its record is made once.

const ACCEPTANCE = 0;
const CONTEXT_RESULTS = [
  'acceptance',
  'user rejection',
  'no reason given',
  'abstract syntax not supported',
  'transfer syntaxes not supported',
];

const requests = new WeakMap<AssociateBody, AssociateRequest>();
/** By the answer, then by what it answers. */
const agreements = new WeakMap<AssociateBody, WeakMap<object, Agreement>>();
const NOT_SEEN = {};

/** What an A-ASSOCIATE-AC agrees to. */
export interface Agreement {
  readonly record: AssociateAccept;
  /** UIDs of the accepted SOP classes, where the request was seen. */
  readonly abstractSyntaxes: readonly string[];
  /** UID of the transfer syntax by presentation context. */
  readonly transferSyntaxes: ReadonlyMap<number, string>;
}

/** @returns the same record for the same body */
export function requestRecord(request: AssociateBody): AssociateRequest {
  const known = requests.get(request);
  if (known !== undefined) return known;
  const { proposed, accepted: _accepted, ...association } = request;
  const record = { protocol: 'dicom', activity: 'associate-request', ...association, contexts: proposed } as const;
  requests.set(request, record);
  return record;
}

/** @param request undefined when it was not seen. @returns the same for the same bodies */
export function agreementOf(request: AssociateBody | undefined, accept: AssociateBody): Agreement {
  let known = agreements.get(accept);
  if (known === undefined) {
    known = new WeakMap();
    agreements.set(accept, known);
  }
  let agreement = known.get(request ?? NOT_SEEN);
  if (agreement === undefined) {
    agreement = agree(request, accept);
    known.set(request ?? NOT_SEEN, agreement);
  }
  return agreement;
}

function agree(request: AssociateBody | undefined, accept: AssociateBody): Agreement {
  const { proposed: _proposed, accepted, ...association } = accept;
  const inUse = accepted.filter(({ result }) => result === ACCEPTANCE);
  const asked = new Map(request?.proposed.map(({ id, abstractSyntax }) => [id, abstractSyntax]));
  const abstractSyntaxes = inUse.map(({ id }) => asked.get(id)).filter((uid) => uid !== undefined);
  const record: AssociateAccept = {
    protocol: 'dicom',
    activity: 'associate-accept',
    ...association,
    contexts: accepted,
    sopClasses: unique(abstractSyntaxes.map(sopClassName)),
    transferSyntaxes: unique(inUse.map(({ transferSyntax }) => transferSyntaxName(transferSyntax))),
    isCalledAeTitleUnchecked: request !== undefined && request.calledAeTitle !== association.calledAeTitle,
    isUserIdentityIgnored: request?.isUserIdentityAnswerRequested === true && !association.isUserIdentityConfirmed,
    refusals: refusalsOf(accepted, asked),
  };
  return {
    record,
    abstractSyntaxes,
    transferSyntaxes: new Map(inUse.map(({ id, transferSyntax }) => [id, transferSyntax])),
  };
}

/** PS3.8 §9.3.3.2: result of each presentation context. */
function refusalsOf(contexts: readonly AcceptedContext[], asked: ReadonlyMap<number, string>): readonly string[] {
  const refused = contexts.filter(({ result }) => result !== ACCEPTANCE);
  const named = refused.map(({ id, result }) => {
    const reason = CONTEXT_RESULTS[result] ?? `result ${result}`;
    return `${sopClassName(asked.get(id) ?? '')}: ${reason}`;
  });
  return unique(named);
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
