import { useQuery } from '@tanstack/react-query';
import { request } from '../../api/request.ts';

/** How one model does on some rows; shares from 0 to 1. */
export interface ModelFigures {
  readonly accuracy: number;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  readonly areaUnderCurve: number | null;
  readonly falsePositiveRate: number | null;
}

export interface SideBySide {
  readonly rows: number;
  readonly attacks: number;
  readonly running: ModelFigures;
  readonly candidate: ModelFigures;
}

/** A model that was retrained here, beside the one that ran then. */
export interface RetrainedModel {
  readonly name: string;
  readonly version: string;
  readonly trainedAt: number;
  readonly feedback: number;
  readonly comparedWith: string;
  readonly comparison: {
    readonly heldOut: SideBySide;
    readonly mayRunningHaveLearnt: boolean;
    readonly feedback: SideBySide | null;
    readonly learntFeedback: SideBySide | null;
  };
}

export interface DetectionModelState {
  readonly base: string;
  readonly running: {
    readonly name: string;
    readonly title: string;
    readonly version: string;
    readonly trainedAt: string;
    readonly use: string;
    readonly limits: readonly string[];
    readonly threshold: number;
    readonly retrained: RetrainedModel | null;
  } | null;
  readonly candidate: RetrainedModel | null;
  readonly previous: string | null;
  readonly feedback: {
    readonly attack: number;
    readonly harmless: number;
    readonly usable: number;
    readonly needed: number;
  };
  readonly trainingData: { readonly name: string; readonly takenAt: number } | null;
  readonly job: string | null;
}

export function useDetectionModel() {
  return useQuery({
    queryKey: ['rules', 'model'],
    queryFn: ({ signal }) => request<DetectionModelState>('GET', '/detection-model', { signal }),
  });
}

export const giveTrainingData = (file: File) =>
  request('POST', '/detection-model/training-data', { query: { name: file.name }, body: file });
export const retrainModel = () => request<{ job: string }>('POST', '/detection-model/retraining');
export const acceptCandidate = () => request('POST', '/detection-model/candidate/accept');
export const discardCandidate = () => request('DELETE', '/detection-model/candidate');
export const undoModel = () => request('POST', '/detection-model/undo');
