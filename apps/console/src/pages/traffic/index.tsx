import { Alert, Button, Grid, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconPlus } from '@tabler/icons-react';
import { Link } from 'react-router';
import { formatBitRate, formatBytes, formatCount } from '../../components/format.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { StatTile } from '../../components/stat-tile.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { ProtocolsSection } from './protocols-section.tsx';
import { type TrafficSummary, useTrafficSummary } from './queries.ts';
import { TalkersSection } from './talkers-section.tsx';
import { ThroughputSection } from './throughput-section.tsx';

/** What is on the wire now? */
export default function TrafficPage() {
  const { data: summary, error, isPending, refetch } = useTrafficSummary();
  return (
    <>
      <PageHeader
        title="Live traffic"
        description="What SPHINX reads from all its sources: how much, of which protocols, and between whom."
        actions={
          <>
            <Button component={Link} to="/explorer" variant="default">
              Explore what was seen
            </Button>
            <Button component={Link} to="/sources" variant="default">
              Sources
            </Button>
          </>
        }
      />
      {isPending && <LoadingState what="the traffic" />}
      {error !== null && summary === undefined && <ErrorState error={error} onRetry={refetch} />}
      {summary !== undefined && (isSilent(summary) ? <NothingYet /> : <Traffic summary={summary} />)}
    </>
  );
}

function isSilent({ packets, runningSources }: TrafficSummary): boolean {
  return packets === 0 && runningSources === 0;
}

function NothingYet() {
  return (
    <EmptyState
      title="No traffic yet"
      description="Add a capture file, a folder or a network interface, or look around with sample traffic."
      action={
        <Button component={Link} to="/sources" leftSection={<IconPlus size={16} aria-hidden />}>
          Add a traffic source
        </Button>
      }
    />
  );
}

function Traffic({ summary }: { summary: TrafficSummary }) {
  const isLive = summary.runningSources > 0;
  return (
    <Stack gap="md">
      <Losses summary={summary} />
      <SimpleGrid cols={{ base: 2, md: 4 }}>
        <StatTile
          title="Now"
          value={formatBitRate(summary.bitsPerSecond)}
          comparison={`${formatCount(Math.round(summary.packetsPerSecond))} packets/s, mean of 5 s`}
        />
        <StatTile
          title="Read so far"
          value={formatBytes(summary.bytes)}
          comparison={`in ${formatCount(summary.packets)} packets`}
        />
        <StatTile
          title="Flows"
          value={formatCount(summary.flows)}
          comparison={`${formatCount(summary.activeFlows)} of them open`}
        />
        <StatTile
          title="Running sources"
          value={formatCount(summary.runningSources)}
          comparison={isLive ? 'reading now' : 'nothing is being read'}
        />
      </SimpleGrid>
      {summary.firstPacket !== null && summary.lastPacket !== null && (
        <Group gap={4}>
          <Text size="sm" c="dimmed">
            First packet <TimeText time={summary.firstPacket} />, last packet <TimeText time={summary.lastPacket} />, by
            the clock of the captures.
          </Text>
        </Group>
      )}
      <ThroughputSection isLive={isLive} />
      <Grid>
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <ProtocolsSection protocols={summary.protocols} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <TalkersSection linkOf={(address) => `/explorer?view=flows&address=${encodeURIComponent(address)}`} />
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

function lossTitle(dropped: number, lost: number): string {
  if (lost > 0) return 'Some traffic never came here';
  return dropped > 0 ? 'Some details were left out under load' : 'Some packets could not be read';
}

/** What was given up to stay within memory, as a flood makes it, and threads that died; empty when nothing was. */
function shedText({ flows, datagrams, segments, workers }: TrafficSummary['drops']): string {
  const parts = [
    [flows, 'flows ended early, those of care last'],
    [datagrams, 'datagrams in fragments were given up'],
    [segments, 'times a connection went on without waiting for missing bytes'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`);
  const memory = said.length === 0 ? '' : `To stay within memory: ${said.join(', ')}.`;
  return workers === 0 ? memory : `${memory} Workers were started again ${formatCount(workers)} times.`.trim();
}

/** Empty where nothing was left out. */
function leftOutText(flows: number, records: number): string {
  if (flows + records === 0) return '';
  const said = [
    flows > 0 && `${formatCount(flows)} flow rows`,
    records > 0 && `${formatCount(records)} application records`,
  ];
  return `${said.filter(Boolean).join(' and ')} were dropped; assets and verdicts do not suffer: facts are never dropped. `;
}

/** What was not seen must be said: a picture with holes is no full picture. */
function Losses({ summary }: { summary: TrafficSummary }) {
  const { drops, malformedPackets } = summary;
  const dropped = drops.telemetry + drops.records;
  const shed = shedText(drops);
  if (dropped === 0 && malformedPackets === 0 && drops.capture === 0 && shed === '') return null;
  return (
    <Alert
      color="orange"
      variant="outline"
      icon={<IconAlertTriangle aria-hidden />}
      title={lossTitle(dropped, drops.capture)}
    >
      <Text size="sm">
        {drops.capture > 0 &&
          `${formatCount(drops.capture)} packets or records were lost before they came here: in a capture's kernel, on the way, or at the exporter. What they would have shown is missing. `}
        {leftOutText(drops.telemetry, drops.records)}
        {malformedPackets > 0 && `${formatCount(malformedPackets)} packets were malformed. `}
        {shed}
      </Text>
    </Alert>
  );
}
