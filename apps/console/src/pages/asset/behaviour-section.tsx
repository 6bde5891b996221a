import { Anchor, SimpleGrid, Stack, Text } from '@mantine/core';
import type { Asset } from '@sphinx/schema';
import { Link } from 'react-router';
import { useServicesOff } from '../../api/services.ts';
import { useMay } from '../../api/session.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { formatQuantity } from '../../components/format.ts';
import { LoadingState } from '../../components/states.tsx';
import { BASIS_TITLES } from '../anomalies/anomaly-words.ts';
import { MeasureChart } from '../anomalies/measure-chart.tsx';
import { PeerLists } from '../anomalies/peer-lists.tsx';
import { type Baseline, useAnomalies, useBaseline } from '../anomalies/queries.ts';
import { Section } from './section.tsx';

const CHARTS_SHOWN = 4;
const HABITS_SHOWN = 12;

/** How does it behave, and is that usual? */
export function BehaviourSection({ asset }: { asset: Asset }) {
  const isOff = useServicesOff().has('anomaly-detection');
  const isShown = useMay('anomalies:read') && !isOff;
  return isShown ? <Behaviour id={asset.id} /> : null;
}

function Behaviour({ id }: { id: string }) {
  const baseline = useBaseline(id);
  const anomalies = useAnomalies({ asset: id });
  const items = anomalies.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Section title="Does it behave as usual?">
      <Stack gap="md">
        <Stack gap={4}>
          {items.length === 0 && <Text>Nothing was unlike itself so far.</Text>}
          {items.slice(0, CHARTS_SHOWN).map((each) => (
            <Text key={each.id} size="sm">
              <Anchor component={Link} to={`/anomalies?said=all&anomaly=${encodeURIComponent(each.id)}`} size="sm">
                {each.title}
              </Anchor>
              : {each.seen}
            </Text>
          ))}
        </Stack>
        {baseline.data === undefined &&
          (baseline.error === null ? (
            <LoadingState what="what is usual of it" />
          ) : (
            <ErrorText error={baseline.error} />
          ))}
        {baseline.data !== undefined && <Usual baseline={baseline.data} />}
      </Stack>
    </Section>
  );
}

function Usual({ baseline }: { baseline: Baseline }) {
  const { hours, days, comparedWith, devicesOfKind, measures, habitList } = baseline;
  const ofKind = comparedWith === 'kind' ? ` (${formatQuantity(devicesOfKind, 'device')})` : '';
  const habits = habitList.filter(({ isKnown }) => isKnown).map(({ name }) => name);
  return (
    <>
      {hours === 0 && <Text c="dimmed">What is usual of it is learnt hour by hour; no hour is over yet.</Text>}
      <Text size="sm">
        Watched for {formatQuantity(hours, 'hour')} of activity on {formatQuantity(days, 'day')}; compared with{' '}
        {BASIS_TITLES[comparedWith]}
        {ofKind}.
      </Text>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        {measures
          .filter(({ recent }) => recent.length > 0)
          .slice(0, CHARTS_SHOWN)
          .map((measure) => (
            <MeasureChart key={measure.id} measure={measure} />
          ))}
      </SimpleGrid>
      <PeerLists peers={baseline.peers} />
      {habits.length > 0 && (
        <Text size="xs" c="dimmed">
          Habits: {habits.slice(0, HABITS_SHOWN).join('; ')}
          {habits.length > HABITS_SHOWN && ` and ${habits.length - HABITS_SHOWN} more`}.
        </Text>
      )}
    </>
  );
}
