import { actionOrEvent } from './actions.ts';
import type { CommandSet } from './command-set.ts';
import { NO_REFERENCES, type References } from './references.ts';
import { isPending, outcomeOf, statusName } from './status.ts';
import type { DimseOperation, SubOperations } from './types.ts';
import { serviceClassOf, sopClassName, transferSyntaxName } from './uids.ts';

/** Operations without an answer that are remembered. */
const MAXIMUM_OPEN_OPERATIONS = 256;
const MICROS_PER_MS = 1000;
const NONE: readonly DimseOperation[] = [];

type End = 'client' | 'server';

/** What the head of a data set told. */
export interface DataSetFacts {
  readonly queryLevel: string;
  readonly references: References;
}

export const NO_FACTS: DataSetFacts = { queryLevel: '', references: NO_REFERENCES };

interface OpenOperation {
  readonly command: CommandSet;
  readonly invokedBy: End;
  readonly transferSyntax: string;
  askedMicros: number | undefined;
  firstAnswerMicros: number | undefined;
  dataSetBytes: number;
  isDataSetWhole: boolean;
  responseBytes: number;
  responses: number;
  queryLevel: string;
  references: References;
  subOperations: SubOperations | undefined;
  isCancelled: boolean;
  /** The final answer, kept until its data set has passed. */
  answer: CommandSet | undefined;
}

/** Pairs requests with answers (PS3.7 §9, §10): several may be open at a time, in both directions. */
export class Operations {
  readonly #open = new Map<number, OpenOperation>();
  readonly #now: () => number | undefined;

  /** @param now time of the packet at hand, microseconds; undefined where nobody keeps time */
  constructor(now: () => number | undefined) {
    this.#now = now;
  }

  request(command: CommandSet, invokedBy: End, transferSyntax: string): void {
    const key = keyOf(invokedBy, command.messageId);
    if (command.operation === 'C-CANCEL') {
      const operation = this.#open.get(key);
      if (operation !== undefined) operation.isCancelled = true;
      return;
    }
    if (this.#open.size >= MAXIMUM_OPEN_OPERATIONS) return;
    this.#open.set(key, {
      command,
      invokedBy,
      transferSyntax,
      askedMicros: this.#now(),
      firstAnswerMicros: undefined,
      dataSetBytes: 0,
      isDataSetWhole: !command.hasDataSet,
      responseBytes: 0,
      responses: 0,
      queryLevel: '',
      references: NO_REFERENCES,
      subOperations: undefined,
      isCancelled: false,
      answer: undefined,
    });
  }

  /** @returns UID of the SOP class that was asked for; empty where the request was not seen */
  sopClassOf(command: CommandSet, invokedBy: End): string {
    return this.#open.get(keyOf(invokedBy, command.messageId))?.command.sopClass ?? '';
  }

  /** @returns the operation when this answer ends it and carries no data set of its own */
  response(command: CommandSet, invokedBy: End): DimseOperation | undefined {
    const key = keyOf(invokedBy, command.messageId);
    const operation = this.#open.get(key);
    if (operation === undefined) return undefined;
    operation.responses += 1;
    operation.firstAnswerMicros ??= this.#now();
    operation.subOperations = command.subOperations ?? operation.subOperations;
    if (isPending(command.status)) return undefined;
    operation.answer = command;
    return command.hasDataSet ? undefined : this.#close(key, operation);
  }

  /** Part of a data set has passed. */
  dataSetPart(command: CommandSet, invokedBy: End, bytes: number): void {
    const operation = this.#open.get(keyOf(invokedBy, command.messageId));
    if (operation === undefined) return;
    if (command.isResponse) operation.responseBytes += bytes;
    else operation.dataSetBytes += bytes;
  }

  /** A data set has passed whole. @returns the operation when that was the last part of it */
  dataSet(command: CommandSet, invokedBy: End, facts: DataSetFacts): DimseOperation | undefined {
    const key = keyOf(invokedBy, command.messageId);
    const operation = this.#open.get(key);
    if (operation === undefined) return undefined;
    operation.references = merged(operation.references, facts.references);
    if (command.isResponse) return operation.answer === undefined ? undefined : this.#close(key, operation);
    operation.isDataSetWhole = true;
    operation.queryLevel = facts.queryLevel;
    operation.askedMicros = this.#now();
    return undefined;
  }

  /** @returns operations that will get no answer any more */
  takeUnanswered(): readonly DimseOperation[] {
    if (this.#open.size === 0) return NONE;
    const rest = [...this.#open.values()].map((operation) => describe(operation, undefined));
    this.#open.clear();
    return rest;
  }

  #close(key: number, operation: OpenOperation): DimseOperation {
    this.#open.delete(key);
    return describe(operation, this.#now());
  }
}

/** What request and answer tell together. */
function merged(request: References, answer: References): References {
  if (answer === NO_REFERENCES) return request;
  if (request === NO_REFERENCES) return answer;
  return {
    referencedObjects: Math.max(request.referencedObjects, answer.referencedObjects),
    failedObjects: request.failedObjects + answer.failedObjects,
    failureReasons: [...new Set([...request.failureReasons, ...answer.failureReasons])],
    stepState: answer.stepState || request.stepState,
  };
}

function keyOf(invokedBy: End, messageId: number): number {
  return messageId * 2 + (invokedBy === 'client' ? 0 : 1);
}

function describe(operation: OpenOperation, endMicros: number | undefined): DimseOperation {
  const { command, answer, askedMicros, firstAnswerMicros } = operation;
  const status = answer?.status;
  const serviceClass = serviceClassOf(command.sopClass);
  return {
    protocol: 'dicom',
    activity: 'operation',
    operation: command.operation,
    sopClass: sopClassName(command.sopClass),
    serviceClass,
    transferSyntax: transferSyntaxName(operation.transferSyntax),
    status,
    statusName: status === undefined ? '' : statusName(command.operation, status, serviceClass),
    outcome: outcomeOf(status),
    responses: operation.responses,
    dataSetBytes: operation.dataSetBytes,
    isDataSetWhole: operation.isDataSetWhole,
    responseBytes: operation.responseBytes,
    queryLevel: operation.queryLevel,
    subOperations: operation.subOperations,
    moveDestination: command.moveDestination,
    moveOriginator: command.moveOriginator,
    detail: actionOrEvent(command),
    ...operation.references,
    priority: command.priority,
    errorId: answer?.errorId,
    hasErrorComment: answer?.hasErrorComment === true,
    offendingElements: answer?.offendingElements ?? [],
    isCancelled: operation.isCancelled,
    invokedBy: operation.invokedBy,
    firstResponseMs: milliseconds(askedMicros, firstAnswerMicros),
    durationMs: milliseconds(askedMicros, endMicros),
  };
}

function milliseconds(from: number | undefined, to: number | undefined): number | undefined {
  return from === undefined || to === undefined ? undefined : Math.max(0, (to - from) / MICROS_PER_MS);
}
