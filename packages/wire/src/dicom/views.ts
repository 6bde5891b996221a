import type { TransactionView } from '../inspector.ts';
import { transactionView } from '../transaction-view.ts';
import { actionOrEvent } from './actions.ts';
import type { AssociateBody } from './association.ts';
import type { CommandSet } from './command-set.ts';
import type { DataSetFacts } from './operations.ts';
import { outcomeOf } from './status.ts';
import { serviceClassOf, sopClassName, transferSyntaxName } from './uids.ts';

/** What rules see of an association: keywords `dicom.*`, listed in docs/rules-health.md. */

/** UIDs by number and by name, so that a rule may use either. */
function withNames(uids: readonly string[], name: (uid: string) => string): readonly string[] {
  return [...new Set(uids.flatMap((uid) => [uid, name(uid)]))];
}

function ends(association: AssociateBody | undefined) {
  return { 'dicom.calling_ae': association?.callingAeTitle, 'dicom.called_ae': association?.calledAeTitle };
}

/** Service classes of PS3.4, each once. */
function servicesOf(uids: readonly string[]): readonly string[] {
  return [...new Set(uids.map(serviceClassOf))].filter((name) => name !== '');
}

export function requestView(request: AssociateBody): TransactionView {
  const syntaxes = request.proposed.flatMap(({ transferSyntaxes }) => transferSyntaxes);
  return transactionView('dicom', {
    ...ends(request),
    'dicom.implementation_uid': request.implementationClassUid,
    'dicom.implementation_version': request.implementationVersion,
    'dicom.operation': 'A-ASSOCIATE-RQ',
    'dicom.service': servicesOf(request.proposed.map(({ abstractSyntax }) => abstractSyntax)),
    'dicom.user_identity': request.userIdentity,
    'dicom.sop_class': withNames(
      request.proposed.map(({ abstractSyntax }) => abstractSyntax),
      sopClassName,
    ),
    'dicom.transfer_syntax': withNames(syntaxes, transferSyntaxName),
  });
}

export function acceptView(accept: AssociateBody, abstractSyntaxes: readonly string[]): TransactionView {
  return transactionView('dicom', {
    ...ends(accept),
    'dicom.implementation_uid': accept.implementationClassUid,
    'dicom.implementation_version': accept.implementationVersion,
    'dicom.operation': 'A-ASSOCIATE-AC',
    'dicom.result': 'accepted',
    'dicom.sop_class': withNames(abstractSyntaxes, sopClassName),
    'dicom.transfer_syntax': withNames(
      accept.accepted.map(({ transferSyntax }) => transferSyntax),
      transferSyntaxName,
    ),
  });
}

export function associationEndView(
  result: 'rejected' | 'aborted',
  reason: string,
  request: AssociateBody | undefined,
): TransactionView {
  return transactionView('dicom', {
    ...ends(request),
    'dicom.operation': result === 'rejected' ? 'A-ASSOCIATE-RJ' : 'A-ABORT',
    'dicom.result': [result, reason],
  });
}

/** One message: a command set with its data set. */
export function operationView(
  command: CommandSet,
  about: {
    readonly transferSyntax: string;
    readonly dataSetBytes: number | undefined;
    readonly facts: DataSetFacts;
    /** UID; of an answer that leaves it out that of its request. */
    readonly sopClass: string;
    readonly association: AssociateBody | undefined;
  },
): TransactionView {
  const { isResponse, operation, status } = command;
  return transactionView(
    'dicom',
    {
      ...ends(about.association),
      'dicom.operation': `${operation}-${isResponse ? 'RSP' : 'RQ'}`,
      'dicom.sop_class': withNames(about.sopClass === '' ? [] : [about.sopClass], sopClassName),
      'dicom.service': serviceClassOf(about.sopClass),
      'dicom.action': isResponse ? '' : actionOrEvent(command),
      'dicom.transfer_syntax': withNames(about.transferSyntax === '' ? [] : [about.transferSyntax], transferSyntaxName),
      'dicom.query_level': about.facts.queryLevel,
      'dicom.result': isResponse ? outcomeOf(status) : '',
    },
    {
      'dicom.status': status,
      'dicom.object_size': about.dataSetBytes,
      'dicom.failed_objects': about.facts.references.failedObjects || undefined,
    },
  );
}
