import { Accordion, Anchor, Group, List, Stack, Table, Text, Title } from '@mantine/core';
import type { CheckResult } from '@sphinx/schema';
import { IconCircleCheck, IconCircleX, IconEyeOff, IconMinus } from '@tabler/icons-react';
import { SeverityBadge } from '../../components/badges.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { PacketText } from '../asset/packet-text.tsx';
import { OUTCOMES } from './outcomes.ts';
import { type CheckKnowledge, useChecks } from './queries.ts';

const ICONS = {
  fail: { Icon: IconCircleX, color: 'var(--mantine-color-red-text)' },
  pass: { Icon: IconCircleCheck, color: 'var(--mantine-color-green-text)' },
  'not-observed': { Icon: IconEyeOff, color: 'var(--mantine-color-dimmed)' },
  'not-applicable': { Icon: IconMinus, color: 'var(--mantine-color-dimmed)' },
} as const;

/** Results of checks, each with its evidence, why it matters and what to do. */
export function CheckResults({ results, opened }: { results: readonly CheckResult[]; opened: string | undefined }) {
  const { data: knowledge } = useChecks();
  const first = results[0]?.outcome === 'fail' ? results[0].checkId : undefined;
  const open = [opened ?? first].filter((id) => id !== undefined);
  return (
    <Accordion multiple variant="separated" defaultValue={open} key={open.join()} order={3}>
      {results.map((result) => (
        <Accordion.Item key={result.checkId} value={result.checkId} id={result.checkId}>
          <Accordion.Control icon={<OutcomeIcon outcome={result.outcome} />}>
            <Group gap="sm">
              <SeverityBadge severity={result.severity} />
              <Text size="sm" fw={600}>
                {result.title}
              </Text>
            </Group>
            <Text size="sm" c="dimmed" mt={4}>
              {result.reason}
            </Text>
          </Accordion.Control>
          <Accordion.Panel>
            <CheckDetails result={result} knowledge={knowledge?.get(result.checkId)} />
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}

function OutcomeIcon({ outcome }: { outcome: CheckResult['outcome'] }) {
  const { Icon, color } = ICONS[outcome];
  return <Icon size={22} color={color} role="img" aria-label={OUTCOMES[outcome].title} />;
}

function CheckDetails({ result, knowledge }: { result: CheckResult; knowledge: CheckKnowledge | undefined }) {
  return (
    <Stack gap="md">
      <Evidence result={result} />
      {knowledge !== undefined && <Paragraph title="Why it matters" text={knowledge.rationale} />}
      <Paragraph title="What to do" text={result.remedy} />
      {knowledge !== undefined && result.outcome === 'fail' && (
        <Paragraph title="Until then" text={knowledge.condition} />
      )}
      <div>
        <Title order={4} size="h6">
          References
        </Title>
        <List size="sm">
          {result.references.map(({ title, url }) => (
            <List.Item key={title}>
              {url === undefined ? (
                title
              ) : (
                <Anchor href={url} target="_blank" rel="noreferrer" inherit underline="always">
                  {title}
                </Anchor>
              )}
            </List.Item>
          ))}
        </List>
      </div>
      <Text size="xs" c="dimmed">
        Check {result.checkId}, version {result.checkVersion}
      </Text>
    </Stack>
  );
}

function Paragraph({ title, text }: { title: string; text: string }) {
  return (
    <div>
      <Title order={4} size="h6">
        {title}
      </Title>
      <Text size="sm">{text}</Text>
    </div>
  );
}

function Evidence({ result }: { result: CheckResult }) {
  if (result.evidence.length === 0) {
    return <Paragraph title="Evidence" text="None: nothing that this check looks at has been seen of the asset." />;
  }
  return (
    <div>
      <Title order={4} size="h6">
        Evidence
      </Title>
      <Table.ScrollContainer minWidth={640}>
        <Table aria-label={`Evidence of ${result.checkId}`} verticalSpacing={4}>
          <TableHead columns={['What was seen', 'Attribute', 'Where', 'When']} />
          <Table.Tbody>
            {result.evidence.map((item) => (
              <Table.Tr
                key={`${item.statement}|${item.value}|${item.packet?.source}|${item.packet?.number}|${item.time}`}
              >
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{item.statement}</Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>
                  {item.attribute === undefined ? (
                    '–'
                  ) : (
                    <>
                      <code>{item.attribute}</code>
                      {item.value === undefined ? '' : ` = ${item.value}`}
                    </>
                  )}
                </Table.Td>
                <Table.Td>
                  {item.packet === undefined ? 'not a single packet' : <PacketText packet={item.packet} />}
                </Table.Td>
                <Table.Td>
                  <TimeText time={item.time} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </div>
  );
}
