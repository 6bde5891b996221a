import { Alert, Code, Paper, Stack, Text, Title } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { Fact, FactTable } from '../../components/fact-rows.tsx';
import { formatBytes, formatCount, formatQuantity } from '../../components/format.ts';
import { TimeText } from '../../components/time-text.tsx';
import { type LogArchive, useLogArchive } from './queries.ts';

/** How far the signed archive goes, and what is in it. */
export function ArchivePanel() {
  const { data, error } = useLogArchive();
  if (data === undefined && error === null) return null;
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Title order={2} size="h4">
          Archive
        </Title>
        {data === undefined ? (
          <Text size="sm" c="dimmed">
            No archive is kept. The setting "Keep a signed archive" of log collection switches it on.
          </Text>
        ) : (
          <ArchiveFacts archive={data} />
        )}
      </Stack>
    </Paper>
  );
}

function ArchiveFacts({ archive }: { archive: LogArchive }) {
  const { head, lines, segments, sizeBytes, unsigned, dropped, lost, keyId, folder, problem } = archive;
  return (
    <>
      {problem !== '' && (
        <Alert color="red" variant="outline" icon={<IconAlertCircle aria-hidden />} title="The archive needs a look">
          {problem}
        </Alert>
      )}
      <Text size="sm" c="dimmed">
        Lines as they came, in segments that are chained and signed. "sphinx logs verify" shows offline that none was
        changed, taken out or put in.
      </Text>
      <FactTable label="Archive of logs">
        <Fact title="Signed">
          {formatQuantity(lines, 'line')} in {formatQuantity(segments, 'segment')}, {formatBytes(sizeBytes)}
        </Fact>
        <Fact title="Not signed yet">{formatQuantity(unsigned, 'line')}</Fact>
        <Fact title="Dropped">{formatQuantity(dropped.lines, 'line')} when their time was over</Fact>
        {lost > 0 && <Fact title="Lost">{formatCount(lost)} could not be written</Fact>}
        {head !== null && (
          <Fact title="Up to">
            <TimeText time={head.time} />, entry {formatCount(head.sequence)}, <Code>{head.hash}</Code>
          </Fact>
        )}
        <Fact title="Key">
          <Code>{keyId}</Code>
        </Fact>
        <Fact title="Folder">{folder}</Fact>
      </FactTable>
    </>
  );
}
