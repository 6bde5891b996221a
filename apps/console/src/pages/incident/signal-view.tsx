import { Table, Text } from '@mantine/core';
import { SeverityBadge } from '../../components/badges.tsx';
import { formatCount } from '../../components/format.ts';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { formatTime } from '../../components/time-text.tsx';
import { PacketText } from '../asset/packet-text.tsx';
import { type IncidentDetail, type IncidentSignal, useIncidentSignals } from '../incidents/queries.ts';
import { DeviceName } from './device-name.tsx';

const KINDS: Readonly<Record<string, string>> = {
  'network-rule': 'rule over traffic',
  model: 'model',
  'data-protection': 'data protection',
  'log-rule': 'rule over logs',
  'log-search': 'search in logs',
  anomaly: 'anomaly',
  decoy: 'decoy',
  honeytoken: 'honeytoken',
  outage: 'outage',
  verdict: 'verification',
};

/** What the incident is made of, repetitions in one line. */
export function SignalView({ incident }: { incident: IncidentDetail }) {
  const { data, error, refetch } = useIncidentSignals(incident.id);
  if (data === undefined)
    return error === null ? <LoadingState what="the alerts" /> : <ErrorState error={error} onRetry={refetch} />;
  return (
    <Table.ScrollContainer minWidth={900}>
      <Table aria-label="Alerts, oldest first" verticalSpacing={6}>
        <TableHead
          columns={[
            'Began',
            'What',
            'From',
            'To',
            { title: 'Times', isNumber: true },
            { title: 'Points', isNumber: true },
            'Seen in',
          ]}
        />
        <Table.Tbody>
          {data.items.map((each) => (
            <SignalRow key={each.key} signal={each} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function SignalRow({ signal }: { signal: IncidentSignal }) {
  const packet = signal.references.find((reference) => reference.packet !== undefined)?.packet;
  return (
    <Table.Tr>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>{formatTime(signal.firstSeen)}</Table.Td>
      <Table.Td maw={360} style={{ overflowWrap: 'anywhere' }}>
        <SeverityBadge severity={signal.severity} />
        <Text size="sm">{signal.analytic.title}</Text>
        <Text size="xs" c="dimmed">
          {[KINDS[signal.kind] ?? signal.kind, ...signal.techniques].join(' · ')}
        </Text>
        {signal.message !== signal.analytic.title && <Text size="xs">{signal.message}</Text>}
      </Table.Td>
      <Table.Td>
        <Entities signal={signal} isTarget={false} />
      </Table.Td>
      <Table.Td>
        <Entities signal={signal} isTarget />
      </Table.Td>
      <Table.Td ta="right">{formatCount(signal.count)}</Table.Td>
      <Table.Td ta="right">{signal.points.toFixed(1)}</Table.Td>
      <Table.Td>{packet === undefined ? '' : <PacketText packet={packet} />}</Table.Td>
    </Table.Tr>
  );
}

function Entities({ signal, isTarget }: { signal: IncidentSignal; isTarget: boolean }) {
  return signal.entities
    .filter(({ role }) => (role === 'target') === isTarget)
    .slice(0, 5)
    .map(({ type, id, name }) =>
      type === 'asset' ? (
        <DeviceName key={id} id={id} name={name} />
      ) : (
        <Text key={id} size="sm" style={{ overflowWrap: 'anywhere' }}>
          {name}
        </Text>
      ),
    );
}
