import { type Clock, defineRoute, pageSchema, type Route, SequencePageQuery, SphinxError } from '@sphinx/platform';
import { z } from 'zod';
import type { DetectionStore } from './detections/detection-store.ts';
import { FeedbackVerdict, feedbackOn, ModelFeedback } from './models/feedback.ts';
import type { FeedbackStore } from './models/feedback-store.ts';

const TAG = 'intrusion-detection';
const DetectionId = z.object({ id: z.string().max(100) });

interface Dependencies {
  readonly detections: DetectionStore;
  readonly feedback: FeedbackStore;
  readonly clock: Clock;
  readonly notify: (topic: 'detections') => void;
}

/** What people say of detections that a model made. */
export function feedbackRoutes({ detections, feedback, clock, notify }: Dependencies): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/model-feedback',
      operationId: 'listModelFeedback',
      summary: 'What people have said of detections of models, newest first',
      tag: TAG,
      permission: 'detections:read',
      query: SequencePageQuery.extend({ verdict: FeedbackVerdict.optional() }),
      response: pageSchema(ModelFeedback),
      handler: ({ query: { cursor, ...query } }) => feedback.list({ ...query, before: cursor }),
    }),
    defineRoute({
      method: 'GET',
      path: '/detections/{id}/feedback',
      operationId: 'getDetectionFeedback',
      summary: 'What was said of a detection of a model; null where nothing was',
      tag: TAG,
      permission: 'detections:read',
      params: DetectionId,
      response: z.object({ feedback: ModelFeedback.nullable() }),
      handler: async ({ params }) => ({ feedback: (await feedback.get(params.id)) ?? null }),
    }),
    defineRoute({
      method: 'PUT',
      path: '/detections/{id}/feedback',
      operationId: 'giveDetectionFeedback',
      summary: 'Says whether what a model has detected was an attack; models are retrained from it',
      tag: TAG,
      permission: 'rules:write',
      params: DetectionId,
      body: z.object({ verdict: FeedbackVerdict, note: z.string().max(500).default('') }),
      response: ModelFeedback,
      audit: { action: 'detection.judge', subject: ({ params }) => params.id },
      handler: async ({ params, body, principal }) => {
        const detection = await detections.get(params.id);
        if (detection === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no detection ${params.id}.`);
        const given = feedbackOn(detection, { ...body, by: principal.name, at: clock.now() });
        if (given === undefined) {
          throw new SphinxError(
            'SPX_INVALID_INPUT',
            'A rule made this detection, no model. Tune the rule where it is wrong.',
          );
        }
        await feedback.save(given);
        notify('detections');
        return given;
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/detections/{id}/feedback',
      operationId: 'withdrawDetectionFeedback',
      summary: 'Takes back what was said of a detection of a model',
      tag: TAG,
      permission: 'rules:write',
      params: DetectionId,
      response: null,
      audit: { action: 'detection.unjudge', subject: ({ params }) => params.id },
      handler: async ({ params }) => {
        if ((await feedback.remove(params.id)) === undefined) {
          throw new SphinxError('SPX_NOT_FOUND', `Nothing was said of a detection ${params.id}.`);
        }
        notify('detections');
      },
    }),
  ];
}
