import { Button, Group, Stack, Text } from '@mantine/core';
import { ErrorText } from '../../components/error-text.tsx';
import { FileDrop } from '../../components/file-drop.tsx';
import { formatQuantity } from '../../components/format.ts';
import { JobProgress } from '../../components/job-progress.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { Section } from '../asset/section.tsx';
import { type DetectionModelState, giveTrainingData, retrainModel } from './model-queries.ts';
import { useRuleChange } from './queries.ts';

const MAXIMUM_BYTES = 64 * 1024 * 1024;

/** What people have said, what is trained from, and the button that does it. */
export function RetrainingSection({ state, mayWrite }: { state: DetectionModelState; mayWrite: boolean }) {
  const { feedback, trainingData, job } = state;
  const give = useRuleChange(giveTrainingData);
  const retrain = useRuleChange(retrainModel);
  const missing = feedback.needed - feedback.usable;
  return (
    <Section title="Feedback and retraining">
      <Stack gap="sm">
        <Text size="sm">
          {formatQuantity(feedback.attack + feedback.harmless, 'detection')} judged: {feedback.attack} as an attack,{' '}
          {feedback.harmless} as harmless; the flows of {feedback.usable} can be learnt from.
          {missing > 0 && ` Retraining needs ${feedback.needed}: ${missing} more.`}
        </Text>
        <Text size="sm">
          {trainingData === null ? (
            'No training data were given yet.'
          ) : (
            <>
              Training data: {trainingData.name}, given <TimeText time={trainingData.takenAt} />.
            </>
          )}
        </Text>
        {mayWrite && (
          <FileDrop
            label="Training data"
            invitation={trainingData === null ? 'Give the training data' : 'Give other training data'}
            hint="Flows with labels or NSL-KDD, comma-separated, may be gzipped, up to 64 MB. SPHINX comes with none. They are kept for the next time."
            maxFiles={1}
            maxSize={MAXIMUM_BYTES}
            loading={give.isPending}
            onFiles={([file]) => file !== undefined && give.mutate(file)}
          />
        )}
        {mayWrite && job === null && (
          <Group>
            <Button
              disabled={missing > 0 || trainingData === null}
              loading={retrain.isPending}
              onClick={() => retrain.mutate(undefined)}
            >
              Retrain
            </Button>
          </Group>
        )}
        {job !== null && <JobProgress id={job} onEnd={() => undefined} />}
        {job === null && retrain.data !== undefined && <JobProgress id={retrain.data.job} onEnd={() => undefined} />}
        <ErrorText error={give.error ?? retrain.error} />
      </Stack>
    </Section>
  );
}
