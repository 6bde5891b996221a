import { Alert, Anchor, List, ScrollArea, Stack, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import { formatCount, formatQuantity } from '../../components/format.ts';
import { TableHead } from '../../components/table-head.tsx';
import type { ImportedReport, SoftwareImport } from './queries.ts';

const MOST_ROWS = 100;

/** What a file changes, or changed, for each device or model that it is about. @param isDone whether it was taken in already */
export function ImportReports({ file, isDone = false }: { file: SoftwareImport; isDone?: boolean }) {
  const { reports, totals, problems } = file;
  return (
    <Stack gap="sm">
      <ScrollArea.Autosize mah={320} viewportProps={{ tabIndex: 0, 'aria-label': 'What changes' }}>
        <Table aria-label={isDone ? 'What changed' : 'What would change'}>
          <TableHead columns={['About', 'Software', 'Also', 'To know']} />
          <Table.Tbody>
            {reports.slice(0, MOST_ROWS).map((report) => (
              <Table.Tr key={JSON.stringify(report)}>
                <Table.Td maw={220} style={{ overflowWrap: 'anywhere' }}>
                  <Subject report={report} />
                </Table.Td>
                <Table.Td>{softwareText(report)}</Table.Td>
                <Table.Td>{alsoText(report)}</Table.Td>
                <Table.Td maw={240}>
                  <Text size="sm">{report.note}</Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
      {totals.reports > MOST_ROWS && (
        <Text size="sm">and {formatQuantity(totals.reports - MOST_ROWS, 'further device')}</Text>
      )}
      {totals.problems > 0 && (
        <Alert color="yellow" variant="outline" title={`${formatQuantity(totals.problems, 'row')} left out`}>
          <List size="sm">
            {problems.slice(0, 10).map(({ where, what }) => (
              <List.Item key={`${where} ${what}`} style={{ overflowWrap: 'anywhere' }}>
                {where}: {what}
              </List.Item>
            ))}
          </List>
          {totals.problems > 10 && <Text size="sm">and {formatCount(totals.problems - 10)} more</Text>}
        </Alert>
      )}
    </Stack>
  );
}

function Subject({ report: { subject, assetId, assets } }: { report: ImportedReport }) {
  if (assetId !== null) {
    return (
      <Anchor component={Link} to={`/assets/${encodeURIComponent(assetId)}`} size="sm">
        {subject}
      </Anchor>
    );
  }
  return (
    <>
      {subject}
      <Text size="xs" c="dimmed">
        {formatQuantity(assets, 'device')} here
      </Text>
    </>
  );
}

function softwareText({ software, added, removed }: ImportedReport): string {
  if (software === null) return 'none';
  if (added === 0 && removed === 0) return `${formatQuantity(software, 'component')}, as before`;
  return `${formatQuantity(software, 'component')}: ${formatCount(added)} new, ${formatCount(removed)} gone`;
}

function alsoText({ weaknesses, answers, evidence }: ImportedReport): string {
  const parts = [
    weaknesses === null ? '' : formatQuantity(weaknesses, 'weakness', 'weaknesses'),
    answers === null ? '' : formatQuantity(answers, 'answer'),
    evidence === 0 ? '' : `${formatQuantity(evidence, 'statement')} on identity`,
  ];
  return parts.filter(Boolean).join(', ');
}
