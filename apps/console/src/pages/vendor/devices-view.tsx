import { Anchor, Badge, Group, Table, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { SampleBadge, VerdictBadge } from '../../components/badges.tsx';
import { formatCount, formatQuantity } from '../../components/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { formatTime, TimeText } from '../../components/time-text.tsx';
import { useMakerView, useVendorDevices, type VendorDevice } from './queries.ts';

/** Which of our devices does this hospital trust? */
export function DevicesView() {
  const { data, error, isPending, refetch } = useVendorDevices();
  const [search, setSearch] = useState('');
  if (isPending) return <LoadingState what="the devices" />;
  if (data === undefined) return <ErrorState error={error} onRetry={refetch} />;
  if (data.items.length === 0) {
    return (
      <EmptyState
        title="No device of this maker has been verified"
        description="Devices appear here by themselves when the hospital sees them and knows who made them."
      />
    );
  }
  const wanted = search.trim().toLowerCase();
  const shown = data.items.filter(({ model, serial, software }) =>
    `${model} ${serial} ${software}`.toLowerCase().includes(wanted),
  );
  return (
    <>
      <Group justify="space-between" mb="sm">
        <TextInput
          aria-label="Model, serial number or software"
          placeholder="Model, serial number or software"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          w={320}
        />
        <Text size="sm" role="status">
          {formatQuantity(shown.length, 'device')}
        </Text>
      </Group>
      <Table.ScrollContainer minWidth={720}>
        <Table aria-label="Devices" highlightOnHover>
          <TableHead
            columns={[
              'Device',
              'Serial number',
              'Software',
              'Verdict',
              { title: 'Failed checks', isNumber: true },
              'Certificate',
            ]}
          />
          <Table.Tbody>
            {shown.map((device) => (
              <DeviceRow key={device.id} device={device} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}

function DeviceRow({ device }: { device: VendorDevice }) {
  const { maker } = useMakerView();
  const query = maker === undefined ? '' : `?maker=${encodeURIComponent(maker)}`;
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap={6}>
          <Anchor component={Link} to={`/vendor/${encodeURIComponent(device.id)}${query}`} size="sm">
            {[device.maker, device.model || 'unknown model'].join(' ')}
          </Anchor>
          {device.isSample && <SampleBadge />}
        </Group>
      </Table.Td>
      <Table.Td>{device.serial || 'not known'}</Table.Td>
      <Table.Td>{device.software || 'not known'}</Table.Td>
      <Table.Td>
        <VerdictBadge verdict={device.verdict} />
        <Text size="xs" c="dimmed">
          <TimeText time={device.verifiedAt} />
        </Text>
      </Table.Td>
      <Table.Td ta="right">{formatCount(device.failed)}</Table.Td>
      <Table.Td>
        <CertificateText certificate={device.certificate} />
      </Table.Td>
    </Table.Tr>
  );
}

export function CertificateText({ certificate }: Pick<VendorDevice, 'certificate'>) {
  if (certificate === null) return <Text size="sm">none</Text>;
  const { status, expiresAt, publicLink } = certificate;
  return (
    <>
      <Badge tt="none" color={status === 'valid' ? 'green.9' : 'gray.7'}>
        {status}
      </Badge>
      {status === 'valid' && <Text size="xs">until {formatTime(expiresAt)}</Text>}
      {publicLink !== null && (
        <Anchor href={publicLink} target="_blank" rel="noreferrer" size="xs" display="block">
          Public page
        </Anchor>
      )}
    </>
  );
}
