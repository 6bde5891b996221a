import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { Link, useNavigate, useParams } from 'react-router';
import { useMay } from '../../api/session.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import {
  changeService,
  checkNow,
  type MonitoredService,
  removeService,
  useService,
  useUptimeChange,
} from '../uptime/queries.ts';
import { CauseBadge, StateBadge } from '../uptime/state-badge.tsx';
import { CheckTable } from './check-table.tsx';
import { DrillSection } from './drill-section.tsx';
import { HistoryTable } from './history-table.tsx';
import { LatencyChart } from './latency-chart.tsx';
import { ObjectiveCard } from './objective-card.tsx';
import { TimeLine } from './time-line.tsx';
import { TrafficCard } from './traffic-card.tsx';

/** How is this service, how was it, and why? */
export default function UptimeServicePage() {
  const { id = '' } = useParams();
  const { data, error, refetch } = useService(id);
  if (data === undefined) {
    return error === null ? <LoadingState what="the service" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  const { name, care, host, agreement, state, isPaused, reason, cause, causeReasons } = data;
  return (
    <>
      <PageHeader
        title={name}
        description={
          <>
            <Anchor component={Link} to="/uptime" size="sm">
              Up or down
            </Anchor>
            {[host ?? '', care].filter((text) => text !== '').map((text) => ` · ${text}`)}
          </>
        }
        actions={<Actions service={data} />}
      />
      <Stack gap="lg">
        <div>
          <Group gap="xs">
            <StateBadge state={state} isPaused={isPaused} />
            {cause !== null && <CauseBadge cause={cause} />}
          </Group>
          {[reason, ...causeReasons]
            .filter((text) => text !== '')
            .map((text) => (
              <Text key={text} size="sm" mt={4}>
                {text}
              </Text>
            ))}
          {agreement !== null && (
            <Text size="xs" c="dimmed" mt={4}>
              Regular checks were agreed to by {agreement.by}: {agreement.note}
            </Text>
          )}
        </div>
        <TimeLine id={data.id} />
        <ObjectiveCard service={data} />
        <CheckTable service={data} />
        <LatencyChart service={data} />
        <TrafficCard service={data} />
        <DrillSection service={data} />
        <HistoryTable id={data.id} />
      </Stack>
    </>
  );
}

function Actions({ service: { id, name, isPaused } }: { service: MonitoredService }) {
  const mayChange = useMay('uptime:write');
  const navigate = useNavigate();
  const check = useUptimeChange(checkNow);
  const turn = useUptimeChange(changeService);
  const remove = useUptimeChange(removeService);
  if (!mayChange) return null;
  return (
    <>
      <Button variant="default" loading={check.isPending} onClick={() => check.mutate(id)}>
        Check now
      </Button>
      <Button variant="default" loading={turn.isPending} onClick={() => turn.mutate({ id, isPaused: !isPaused })}>
        {isPaused ? 'Resume' : 'Pause'}
      </Button>
      <ConfirmButton
        variant="default"
        question={`Watch ${name} no longer?`}
        consequence="Its checks are sent no more, and its history is forgotten. Pausing keeps it."
        confirmLabel="Remove"
        onConfirm={async () => {
          await remove.mutateAsync(id);
          navigate('/uptime');
        }}
      >
        Remove
      </ConfirmButton>
      <ErrorText error={check.error ?? turn.error} />
    </>
  );
}
