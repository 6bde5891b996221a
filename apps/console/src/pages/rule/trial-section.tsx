import { Button, FileInput, Group, Select, Stack, Table, Text } from '@mantine/core';
import type { Detection } from '@sphinx/schema';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { request } from '../../api/request.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { formatCount, formatQuantity } from '../../components/format.ts';
import { TableHead } from '../../components/table-head.tsx';
import { formatTime } from '../../components/time-text.tsx';
import { Section } from '../asset/section.tsx';
import { costText } from '../rules/rules-view.tsx';
import { useSources } from '../sources/queries.ts';

interface Trial {
  readonly packets: number;
  readonly detections: readonly Detection[];
  readonly isCut: boolean;
  readonly looks: number;
  readonly milliseconds: number;
}

/** What a rule would find in a capture, before it is on. */
export function TrialSection({ text, isFit }: { text: string; isFit: boolean }) {
  const [file, setFile] = useState<File | null>(null);
  const [source, setSource] = useState<string | null>(null);
  // Packets of others are not kept; the server says so where they are gone.
  const sources = useSources().data?.filter(({ kind, path }) => kind !== 'file' || path !== undefined) ?? [];
  const trial = useMutation({
    mutationFn: () =>
      request<Trial>('POST', '/rules/trial', {
        query: { rule: text, source: file === null ? (source ?? undefined) : undefined },
        ...(file === null ? {} : { body: file }),
      }),
  });
  return (
    <Section title="Try it">
      <Stack gap="sm">
        <Group align="end">
          <FileInput
            label="Capture file"
            description="Nothing of it is kept"
            placeholder="pcap or pcapng"
            w={260}
            clearable
            value={file}
            onChange={setFile}
          />
          <Select
            label="Or the packets of a source"
            description="A file on the server, or a packet buffer"
            placeholder={sources.length === 0 ? 'no source' : 'choose one'}
            w={280}
            clearable
            clearButtonProps={{ 'aria-label': 'No source' }}
            disabled={file !== null || sources.length === 0}
            data={sources.map(({ id, title }) => ({ value: id, label: title }))}
            value={source}
            onChange={setSource}
          />
          <Button
            loading={trial.isPending}
            disabled={!isFit || (file === null && source === null)}
            onClick={() => trial.mutate()}
          >
            Try the rule
          </Button>
        </Group>
        <ErrorText error={trial.error} />
        {trial.data !== undefined && <TrialResult trial={trial.data} />}
      </Stack>
    </Section>
  );
}

function TrialResult({ trial }: { trial: Trial }) {
  const { packets, detections, isCut, looks } = trial;
  return (
    <>
      <Text size="sm" role="status">
        {isCut
          ? `More than ${formatCount(detections.length)} detections`
          : formatQuantity(detections.length, 'detection')}{' '}
        in {formatQuantity(packets, 'packet')}. It was looked at {formatQuantity(looks, 'time')}, which cost{' '}
        {costText(trial)} of processor time.
      </Text>
      {detections.length > 0 && (
        <Table aria-label="What it would find" verticalSpacing={4}>
          <TableHead columns={['When', 'From', 'To', { title: 'Packet', isNumber: true }]} />
          <Table.Tbody>
            {detections.slice(0, 50).map(({ id, time, source, destination, packet }) => (
              <Table.Tr key={id}>
                <Table.Td>{formatTime(time)}</Table.Td>
                <Table.Td>
                  {source.ip} port {source.port}
                </Table.Td>
                <Table.Td>
                  {destination.ip} port {destination.port}
                </Table.Td>
                <Table.Td ta="right">{formatCount(packet.number)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </>
  );
}
