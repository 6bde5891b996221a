import { ActionIcon, Button, Group, Popover, Stack, Table, Text } from '@mantine/core';
import type { Asset, AssetFact, AssetFactName } from '@sphinx/schema';
import { IconEdit, IconHelpCircle } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { CorrectFactDialog } from './correct-fact-dialog.tsx';
import {
  DOWNTIME_COST_TITLES,
  FACT_TITLES,
  isDowntimeCost,
  isSafetyClass,
  ORIGIN_TITLES,
  SAFETY_CLASS_TITLES,
} from './fact-titles.ts';
import { PacketText } from './packet-text.tsx';
import { useChoices } from './queries.ts';
import { Section } from './section.tsx';

/** Facts that answer one question, each with how it is known and a way to correct it. */
export function FactsSection(props: {
  title: string;
  asset: Asset;
  names: readonly AssetFactName[];
  mayWrite: boolean;
  children?: ReactNode;
}) {
  const { title, asset, names, mayWrite, children } = props;
  const [corrected, setCorrected] = useState<AssetFactName | null>(null);
  return (
    <Section title={title}>
      <Table withRowBorders={false} verticalSpacing={4} aria-label={title}>
        <Table.Tbody>
          {names.map((name) => (
            <FactRow
              key={name}
              name={name}
              fact={asset.facts[name]}
              {...(mayWrite ? { onCorrect: () => setCorrected(name) } : {})}
            />
          ))}
          {children}
        </Table.Tbody>
      </Table>
      {corrected !== null && <CorrectFactDialog asset={asset} name={corrected} onClose={() => setCorrected(null)} />}
    </Section>
  );
}

function FactRow(props: { name: AssetFactName; fact: AssetFact | undefined; onCorrect?: () => void }) {
  const { name, fact, onCorrect } = props;
  const title = FACT_TITLES[name];
  return (
    <Table.Tr>
      <Table.Th scope="row" w={150} fw={500}>
        {title}
      </Table.Th>
      <Table.Td>
        {fact === undefined ? (
          <Text size="sm" c="dimmed" fs="italic">
            unknown
          </Text>
        ) : (
          <Group gap={6}>
            <FactValue name={name} value={fact.value} />
            <WhyPopover title={title} fact={fact} />
          </Group>
        )}
      </Table.Td>
      <Table.Td w={44}>
        {onCorrect !== undefined && (
          <ActionIcon variant="subtle" color="gray" aria-label={`Correct ${title.toLowerCase()}`} onClick={onCorrect}>
            <IconEdit size={16} aria-hidden />
          </ActionIcon>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function FactValue({ name, value }: { name: AssetFactName; value: string }) {
  const kinds = useChoices('/asset-kinds');
  const zones = useChoices('/zones');
  const choices = name === 'kind' ? kinds.data : name === 'zone' ? zones.data : undefined;
  const listed = choices?.find((choice) => choice.value === value)?.label;
  return <Text size="sm">{listed ?? wordsOf(name, value)}</Text>;
}

function wordsOf(name: AssetFactName, value: string): string {
  if (name === 'patientSafetyClass' && isSafetyClass(value)) return SAFETY_CLASS_TITLES[value];
  return name === 'downtimeCost' && isDowntimeCost(value) ? DOWNTIME_COST_TITLES[value] : value;
}

/** How sure, from where, and on which packets: one click from the value. */
function WhyPopover({ title, fact }: { title: string; fact: AssetFact }) {
  const percent = `${Math.round(fact.confidence * 100)} %`;
  return (
    <Popover width={420} position="bottom-start" withArrow trapFocus>
      <Popover.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          rightSection={<IconHelpCircle size={14} aria-hidden />}
          fw={400}
          aria-label={`${percent} · ${fact.origin.kind}. How do we know the ${title.toLowerCase()}?`}
        >
          {percent} · {fact.origin.kind}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={`How do we know the ${title.toLowerCase()}?`}>
        <Stack gap="xs">
          <Text size="sm" fw={600}>
            How do we know?
          </Text>
          <Text size="sm">
            {ORIGIN_TITLES[fact.origin.kind]} ({fact.origin.reference}
            {fact.origin.version === undefined ? '' : `, version ${fact.origin.version}`}), {percent} sure.
          </Text>
          {fact.evidence.length === 0 ? (
            <Text size="sm" c="dimmed">
              Nothing on the network is quoted for it.
            </Text>
          ) : (
            <EvidenceList evidence={fact.evidence} />
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function EvidenceList({ evidence }: { evidence: AssetFact['evidence'] }) {
  return (
    <Stack gap={6} component="ul" m={0} pl="md">
      {evidence.map((item) => (
        <Text key={`${item.attribute}=${item.value}`} size="sm" component="li" style={{ overflowWrap: 'anywhere' }}>
          <code>{item.attribute}</code> = {item.value}
          {item.packet !== undefined && (
            <>
              {' '}
              (<PacketText packet={item.packet} />)
            </>
          )}
        </Text>
      ))}
    </Stack>
  );
}
