import { Button, Group, ScrollArea, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, apiUrl, request } from '../../api/request.ts';
import { useMay } from '../../api/session.ts';
import { downloadFile } from '../../components/csv.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { formatCount } from '../../components/format.ts';
import { SectionTitle } from '../../components/section-title.tsx';
import { LoadingState } from '../../components/states.tsx';
import { type ByteRow, rowsOfChunk } from './byte-rows.ts';

interface FlowBytes {
  readonly isKept: boolean;
  readonly isCut: boolean;
  readonly chunks: readonly {
    readonly direction: 'sent' | 'received';
    readonly time: number;
    readonly offset: number;
    readonly hex: string;
  }[];
}

/** The bytes of a flow, where its packets are kept: hidden but for what is harmless, whole as a recorded download. */
export function FlowPackets({ id }: { id: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Group justify="space-between">
        <SectionTitle>Bytes</SectionTitle>
        <Button size="xs" variant="default" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Hide the bytes' : 'Show the bytes'}
        </Button>
      </Group>
      {isOpen && <Bytes id={id} />}
    </>
  );
}

function Bytes({ id }: { id: string }) {
  const path = `/traffic/flows/${encodeURIComponent(id)}`;
  const { data, error } = useQuery({
    queryKey: ['traffic', 'bytes', id],
    queryFn: ({ signal }) => request<FlowBytes>('GET', `${path}/bytes`, { signal }),
    // Packets are read again from disk: once for a look, not whenever traffic comes.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnMount: false,
  });
  if (data === undefined) return error === null ? <LoadingState what="the bytes" /> : <ErrorText error={error} />;
  if (!data.isKept) {
    return (
      <Text size="sm" c="dimmed">
        Its packets are not kept. Who may change settings can switch the packet buffer of traffic monitoring on, which
        keeps the latest packets of live sources for a time.
      </Text>
    );
  }
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        Shown is what the protocol says to name no patient and to open no door; every other byte is a dot.
        {data.isCut && ' Of each side the first 32 kB.'}
      </Text>
      {data.chunks.length === 0 && <Text size="sm">It carries no bytes beyond its headers.</Text>}
      {data.chunks.length > 0 && <ByteView chunks={data.chunks} />}
      <PacketDownload id={id} path={path} />
    </Stack>
  );
}

function ByteView({ chunks }: Pick<FlowBytes, 'chunks'>) {
  return (
    <ScrollArea.Autosize mah={360} viewportProps={{ tabIndex: 0, 'aria-label': 'Bytes of the flow' }}>
      {chunks.map(({ direction, offset, time, hex }) => (
        <div key={`${direction} ${offset} ${time}`}>
          <Text size="xs" fw={600} mt="xs">
            {direction === 'sent' ? 'Sent' : 'Received'}, {formatCount(hex.length / 2)} bytes from {formatCount(offset)}{' '}
            on
          </Text>
          <pre style={{ margin: 0, fontSize: 12, lineHeight: 1.5 }}>
            {rowsOfChunk(offset, hex).map(lineOf).join('\n')}
          </pre>
        </div>
      ))}
    </ScrollArea.Autosize>
  );
}

function lineOf({ offset, hex, text }: ByteRow): string {
  return `${offset.toString(16).padStart(6, '0')}  ${hex.padEnd(47)}  ${text}`;
}

function PacketDownload({ id, path }: { id: string; path: string }) {
  const mayExport = useMay('packets:export');
  const download = useMutation({
    mutationFn: async () => {
      const response = await fetch(apiUrl(`${path}/packets`), { method: 'POST', headers: { 'x-sphinx-request': '1' } });
      if (!response.ok) throw new ApiError(response.status, await response.json());
      downloadFile(`flow-${id}.pcapng`, await response.blob());
    },
  });
  if (!mayExport) return null;
  return (
    <>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" c="dimmed">
          The packets themselves carry everything, patients’ data too. That they were taken is recorded.
        </Text>
        <Button
          size="xs"
          flex="none"
          leftSection={<IconDownload size={14} aria-hidden />}
          loading={download.isPending}
          onClick={() => download.mutate()}
        >
          Download packets
        </Button>
      </Group>
      <ErrorText error={download.error} />
    </>
  );
}
