import {
  Alert,
  Anchor,
  Button,
  Group,
  List,
  Paper,
  Progress,
  SimpleGrid,
  Stack,
  Table,
  Text,
  Title,
} from '@mantine/core';
import type { Verdict } from '@sphinx/schema';
import {
  IconCircleX,
  IconDevices,
  IconFlask,
  IconPlayerPlay,
  IconSparkles,
  IconTransfer,
  IconUpload,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useSampleTraffic } from '../../api/sample.ts';
import { useServicesOff } from '../../api/services.ts';
import { useMay } from '../../api/session.ts';
import { SampleBadge, SeverityBadge, VERDICTS, VerdictBadge } from '../../components/badges.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { formatBitRate, formatCount } from '../../components/format.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { ServiceOff } from '../../components/service-off.tsx';
import { StatTile } from '../../components/stat-tile.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TimeText } from '../../components/time-text.tsx';
import {
  type AssetsSummary,
  useAssetsSummary,
  useNewestAssets,
  useRejected,
  useTrafficSummary,
  useVerificationSummary,
  type VerificationSummary,
} from './queries.ts';

/** A time that breaks over three lines is hard to compare. */
const NOWRAP = { whiteSpace: 'nowrap' } as const;

/** What is on my network, what is new, what failed verification, what is happening now? */
export default function OverviewPage() {
  const assets = useAssetsSummary();
  const verification = useVerificationSummary();
  const inventoryOff = useServicesOff().get('asset-inventory');
  return (
    <>
      <PageHeader
        title="Overview"
        description="What is on the network, what is new, what failed, what is happening now."
      />
      {inventoryOff !== undefined ? (
        <ServiceOff service={inventoryOff} />
      ) : assets.isPending ? (
        <LoadingState what="the overview" />
      ) : assets.data === undefined ? (
        <ErrorState error={assets.error} onRetry={assets.refetch} />
      ) : assets.data.total === 0 ? (
        <FirstSteps />
      ) : (
        <Stack>
          {assets.data.sample > 0 && <SampleNotice count={assets.data.sample} />}
          <Figures assets={assets.data} verification={verification.data} />
          <SimpleGrid cols={{ base: 1, lg: 2 }}>
            <Failed />
            <Newest />
            {verification.data !== undefined && <TopFailures summary={verification.data} />}
            <Kinds assets={assets.data} />
          </SimpleGrid>
        </Stack>
      )}
    </>
  );
}

function FirstSteps() {
  const sample = useSampleTraffic();
  const mayAdd = useMay('sources:write');
  return (
    <EmptyState
      icon={<IconUpload size={40} aria-hidden />}
      title="Nothing has been seen yet"
      description="Connect SPHINX to a mirror port, watch a folder, or drop a capture file. It only listens: nothing is sent to any device. Or look around first with the traffic of an invented hospital, which one click removes again."
      action={
        mayAdd && (
          <Stack align="center">
            <Group justify="center">
              <Button component={Link} to="/sources" leftSection={<IconUpload size={16} aria-hidden />}>
                Add a traffic source
              </Button>
              <Button
                variant="default"
                leftSection={<IconPlayerPlay size={16} aria-hidden />}
                loading={sample.add.isPending || sample.isPresent}
                onClick={() => sample.add.mutate()}
              >
                Look around with sample traffic
              </Button>
            </Group>
            <ErrorText error={sample.add.error} />
          </Stack>
        )
      }
    />
  );
}

function SampleNotice({ count }: { count: number }) {
  const { remove } = useSampleTraffic();
  const mayRemove = useMay('sources:write');
  return (
    <Alert
      color="grape"
      variant="outline"
      icon={<IconFlask aria-hidden />}
      title={`${count} of these assets are a sample`}
    >
      <Group justify="space-between">
        <Text size="sm">They come from the traffic of an invented hospital and are marked as sample everywhere.</Text>
        {mayRemove && (
          <Button size="xs" variant="default" loading={remove.isPending} onClick={() => remove.mutate()}>
            Remove the sample
          </Button>
        )}
      </Group>
      <ErrorText error={remove.error} />
    </Alert>
  );
}

function Figures({ assets, verification }: { assets: AssetsSummary; verification: VerificationSummary | undefined }) {
  const maySeeTraffic = useMay('traffic:read');
  const traffic = useTrafficSummary(maySeeTraffic).data;
  const judged = verification === undefined ? 0 : ORDER.reduce((sum, verdict) => sum + verification[verdict], 0);
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }}>
      <StatTile
        title="Assets"
        value={formatCount(assets.total)}
        comparison={assets.unknown === 0 ? 'all of a known kind' : `${formatCount(assets.unknown)} of unknown kind`}
        to="/assets"
        icon={<IconDevices size={20} aria-hidden />}
      />
      <StatTile
        title="New in 24 hours"
        value={formatCount(assets.new)}
        comparison={`of ${formatCount(assets.total)} assets`}
        to="/assets?new=true"
        icon={<IconSparkles size={20} aria-hidden />}
      />
      <StatTile
        title="Rejected"
        value={verification === undefined ? '–' : formatCount(verification.rejected)}
        comparison={`of ${formatCount(judged)} verified assets`}
        to="/verifications?verdict=rejected"
        icon={<IconCircleX size={20} aria-hidden />}
      />
      {maySeeTraffic && (
        <StatTile
          title="Traffic now"
          value={formatBitRate(traffic?.bitsPerSecond ?? 0)}
          comparison={`${formatCount(traffic?.packets ?? 0)} packets read since the start`}
          to="/traffic"
          icon={<IconTransfer size={20} aria-hidden />}
        />
      )}
    </SimpleGrid>
  );
}

const ORDER: readonly Verdict[] = ['rejected', 'conditional', 'insufficient-evidence', 'trusted'];

function Panel({ title, children, more }: { title: string; children: ReactNode; more: { to: string; label: string } }) {
  return (
    <Paper component="section">
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4">
          {title}
        </Title>
        <Anchor component={Link} to={more.to} size="sm">
          {more.label}
        </Anchor>
      </Group>
      {children}
    </Paper>
  );
}

function Failed() {
  const { data, isPending, error, refetch } = useRejected();
  const items = data?.items ?? [];
  return (
    <Panel title="Failed verification" more={{ to: '/verifications?verdict=rejected', label: 'All rejected' }}>
      {isPending ? (
        <LoadingState what="what failed" />
      ) : data === undefined ? (
        <ErrorState error={error} onRetry={refetch} />
      ) : items.length === 0 ? (
        <Text c="dimmed">No asset is rejected.</Text>
      ) : (
        <Stack gap="sm">
          {items.map(({ id, assetId, assetName, verdict, reasons, isSample }) => (
            <div key={id}>
              <Group gap="xs">
                <Anchor component={Link} to={`/assets/${assetId}`} fw={600}>
                  {assetName}
                </Anchor>
                <VerdictBadge verdict={verdict} />
                {isSample && <SampleBadge />}
              </Group>
              <Text size="sm" lineClamp={2}>
                {reasons.slice(0, 2).join(' ')}
              </Text>
            </div>
          ))}
        </Stack>
      )}
    </Panel>
  );
}

function Newest() {
  const { data, isPending, error, refetch } = useNewestAssets();
  return (
    <Panel title="Newest assets" more={{ to: '/assets?sort=-firstSeen', label: 'All assets' }}>
      {isPending ? (
        <LoadingState what="the newest assets" />
      ) : data === undefined ? (
        <ErrorState error={error} onRetry={refetch} />
      ) : (
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Asset</Table.Th>
              <Table.Th>Kind</Table.Th>
              <Table.Th style={NOWRAP}>First seen</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.items.map(({ id, name, kindTitle, firstSeen, isSample }) => (
              <Table.Tr key={id}>
                <Table.Td>
                  <Group gap="xs">
                    <Anchor component={Link} to={`/assets/${id}`}>
                      {name}
                    </Anchor>
                    {isSample && <SampleBadge />}
                  </Group>
                </Table.Td>
                <Table.Td>{kindTitle ?? 'unknown'}</Table.Td>
                <Table.Td style={NOWRAP}>
                  <TimeText time={firstSeen} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Panel>
  );
}

function TopFailures({ summary }: { summary: VerificationSummary }) {
  return (
    <Panel title="What fails most" more={{ to: '/verifications', label: 'All verdicts' }}>
      {summary.topFailedChecks.length === 0 ? (
        <Text c="dimmed">No check has failed.</Text>
      ) : (
        <List spacing="xs" listStyleType="none">
          {summary.topFailedChecks.slice(0, 6).map(({ checkId, title, severity, assets }) => (
            <List.Item key={checkId}>
              <Group gap="xs" wrap="nowrap" align="flex-start">
                <SeverityBadge severity={severity} />
                <Text size="sm">
                  {title}: {assets} {assets === 1 ? 'asset' : 'assets'}
                </Text>
              </Group>
            </List.Item>
          ))}
        </List>
      )}
      <Group gap="md" mt="md">
        {ORDER.map((verdict) => (
          <Text key={verdict} size="sm">
            {VERDICTS[verdict].title}: <b>{summary[verdict]}</b>
          </Text>
        ))}
      </Group>
    </Panel>
  );
}

function Kinds({ assets }: { assets: AssetsSummary }) {
  const kinds = assets.kinds.slice(0, 8);
  return (
    <Panel title="What is on the network" more={{ to: '/assets', label: 'All assets' }}>
      <Stack gap="xs">
        {kinds.map(({ id, title, count }) => (
          <div key={id}>
            <Group justify="space-between">
              <Anchor component={Link} to={`/assets?kind=${encodeURIComponent(id)}`} size="sm">
                {title}
              </Anchor>
              <Text size="sm">{formatCount(count)}</Text>
            </Group>
            <Progress value={(count / assets.total) * 100} aria-label={`${title}: ${count} of ${assets.total}`} />
          </div>
        ))}
      </Stack>
    </Panel>
  );
}
