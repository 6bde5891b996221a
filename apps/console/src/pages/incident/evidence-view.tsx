import { Button, Checkbox, FileButton, Group, Modal, Stack, Table, Text, TextInput } from '@mantine/core';
import { IconDownload, IconPackageExport } from '@tabler/icons-react';
import { useState } from 'react';
import { useMay } from '../../api/session.ts';
import { downloadFile } from '../../components/csv.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { formatBytes } from '../../components/format.ts';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { formatTime } from '../../components/time-text.tsx';
import { Section } from '../asset/section.tsx';
import { incidentName } from '../incidents/incident-words.tsx';
import { type IncidentDetail, pathOf, useIncidentChange } from '../incidents/queries.ts';
import {
  addEvidence,
  collectEvidence,
  type EvidenceItem,
  fetchFile,
  useCustody,
  useEvidence,
} from './evidence-queries.ts';

/** What proves the incident, and who had it in hand. */
export function EvidenceView({ incident }: { incident: IncidentDetail }) {
  const { data, error, refetch } = useEvidence(incident.id);
  const mayWrite = useMay('incidents:write');
  const collect = useIncidentChange(() => collectEvidence(incident.id));
  const add = useIncidentChange((file: File) => addEvidence(incident.id, file));
  return (
    <Stack gap="md">
      <Section title="Evidence">
        <Group mb="sm">
          {mayWrite && (
            <Button variant="default" loading={collect.isPending} onClick={() => collect.mutate(undefined)}>
              Collect again
            </Button>
          )}
          {mayWrite && (
            <FileButton onChange={(file) => file !== null && add.mutate(file)}>
              {(button) => (
                <Button variant="default" loading={add.isPending} {...button}>
                  Add a file
                </Button>
              )}
            </FileButton>
          )}
          <ExportButton incident={incident} />
        </Group>
        <Text size="sm" c="dimmed" mb="sm">
          Event logs of Windows (EVTX) and triage archives of KAPE, Velociraptor and UAC are read; their events join the
          time line.
        </Text>
        <ErrorText error={collect.error ?? add.error} />
        {data === undefined && error === null && <LoadingState what="the evidence" />}
        {data === undefined && error !== null && <ErrorState error={error} onRetry={refetch} />}
        {data?.items.length === 0 && <Text size="sm">Nothing is collected yet.</Text>}
        {data !== undefined && data.items.length > 0 && <EvidenceTable incident={incident} items={data.items} />}
      </Section>
      <CustodySection incident={incident} />
    </Stack>
  );
}

function EvidenceTable({ incident, items }: { incident: IncidentDetail; items: readonly EvidenceItem[] }) {
  const mayLook = useMay('evidence:unmask');
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table aria-label="Evidence, oldest first" verticalSpacing={4}>
        <TableHead
          columns={['What', 'Collected', { title: 'Size', isNumber: true }, 'SHA-256', ...(mayLook ? ['Look'] : [])]}
        />
        <Table.Tbody>
          {items.map((item) => (
            <Table.Tr key={item.id}>
              <Table.Td maw={320} style={{ overflowWrap: 'anywhere' }}>
                <Text size="sm">{item.about}</Text>
                {!item.isMasked && (
                  <Text size="xs" c="dimmed">
                    may name patients
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                {formatTime(item.collectedAt)}
                <Text size="xs" c="dimmed">
                  {item.collectedBy}
                </Text>
              </Table.Td>
              <Table.Td ta="right">{formatBytes(item.sizeBytes)}</Table.Td>
              <Table.Td maw={180} style={{ overflowWrap: 'anywhere' }}>
                <Text size="xs" ff="monospace">
                  {item.sha256}
                </Text>
              </Table.Td>
              {mayLook && (
                <Table.Td>
                  <ReasonButton
                    title={`Download ${item.name}`}
                    label="Download"
                    onReason={async (reason) =>
                      downloadFile(
                        item.name,
                        await fetchFile(`${pathOf(incident.id)}/evidence/${item.id}/content`, { reason }),
                      )
                    }
                  />
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function ExportButton({ incident }: { incident: IncidentDetail }) {
  const mayExport = useMay('evidence:export');
  const mayUnmask = useMay('evidence:unmask');
  const [isUnmasked, setUnmasked] = useState(false);
  if (!mayExport) return null;
  return (
    <ReasonButton
      title="Export the case"
      label="Export"
      isMain
      onReason={async (reason) =>
        downloadFile(
          `${incidentName(incident)}.zip`,
          await fetchFile(`${pathOf(incident.id)}/export`, { reason, isUnmasked }),
        )
      }
    >
      <Text size="sm">
        One file with evidence, chain of custody, CASE/UCO and report. "sphinx evidence check" verifies it offline.
      </Text>
      {mayUnmask && (
        <Checkbox
          label="With what may name patients: packets and added files"
          checked={isUnmasked}
          onChange={({ currentTarget }) => setUnmasked(currentTarget.checked)}
        />
      )}
    </ReasonButton>
  );
}

/** Asks why, since it is recorded. */
function ReasonButton(props: {
  title: string;
  label: string;
  isMain?: boolean;
  onReason: (reason: string) => Promise<void>;
  children?: React.ReactNode;
}) {
  const { title, label, isMain = false, onReason, children } = props;
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const send = useIncidentChange(async () => {
    await onReason(reason.trim());
    setOpen(false);
    setReason('');
  });
  return (
    <>
      <Button
        variant="default"
        size={isMain ? 'sm' : 'compact-sm'}
        leftSection={isMain ? <IconPackageExport size={16} aria-hidden /> : <IconDownload size={14} aria-hidden />}
        aria-label={isMain ? undefined : title}
        onClick={() => setOpen(true)}
      >
        {label}
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={title} centered>
        <Stack>
          {children}
          <TextInput
            label="Why?"
            description="Stands in the chain of custody."
            required
            value={reason}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
          />
          <ErrorText error={send.error} />
          <Group justify="flex-end">
            <Button disabled={reason.trim().length < 3} loading={send.isPending} onClick={() => send.mutate(undefined)}>
              {label}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

function CustodySection({ incident }: { incident: IncidentDetail }) {
  const { data } = useCustody(incident.id);
  if (data === undefined || data.items.length === 0) return null;
  return (
    <Section title="Chain of custody">
      <Table.ScrollContainer minWidth={640}>
        <Table aria-label="Chain of custody, oldest first" verticalSpacing={4}>
          <TableHead columns={[{ title: 'No.', isNumber: true }, 'When', 'Who', 'What']} />
          <Table.Tbody>
            {data.items.map((entry) => (
              <Table.Tr key={entry.sequence}>
                <Table.Td ta="right">{entry.sequence}</Table.Td>
                <Table.Td style={{ whiteSpace: 'nowrap' }}>
                  {formatTime(entry.time)}
                  {entry.authorityStamp !== null && (
                    <Text size="xs" c="dimmed" style={{ whiteSpace: 'normal' }}>
                      stamped {formatTime(entry.authorityStamp.time)} by {entry.authorityStamp.authority}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>{entry.actor}</Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>
                  {entry.action}: {entry.detail}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Text size="xs" c="dimmed" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
        last hash {data.items.at(-1)?.hash}
      </Text>
    </Section>
  );
}
