import { Badge, Group, List, Paper, SimpleGrid, Text, Title } from '@mantine/core';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { cautionText, consentText, reachText, scheduleText } from './probing-words.tsx';
import { type ProbePolicy, usePolicies, useProbes } from './queries.ts';

/** What may be asked of devices of each class? */
export function PoliciesView() {
  const { data, error, isPending, refetch } = usePolicies();
  if (isPending) return <LoadingState what="the policies" />;
  if (data === undefined) return <ErrorState error={error} onRetry={refetch} />;
  return (
    <>
      <Text size="sm" mb="sm">
        The kind of a device decides first, then its class. Policies are files in knowledge/probe-policies; whoever
        wants others writes them there.
      </Text>
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        {data.items.map((policy) => (
          <PolicyCard key={policy.id} policy={policy} />
        ))}
      </SimpleGrid>
    </>
  );
}

const MODES = {
  allowed: { title: 'Allowed', color: 'green.9' },
  'with-approval': { title: 'A person must agree', color: 'yellow.4' },
  'out-of-care-only': { title: 'Left alone', color: 'red.9' },
} as const;

function PolicyCard({ policy }: { policy: ProbePolicy }) {
  const { title, rationale, packetsPerSecond, slowdown, probes, mode } = policy;
  const names = useProbes().data?.items ?? [];
  const titlesOf = (ids: readonly string[]) =>
    ids.map((id) => names.find((probe) => probe.id === id)?.title ?? id).join('; ');
  return (
    <Paper component="article">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <Title order={2} size="h5">
          {title}
        </Title>
        <Badge color={MODES[mode].color} tt="none" flex="none" miw="max-content">
          {MODES[mode].title}
        </Badge>
      </Group>
      <Text size="xs" c="dimmed" mb="xs">
        {coverText(policy)}
      </Text>
      <List size="sm" spacing={4}>
        <List.Item>{consentText(policy)}</List.Item>
        <List.Item>{scheduleText(policy)}</List.Item>
        <List.Item>{`A probe ${cautionText(probes.cautions)}.`}</List.Item>
        {probes.also.length > 0 && <List.Item>{`Also: ${titlesOf(probes.also)}`}</List.Item>}
        {probes.except.length > 0 && <List.Item>{`Never: ${titlesOf(probes.except)}`}</List.Item>}
        <List.Item>{reachText(policy)}</List.Item>
        <List.Item>
          {`At most ${packetsPerSecond} ${packetsPerSecond === 1 ? 'packet' : 'packets'} a second; stopped and left alone when it answers ${slowdown.factor} times slower (and by ${slowdown.atLeastMs} ms).`}
        </List.Item>
      </List>
      <Text size="sm" c="dimmed" mt="xs">
        {rationale}
      </Text>
    </Paper>
  );
}

function coverText({ safetyClasses, coversUnclassified, kinds }: ProbePolicy): string {
  const classes = safetyClasses.map((each) => each.replaceAll('-', ' '));
  const parts = [
    kinds === undefined ? '' : `kinds ${kinds.replaceAll(/[\^$()]/g, '').replaceAll('|', ', ')}`,
    classes.length === 0 ? '' : `class ${classes.join(', ')}`,
    coversUnclassified ? 'devices of which nobody knows the class' : '',
  ];
  return `For ${parts.filter(Boolean).join('; ')}`;
}
