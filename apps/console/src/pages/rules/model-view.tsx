import { Anchor, Button, Group, List, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { Fact, FactTable } from '../../components/fact-rows.tsx';
import { formatShare } from '../../components/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { formatTime } from '../../components/time-text.tsx';
import { Section } from '../asset/section.tsx';
import { CandidateSection } from './candidate-section.tsx';
import { type DetectionModelState, undoModel, useDetectionModel } from './model-queries.ts';
import { useRuleChange } from './queries.ts';
import { RetrainingSection } from './retraining-section.tsx';

/** Which model judges flows, and has it learnt from what people said? */
export function ModelView({ mayWrite }: { mayWrite: boolean }) {
  const { data, error, refetch } = useDetectionModel();
  if (data === undefined) {
    return error === null ? <LoadingState what="the model" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  if (data.running === null) return <NoModel />;
  return (
    <Stack gap="lg">
      <RunningSection state={data} running={data.running} mayWrite={mayWrite} />
      <RetrainingSection state={data} mayWrite={mayWrite} />
      {data.candidate !== null && <CandidateSection candidate={data.candidate} mayWrite={mayWrite} />}
    </Stack>
  );
}

function NoModel() {
  return (
    <EmptyState
      title="No model judges flows"
      description="A model finds what looks like an attack although no rule describes it. Choose one in the settings of intrusion detection, for example flows; read its limits first."
      action={
        <Button component={Link} to="/settings?search=model">
          To the settings
        </Button>
      }
    />
  );
}

function RunningSection(props: {
  state: DetectionModelState;
  running: NonNullable<DetectionModelState['running']>;
  mayWrite: boolean;
}) {
  const { running, mayWrite, state } = props;
  const undo = useRuleChange(undoModel);
  const before = state.previous;
  return (
    <Section title="The model that judges flows">
      <FactTable label="The model that judges flows">
        <Fact title="Name">
          {running.name}, version {running.version}
        </Fact>
        <Fact title="What it is">{running.title}</Fact>
        <Fact title="Trained">
          {formatTime(Date.parse(running.trainedAt))}
          {running.retrained !== null && `, here, with ${running.retrained.feedback} judged flows`}
        </Fact>
        <Fact title="Told from">a probability of {formatShare(running.threshold)}</Fact>
        <Fact title="Limits">
          <List size="sm">
            {running.limits.map((words) => (
              <List.Item key={words}>{words}</List.Item>
            ))}
          </List>
        </Fact>
        <Fact title="What it found">
          <Anchor component={Link} to="/detections?rule=9100:1" size="sm">
            Detections of models
          </Anchor>
        </Fact>
      </FactTable>
      {mayWrite && before !== null && (
        <Group mt="sm">
          <ConfirmButton
            variant="default"
            question={`Bring ${before} back?`}
            consequence={`${before} judges flows again. ${running.name} waits as a candidate and can be accepted once more.`}
            confirmLabel="Bring it back"
            onConfirm={() => undo.mutateAsync(undefined)}
          >
            Bring {before} back
          </ConfirmButton>
        </Group>
      )}
      {!mayWrite && (
        <Text size="sm" c="dimmed">
          Who may change rules may retrain it.
        </Text>
      )}
    </Section>
  );
}
