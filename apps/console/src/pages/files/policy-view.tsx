import { Alert, Button, List, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconSettings } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useMay } from '../../api/session.ts';
import { formatBytes, formatQuantity } from '../../components/format.ts';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { Meaning } from './file-matches.tsx';
import { type FilePolicy, useFilePolicy, useYaraRules } from './queries.ts';

const NAMES = {
  programs:
    'Names are stored of programs and scripts only, since others may be those of patients; of the rest the ending.',
  all: 'Every name is stored, those of documents and images too, which may be those of patients.',
  none: 'No name is stored, only endings.',
} as const;

/** How files are treated, and which rules look at them. */
export function PolicyView() {
  const policy = useFilePolicy();
  const maySeeSettings = useMay('settings:read');
  if (policy.data === undefined) {
    return policy.error === null ? (
      <LoadingState what="the policy" />
    ) : (
      <ErrorState error={policy.error} onRetry={policy.refetch} />
    );
  }
  return (
    <Stack>
      <Paper component="section">
        <Title order={2} size="h4" mb="xs">
          How files are treated
        </Title>
        <List size="sm" spacing={4} mb="sm">
          {sentencesOf(policy.data).map((sentence) => (
            <List.Item key={sentence}>{sentence}</List.Item>
          ))}
        </List>
        {maySeeSettings && (
          <Button
            component={Link}
            to="/settings?search=file"
            variant="default"
            size="xs"
            leftSection={<IconSettings size={14} aria-hidden />}
          >
            Settings of files
          </Button>
        )}
      </Paper>
      {policy.data.rejected.map(({ name, reason }) => (
        <Alert
          key={name}
          color="orange"
          variant="outline"
          icon={<IconAlertTriangle aria-hidden />}
          title={`The rules of ${name} are not in force`}
        >
          <Text size="sm" ff="monospace" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {reason}
          </Text>
        </Alert>
      ))}
      <Rules />
    </Stack>
  );
}

function sentencesOf(policy: FilePolicy): readonly string[] {
  if (!policy.followsFiles) return ['Files are not followed: nothing is hashed, scanned or kept.'];
  const { maximumFileMegabytes, rules, keptFileDays, keptFileMegabytes, keptNow } = policy;
  return [
    `The first ${maximumFileMegabytes} MB of every file are scanned with ${formatQuantity(rules, 'YARA rule')}; the rest is hashed.`,
    NAMES[policy.fileNames],
    `${keptText(policy)} Clinical content is never kept.`,
    ...(policy.keptFiles === 'none'
      ? []
      : [
          `Kept content is encrypted and goes after ${formatQuantity(keptFileDays, 'day')}, the oldest earlier beyond ${formatBytes(keptFileMegabytes * 1e6)} in all.`,
        ]),
    `At the moment ${formatQuantity(keptNow.files, 'file')} with ${formatBytes(keptNow.bytes)} ${keptNow.files === 1 ? 'is' : 'are'} kept.`,
  ];
}

function keptText({ keptFiles, keptFileTypes }: FilePolicy): string {
  if (keptFiles === 'none') return 'No content is kept.';
  const matched = 'Content is kept of files that match a YARA rule or that a rule asks to keep';
  if (keptFiles === 'matched' || keptFileTypes.length === 0) return `${matched}.`;
  return `${matched}, and of these types: ${keptFileTypes.join(', ')}.`;
}

function Rules() {
  const rules = useYaraRules();
  if (rules.data === undefined) {
    return rules.error === null ? (
      <LoadingState what="the YARA rules" />
    ) : (
      <ErrorState error={rules.error} onRetry={rules.refetch} />
    );
  }
  return (
    <Paper component="section">
      <Title order={2} size="h4" mb="xs">
        YARA rules in force
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        Rules of your own go as .yar files into the folder that the settings name.
      </Text>
      <Table aria-label="YARA rules in force" verticalSpacing={6}>
        <Table.Tbody>
          {rules.data.map((meaning) => (
            <Table.Tr key={meaning.rule}>
              <Table.Td>
                <Meaning meaning={meaning} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}
