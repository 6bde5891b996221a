import { Group, List, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { useMay } from '../../api/session.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { type ControlState, type RiskControl, useRiskControls, useStateControl } from './queries.ts';

const STATES = [
  { value: 'unsaid', label: 'Not stated' },
  { value: 'no', label: 'No' },
  { value: 'partly', label: 'Partly' },
  { value: 'yes', label: 'Yes' },
] as const;

/** What does this hospital do against it? */
export function ControlsView() {
  const { data, error, refetch } = useRiskControls();
  if (data === undefined) {
    return error === null ? <LoadingState what="the controls" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  return (
    <Stack gap="lg">
      <Text size="sm">
        What no traffic shows: say which of these your hospital has. Risk is reckoned anew at once. Nothing is assumed
        of what is not stated.
      </Text>
      {data.items.map((each) => (
        <ControlRow key={each.id} control={each} />
      ))}
    </Stack>
  );
}

function ControlRow({ control }: { control: RiskControl }) {
  const stating = useStateControl();
  const mayWrite = useMay('risk:write');
  const choose = (value: string) => {
    const state = value === 'unsaid' ? null : (value as ControlState);
    stating.mutate({ id: control.id, state, note: control.note });
  };
  return (
    <section>
      <Group justify="space-between" align="start">
        <div style={{ flex: 1, minWidth: 260 }}>
          <Title order={2} size="h5">
            {control.title}
          </Title>
          <Text size="sm">{control.question}</Text>
        </div>
        <SegmentedControl
          aria-label={control.title}
          data={STATES.map((each) => ({ ...each }))}
          value={control.state ?? 'unsaid'}
          onChange={choose}
          disabled={!mayWrite || stating.isPending}
        />
      </Group>
      <List size="xs" mt={4}>
        {control.effects.map((effect) => (
          <List.Item key={effect}>{effect}</List.Item>
        ))}
      </List>
      {control.by !== null && control.time !== null && (
        <Text size="xs" c="dimmed">
          Stated by {control.by}, <TimeText time={control.time} />
        </Text>
      )}
      <ErrorText error={stating.error} />
    </section>
  );
}
