import { Alert, Anchor, Badge, Button, Group, List, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { IconDownload, IconHeartbeat } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { apiUrl } from '../../api/request.ts';
import { useMay } from '../../api/session.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { ViewTabs } from '../../components/view-tabs.tsx';
import { Section } from '../asset/section.tsx';
import { type PlaybookDetail, removePlaybook, usePlaybook } from '../playbooks/queries.ts';
import { StepGraph } from './step-graph.tsx';
import { StepList } from './step-list.tsx';

const VIEWS = [
  { id: 'steps', title: 'Steps' },
  { id: 'graph', title: 'Graph' },
  { id: 'care', title: 'Care and effects' },
  { id: 'sources', title: 'Sources' },
] as const;

/** What is to be done, by whom, in which order, and what does it mean for patients? */
export default function PlaybookPage() {
  const { id = '' } = useParams();
  const { data, error, isPending, refetch } = usePlaybook(id);
  if (isPending) return <LoadingState what="the playbook" />;
  if (data === undefined) return <ErrorState error={error} onRetry={refetch} />;
  return (
    <Stack gap="md">
      <PageHeader
        title={data.name}
        description={
          <>
            <Text>{data.description}</Text>
            <Group gap={6} mt={4}>
              {data.types.map((type) => (
                <Badge key={type} color="gray.7" tt="none" size="sm">
                  {type}
                </Badge>
              ))}
              <Text size="sm">
                {data.origin === 'sphinx' ? 'comes with SPHINX' : `brought in by ${data.broughtBy ?? 'somebody'}`},
                version of {data.modified.slice(0, 10)}
              </Text>
            </Group>
          </>
        }
        actions={<Actions playbook={data} />}
      />
      {data.response !== null && (
        <Alert color="red" variant="outline" icon={<IconHeartbeat aria-hidden />} title="Patients first">
          <List size="sm">
            {data.response.clinical_cautions.map((caution) => (
              <List.Item key={caution}>{caution}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      <ViewTabs views={VIEWS} label="Sides of the playbook">
        {({ id: view }) => {
          if (view === 'graph') return <StepGraph steps={data.outline} />;
          if (view === 'care') return <CareView playbook={data} />;
          return view === 'sources' ? <SourcesView playbook={data} /> : <StepList steps={data.outline} />;
        }}
      </ViewTabs>
    </Stack>
  );
}

function Actions({ playbook }: { playbook: PlaybookDetail }) {
  const mayWrite = useMay('playbooks:write');
  const navigate = useNavigate();
  return (
    <>
      {mayWrite && (
        <Button component={Link} to={`/playbooks/${encodeURIComponent(playbook.id)}/edit`} variant="default">
          {playbook.origin === 'sphinx' ? 'Copy and edit' : 'Edit'}
        </Button>
      )}
      <Button
        component="a"
        href={apiUrl(`/playbooks/${encodeURIComponent(playbook.id)}/export`)}
        variant="default"
        leftSection={<IconDownload size={16} aria-hidden />}
      >
        Export as CACAO
      </Button>
      {mayWrite && playbook.origin === 'hospital' && (
        <ConfirmButton
          variant="default"
          question="Remove this playbook?"
          consequence={
            playbook.isReplacing
              ? 'The one that SPHINX brings is in use again.'
              : 'It is proposed no more. Export it first to keep it.'
          }
          confirmLabel="Remove"
          onConfirm={async () => {
            await removePlaybook(playbook.id);
            navigate('/playbooks');
          }}
        >
          Remove
        </ConfirmButton>
      )}
    </>
  );
}

function CareView({ playbook: { response } }: { playbook: PlaybookDetail }) {
  if (response === null) return <Text c="dimmed">This playbook says nothing of care and effects.</Text>;
  const { effects } = response;
  return (
    <Stack gap="md">
      <Section title="What it does">
        <Table aria-label="What it does" withRowBorders={false} verticalSpacing={4}>
          <Table.Tbody>
            <Row title="Harm averted">{percentText(effects.risk_reduction)} of what is still to come</Row>
            <Row title="Works after">{rangeText(effects.minutes_to_effect, 'minutes')}</Row>
            <Row title="Work">{rangeText(effects.work_hours, 'hours')}</Row>
            <Row title="Cost beyond work">
              {effects.cost_euro === undefined ? 'unknown' : rangeText(effects.cost_euro, 'euro')}
            </Row>
            <Row title="Care">{effects.care_effect}</Row>
            <Row title="Care disturbed for">
              {effects.care_minutes === undefined ? 'unknown' : rangeText(effects.care_minutes, 'minutes')}
            </Row>
            <Row title="Can be undone">{effects.reversibility.replaceAll('-', ' ')}</Row>
            <Row title="Must agree">{response.approvers.join(', ') || 'nobody beyond who is on duty'}</Row>
          </Table.Tbody>
        </Table>
        <Text size="xs" c="dimmed">
          {effects.basis}
        </Text>
      </Section>
      <Section title="Whom to tell">
        <Table aria-label="Whom to tell" verticalSpacing={4}>
          <TableHead columns={['Whom', 'When', 'What']} />
          <Table.Tbody>
            {response.communication.map(({ audience, when, message }) => (
              <Table.Tr key={`${audience} ${when}`}>
                <Table.Td>{audience}</Table.Td>
                <Table.Td>{when}</Table.Td>
                <Table.Td>{message}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Section>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Section title="Coming back">
          <Texts texts={response.recovery} />
        </Section>
        <Section title="Lessons to ask for">
          <Texts texts={response.lessons} />
        </Section>
      </SimpleGrid>
    </Stack>
  );
}

function SourcesView({ playbook: { sources, digest, id } }: { playbook: PlaybookDetail }) {
  return (
    <Stack gap="xs">
      <List size="sm">
        {sources.map(({ name, url, externalId }) => (
          <List.Item key={`${name} ${externalId} ${url}`}>
            {url === null ? (
              name
            ) : (
              <Anchor href={url} target="_blank" rel="noreferrer">
                {externalId === null ? name : `${name} ${externalId}`}
              </Anchor>
            )}
          </List.Item>
        ))}
      </List>
      <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {id}, SHA-256 of the canonical form {digest}
      </Text>
    </Stack>
  );
}

function Row({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" w={180} fw={500} style={{ verticalAlign: 'top' }}>
        {title}
      </Table.Th>
      <Table.Td>{children}</Table.Td>
    </Table.Tr>
  );
}

function Texts({ texts }: { texts: readonly string[] }) {
  return (
    <List size="sm">
      {texts.map((text) => (
        <List.Item key={text}>{text}</List.Item>
      ))}
    </List>
  );
}

function percentText([low, high]: readonly [number, number]): string {
  return `${Math.round(low * 100)} to ${Math.round(high * 100)} %`;
}

function rangeText([low, high]: readonly [number, number], unit: string): string {
  const [from, to] = [low.toLocaleString('en'), high.toLocaleString('en')];
  return from === to ? `${from} ${unit}` : `${from} to ${to} ${unit}`;
}
