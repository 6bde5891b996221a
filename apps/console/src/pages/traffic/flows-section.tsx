import { Button, Group, Select, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconDownload } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import { SampleBadge } from '../../components/badges.tsx';
import { downloadCsv } from '../../components/csv.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { formatBytes, formatCount } from '../../components/format.ts';
import { TimeText } from '../../components/time-text.tsx';
import { Section } from '../asset/section.tsx';
import { EncryptionBadge } from '../asset/services-section.tsx';
import { type Flow, useFlows } from './queries.ts';

const TYPING_PAUSE_MS = 300;

/** Single conversations, newest first. The filter is in the address of the page. */
export function FlowsSection({ protocols }: { protocols: readonly string[] }) {
  const [parameters, setParameters] = useSearchParams();
  const address = parameters.get('address') ?? '';
  const protocol = parameters.get('protocol');
  const list = useFlows({ address, protocol });
  const flows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const change = (name: string, value: string | null) => {
    const next = new URLSearchParams(parameters);
    if (value === null || value === '') next.delete(name);
    else next.set(name, value);
    setParameters(next, { replace: true, preventScrollReset: true });
  };
  return (
    <Section
      title="Flows"
      aside={
        <Group align="end" gap="xs">
          <AddressInput value={address} onChange={(value) => change('address', value)} />
          <Select
            size="xs"
            label="Protocol"
            placeholder="All"
            clearable
            clearButtonProps={{ 'aria-label': 'Clear protocol' }}
            searchable
            value={protocol}
            data={[...new Set([...protocols, ...(protocol === null ? [] : [protocol])])]}
            onChange={(value) => change('protocol', value)}
          />
          <Button
            size="xs"
            variant="default"
            disabled={flows.length === 0}
            leftSection={<IconDownload size={14} aria-hidden />}
            onClick={() => exportFlows(flows)}
          >
            CSV
          </Button>
        </Group>
      }
    >
      <ErrorText error={list.error} />
      {list.isPending && <Text size="sm">Loading the flows …</Text>}
      {list.data !== undefined && flows.length === 0 && (
        <Text size="sm" c="dimmed">
          {address === '' && protocol === null
            ? 'No flow has finished yet. Long ones appear while they last.'
            : 'No flow fits this filter.'}
        </Text>
      )}
      {flows.length > 0 && <FlowTable flows={flows} />}
      {list.hasNextPage && (
        <Button mt="sm" variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
          Show more
        </Button>
      )}
    </Section>
  );
}

function AddressInput({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  useEffect(() => {
    // A link of this page changed it; while somebody types, the text leads.
    if (document.activeElement !== input.current) setText(value);
  }, [value]);
  const tell = useDebouncedCallback(onChange, TYPING_PAUSE_MS);
  return (
    <TextInput
      ref={input}
      size="xs"
      label="Address"
      placeholder="10.20.0.10"
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        tell(event.currentTarget.value.trim());
      }}
    />
  );
}

function FlowTable({ flows }: { flows: readonly Flow[] }) {
  return (
    <Table.ScrollContainer minWidth={960}>
      <Table aria-label="Flows, newest first" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Started</Table.Th>
            <Table.Th>From</Table.Th>
            <Table.Th>To</Table.Th>
            <Table.Th>Protocol</Table.Th>
            <Table.Th>Encryption</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th ta="right">Sent</Table.Th>
            <Table.Th ta="right">Received</Table.Th>
            <Table.Th ta="right">Lasted</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {flows.map((flow) => (
            <FlowRow key={`${flow.source_id}|${flow.flow_id}|${flow.time}|${flow.end_time}`} flow={flow} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function FlowRow({ flow }: { flow: Flow }) {
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap={6} wrap="nowrap">
          <TimeText time={flow.time} />
          {flow.is_sample && <SampleBadge />}
        </Group>
      </Table.Td>
      <Table.Td ff="monospace">{endOf(flow.src_ip, flow.src_port)}</Table.Td>
      <Table.Td ff="monospace">{endOf(flow.dst_ip, flow.dst_port)}</Table.Td>
      <Table.Td>
        {flow.app_name} ({flow.transport})
      </Table.Td>
      <Table.Td>
        <EncryptionBadge isEncrypted={flow.is_encrypted} />
      </Table.Td>
      <Table.Td>{flow.state}</Table.Td>
      <Table.Td ta="right">{formatBytes(flow.bytes_out)}</Table.Td>
      <Table.Td ta="right">{formatBytes(flow.bytes_in)}</Table.Td>
      <Table.Td ta="right">{durationText(flow.end_time - flow.time)}</Table.Td>
    </Table.Tr>
  );
}

function endOf(ip: string, port: number): string {
  if (port === 0) return ip;
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}

function durationText(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds} ms` : `${formatCount(Math.round(milliseconds / 1000))} s`;
}

function exportFlows(flows: readonly Flow[]): void {
  const headings = [
    'Started',
    'Ended',
    'From',
    'To',
    'Transport',
    'Protocol',
    'Encrypted',
    'State',
    'Bytes sent',
    'Bytes received',
  ];
  const rows = flows.map((flow) => [
    new Date(flow.time).toISOString(),
    new Date(flow.end_time).toISOString(),
    endOf(flow.src_ip, flow.src_port),
    endOf(flow.dst_ip, flow.dst_port),
    flow.transport,
    flow.app_name,
    String(flow.is_encrypted),
    flow.state,
    flow.bytes_out,
    flow.bytes_in,
  ]);
  downloadCsv('flows.csv', headings, rows);
}
