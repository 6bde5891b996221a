import { Anchor, Button, Group, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { useMay } from '../../api/session.ts';
import { SampleBadge, SeverityBadge } from '../../components/badges.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { Fact, FactTable } from '../../components/fact-rows.tsx';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { formatTime, TimeText } from '../../components/time-text.tsx';
import { PacketText } from '../asset/packet-text.tsx';
import { BASIS_TITLES } from './anomaly-words.ts';
import { MeasureChart } from './measure-chart.tsx';
import { PeerLists } from './peer-lists.tsx';
import { type Anomaly, useAnomaly, useBaseline, useVerdict } from './queries.ts';

/** Detectors whose reason is whom a device speaks to. */
const ABOUT_PEERS: ReadonlySet<string> = new Set(['new-peer', 'unusual-peer', 'unusual-protocol', 'atypical-port']);

/** What was expected, what was seen, since when, how rare, and what a person says of it. */
export function AnomalyDetail({ id }: { id: string }) {
  const { data, error, refetch } = useAnomaly(id);
  if (data === undefined) {
    return error === null ? <LoadingState what="the anomaly" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  return (
    <Stack gap="md">
      <Group gap={6}>
        <SeverityBadge severity={data.severity} />
        {data.isSample && <SampleBadge />}
      </Group>
      <Comparison anomaly={data} />
      <Text size="sm">{data.advice}</Text>
      <Charts anomaly={data} />
      <VerdictForm anomaly={data} />
    </Stack>
  );
}

function Comparison({ anomaly }: { anomaly: Anomaly }) {
  const { actor, assetId, seen, expected, firstSeen, lastSeen, count, howRare, basis, techniques, packet, source } =
    anomaly;
  return (
    <FactTable label="What was expected and what was seen">
      <Fact title="Who">
        {assetId === null ? (
          <Text span ff="monospace" size="sm">
            {actor}
          </Text>
        ) : (
          <Anchor component={Link} to={`/assets/${encodeURIComponent(assetId)}`} size="sm">
            {actor}
          </Anchor>
        )}
      </Fact>
      <Fact title="Expected">{expected}</Fact>
      <Fact title="Seen">{seen}</Fact>
      <Fact title="Since">
        {formatTime(firstSeen)}, last <TimeText time={lastSeen} />
        {count > 1 && `, told ${count} times as it grew or repeated`}
      </Fact>
      <Fact title="How rare">
        {howRare}, compared with {BASIS_TITLES[basis]}
      </Fact>
      {techniques.length > 0 && <Fact title="ATT&CK">{techniques.join(', ')}</Fact>}
      {packet > 0 && (
        <Fact title="Seen in">
          <PacketText packet={{ source, number: packet, time: firstSeen }} />
        </Fact>
      )}
      {!anomaly.isTold && <Fact title="Alert">None: that day had more of this kind than a person can look at.</Fact>}
    </FactTable>
  );
}

function Charts({ anomaly }: { anomaly: Anomaly }) {
  const { data } = useBaseline(anomaly.assetId ?? anomaly.actor);
  if (data !== undefined && ABOUT_PEERS.has(anomaly.detector)) return <PeerLists peers={data.peers} />;
  const measure = data?.measures.find(({ id }) => id === anomaly.measure?.id);
  return measure === undefined || measure.recent.length === 0 ? null : <MeasureChart measure={measure} />;
}

function VerdictForm({ anomaly }: { anomaly: Anomaly }) {
  const mayWrite = useMay('anomalies:write');
  const decide = useVerdict(anomaly.id);
  const [note, setNote] = useState('');
  const [scope, setScope] = useState<'device' | 'kind'>('device');
  if (anomaly.verdict !== null) {
    const what = anomaly.verdict === 'normal' ? 'normal' : 'right to tell';
    return (
      <Stack gap="xs" align="start">
        <Text size="sm">
          {anomaly.decidedBy} said that it is {what}
          {anomaly.scope === 'kind' && ' for all of its kind'}
          {anomaly.note === '' ? '.' : `: ${anomaly.note}`}
        </Text>
        {mayWrite && (
          <Button variant="default" loading={decide.isPending} onClick={() => decide.mutate(null)}>
            Take it back
          </Button>
        )}
        <ErrorText error={decide.error} />
      </Stack>
    );
  }
  if (!mayWrite) return null;
  return (
    <Stack gap="xs">
      <Radio.Group
        label="Normal for"
        value={scope}
        onChange={(value) => setScope(value === 'kind' ? 'kind' : 'device')}
      >
        <Group mt={4}>
          <Radio value="device" label="this device" />
          <Radio value="kind" label="all of its kind" />
        </Group>
      </Radio.Group>
      <TextInput
        label="Why"
        value={note}
        maxLength={500}
        onChange={({ currentTarget }) => setNote(currentTarget.value)}
      />
      <Group>
        <Button loading={decide.isPending} onClick={() => decide.mutate({ verdict: 'normal', scope, note })}>
          This is normal
        </Button>
        <Button
          variant="default"
          loading={decide.isPending}
          onClick={() => decide.mutate({ verdict: 'confirmed', scope: 'device', note })}
        >
          It was right to tell
        </Button>
      </Group>
      <ErrorText error={decide.error} />
    </Stack>
  );
}
