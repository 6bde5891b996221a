import { defineRoute, type Route } from '@sphinx/platform';
import { z } from 'zod';
import type { ModelDesk } from './models/model-desk.ts';
import { ModelView } from './models/model-view.ts';
import { readUpload } from './read-upload.ts';

const TAG = 'intrusion-detection';
const MAXIMUM_DATA_BYTES = 64 * 1024 * 1024;

/** The model that judges flows: what is known of it, and retraining it. */
export function modelRoutes(desk: ModelDesk): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/detection-model',
      operationId: 'getDetectionModel',
      summary: 'The model that judges flows, what people have said of it, and the candidate beside it',
      tag: TAG,
      permission: 'rules:read',
      response: ModelView,
      handler: () => desk.view(),
    }),
    defineRoute({
      method: 'POST',
      path: '/detection-model/training-data',
      operationId: 'giveModelTrainingData',
      summary: 'Keeps the data that models are trained from, sent as the body: flows with labels, or NSL-KDD',
      tag: TAG,
      permission: 'rules:write',
      query: z.object({ name: z.string().min(1).max(200).default('training-data.csv') }),
      bodyKind: 'raw',
      response: ModelView,
      audit: { action: 'model.training-data', subject: ({ query }) => query.name },
      handler: async ({ query, request }) => {
        await desk.takeTrainingData(query.name, await readUpload(request, MAXIMUM_DATA_BYTES));
        return desk.view();
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/detection-model/retraining',
      operationId: 'retrainDetectionModel',
      summary: 'Trains a candidate from the training data and the feedback, and compares it with the model that runs',
      tag: TAG,
      permission: 'rules:write',
      response: z.object({ job: z.string() }),
      audit: { action: 'model.retrain', subject: () => 'candidate' },
      handler: async () => ({ job: await desk.retrain() }),
    }),
    ...decisionRoutes(desk),
  ];
}

function decisionRoutes(desk: ModelDesk): readonly Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/detection-model/candidate/accept',
      operationId: 'acceptModelCandidate',
      summary: 'Lets the candidate take the place of the model that runs',
      tag: TAG,
      permission: 'rules:write',
      response: ModelView,
      audit: { action: 'model.accept', subject: () => 'candidate' },
      handler: async () => {
        await desk.accept();
        return desk.view();
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/detection-model/candidate',
      operationId: 'discardModelCandidate',
      summary: 'Throws the candidate away; what runs goes on',
      tag: TAG,
      permission: 'rules:write',
      response: null,
      audit: { action: 'model.discard', subject: () => 'candidate' },
      handler: () => desk.discard(),
    }),
    defineRoute({
      method: 'POST',
      path: '/detection-model/undo',
      operationId: 'undoDetectionModel',
      summary: 'Brings the model back that ran before; the one that runs waits as a candidate again',
      tag: TAG,
      permission: 'rules:write',
      response: ModelView,
      audit: { action: 'model.undo', subject: () => 'running' },
      handler: async () => {
        await desk.undo();
        return desk.view();
      },
    }),
  ];
}
