import { Button, Group, JsonInput, NumberInput, SimpleGrid, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../../api/session.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { formatTime } from '../../components/time-text.tsx';
import { type Profile, saveProfile, undoProfile, useDecisionChange, useProfile } from './queries.ts';

const CRITERIA = [
  { id: 'risk', title: 'Harm averted', description: 'Part of the harm still to come that is averted' },
  { id: 'care', title: 'Care undisturbed', description: 'How little care notices, by what depends on the devices' },
  { id: 'time', title: 'Effect in time', description: 'How much of the effect comes before it is too late' },
  { id: 'reversibility', title: 'Can be undone', description: 'At once, in hours, in days, or not' },
  { id: 'effort', title: 'Little effort', description: 'Hours of work of all who take part' },
  { id: 'confidence', title: 'Confidence', description: 'How sure the figures are, and how exactly the playbook fits' },
] as const;

/** How much each criterion counts here. */
export function WeightsView() {
  const { data, error, refetch } = useProfile();
  if (data === undefined) {
    return error === null ? <LoadingState what="the weights" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  return <WeightsForm key={data.version} stated={data} />;
}

function WeightsForm({ stated: { profile, by, at, version } }: { stated: Profile }) {
  const mayWeigh = useMay('decisions:weigh');
  const [weights, setWeights] = useState(profile.weights);
  const [beds, setBeds] = useState(JSON.stringify(profile.beds, null, 2));
  const [problem, setProblem] = useState<unknown>(null);
  const save = useDecisionChange(saveProfile);
  const undo = useDecisionChange(undoProfile);
  const submit = () => {
    setProblem(null);
    try {
      save.mutate({ weights, beds: JSON.parse(beds) as Record<string, number> });
    } catch {
      setProblem(new Error('Beds are not valid JSON. Write {"ICU 2": 12}.'));
    }
  };
  return (
    <Stack maw={760}>
      <Text size="sm" c="dimmed">
        {by === null || at === null ? 'As SPHINX brings them.' : `Stated by ${by}, ${formatTime(at)}.`} Only the
        proportions of weights matter. What would restart, replace or cut off a life-sustaining device stands last
        whatever they are.
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {CRITERIA.map(({ id, title, description }) => (
          <NumberInput
            key={id}
            label={title}
            description={description}
            value={weights[id] ?? 0}
            min={0}
            max={100}
            disabled={!mayWeigh}
            onChange={(value) => typeof value === 'number' && setWeights({ ...weights, [id]: value })}
          />
        ))}
      </SimpleGrid>
      <JsonInput
        label="Beds of care areas"
        description={'By the names that assets have, for example {"ICU 2": 12}. Without, beds are told as unknown.'}
        value={beds}
        onChange={setBeds}
        autosize
        minRows={2}
        disabled={!mayWeigh}
      />
      <ErrorText error={problem ?? save.error ?? undo.error} />
      {mayWeigh && (
        <Group>
          <Button loading={save.isPending} onClick={submit}>
            Save
          </Button>
          <Button
            variant="default"
            disabled={version === 0}
            loading={undo.isPending}
            onClick={() => undo.mutate(undefined)}
          >
            Take the last change back
          </Button>
        </Group>
      )}
    </Stack>
  );
}
