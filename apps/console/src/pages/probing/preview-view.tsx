import { Alert, Anchor, Button, Group, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useMay } from '../../api/session.ts';
import { AssetSelect } from '../../components/asset-select.tsx';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { formatBytes, formatCount, formatDuration, formatQuantity } from '../../components/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { useParameterChange } from '../../components/view-tabs.tsx';
import { AgreeDialog } from './agree-dialog.tsx';
import { CautionBadge, consentText, scheduleText } from './probing-words.tsx';
import { type ProbePreview, startRun, usePolicies, usePreview, useProbingChange } from './queries.ts';

/** What would be sent to this device, and may it be sent? Looking sends nothing. */
export function PreviewView() {
  const [parameters] = useSearchParams();
  const change = useParameterChange();
  const target = parameters.get('target');
  const { data, error, isLoading, refetch } = usePreview(target);
  return (
    <Stack>
      <AssetSelect
        label="Device"
        description="Looking sends nothing to it."
        value={target}
        onChange={(id) => change('target', id)}
        maw={420}
      />
      {target === null && (
        <EmptyState
          title="Choose a device"
          description="You see in words what would be sent to it, how much at most, and whether its policy allows it. Nothing is sent before you say so."
        />
      )}
      {isLoading && <LoadingState what="the preview" />}
      {data === undefined && error !== null && <ErrorState error={error} onRetry={refetch} />}
      {data !== undefined && target !== null && <Preview preview={data} target={target} />}
    </Stack>
  );
}

function Preview({ preview, target }: { preview: ProbePreview; target: string }) {
  const mayProbe = useMay('probes:write');
  const mayApprove = useMay('probes:approve');
  const [isAgreeing, setAgreeing] = useState(false);
  const start = useProbingChange(startRun);
  const run = async () => {
    const { state, reason } = await start.mutateAsync(target);
    notifications.show({
      message:
        state === 'refused' ? `Refused: ${reason}` : 'It is being asked. What it says follows under “What was sent”.',
    });
  };
  const { isAllowed, steps } = preview;
  return (
    <>
      <Alert
        color={isAllowed ? 'green' : 'yellow'}
        variant="outline"
        icon={isAllowed ? <IconCircleCheck aria-hidden /> : <IconCircleX aria-hidden />}
        title={isAllowed ? 'It may be asked now' : 'It may not be asked now'}
      >
        <Stack gap="xs" align="flex-start">
          <Sentence preview={preview} />
          <Group gap="xs">
            {isAllowed && mayProbe && steps.length > 0 && (
              <ConfirmButton
                question={`Ask ${preview.name} now?`}
                consequence={`${sumText(preview)} It stops by itself when the device answers slower.`}
                confirmLabel="Ask it"
                onConfirm={run}
              >
                Ask it now
              </ConfirmButton>
            )}
            {mayApprove && (
              <Button variant="default" onClick={() => setAgreeing(true)}>
                Agree to probes …
              </Button>
            )}
            <Anchor component={Link} to="/probing?view=record" size="sm">
              What was sent
            </Anchor>
          </Group>
        </Stack>
      </Alert>
      {steps.length > 0 && <Steps preview={preview} />}
      {isAgreeing && <AgreeDialog target={target} name={preview.name} onClose={() => setAgreeing(false)} />}
    </>
  );
}

function Sentence({ preview }: { preview: ProbePreview }) {
  const policy = usePolicies().data?.items.find(({ title }) => title === preview.policy);
  return (
    <Text size="sm">
      {preview.assetId === undefined ? (
        preview.name
      ) : (
        <Anchor component={Link} to={`/assets/${encodeURIComponent(preview.assetId)}`} size="sm" underline="always">
          {preview.name}
        </Anchor>
      )}{' '}
      ({preview.ip}){preview.policy !== '' && ` falls under “${preview.policy}”`}.
      {preview.reason !== '' && ` ${preview.reason}`}
      {policy !== undefined && ` ${consentText(policy)} ${scheduleText(policy)}`}
    </Text>
  );
}

function sumText({ packets, bytes, packetsPerSecond, steps }: ProbePreview): string {
  const seconds = packetsPerSecond === 0 ? 0 : Math.ceil(packets / packetsPerSecond);
  return `At most ${formatQuantity(packets, 'packet')} with ${formatBytes(bytes)} in ${formatQuantity(steps.length, 'probe')}, ${packetsPerSecond} packets a second: about ${formatDuration(seconds * 1000)}.`;
}

function Steps({ preview }: { preview: ProbePreview }) {
  return (
    <Paper component="section">
      <Title order={2} size="h4">
        What would be sent
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {sumText(preview)} One after the other, never two at once. Nothing is written to the device, and no weakness is
        exploited.
      </Text>
      <Table.ScrollContainer minWidth={720}>
        <Table aria-label="What would be sent, in its order">
          <TableHead
            columns={['Probe', 'What it sends', 'Care', 'Ports', { title: 'Packets, at most', isNumber: true }]}
          />
          <Table.Tbody>
            {preview.steps.map(({ probe, title, sends, caution, ports, conditionalPorts, packets }) => (
              <Table.Tr key={probe}>
                <Table.Td maw={180}>{title}</Table.Td>
                <Table.Td maw={340}>
                  <Text size="sm">{sends}</Text>
                </Table.Td>
                <Table.Td maw={170}>
                  <CautionBadge caution={caution} />
                </Table.Td>
                <Table.Td maw={200}>
                  <Text size="sm">{ports.join(', ')}</Text>
                  {conditionalPorts.length > 0 && (
                    <Text size="xs" c="dimmed">
                      where open: {conditionalPorts.join(', ')}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td ta="right">{formatCount(packets)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}
