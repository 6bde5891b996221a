import { List, Stack, Table, Text, Timeline } from '@mantine/core';
import { Fact, FactTable } from '../../components/fact-rows.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { formatTime } from '../../components/time-text.tsx';
import { Section } from '../asset/section.tsx';
import { stageTitle } from '../incidents/incident-words.tsx';
import type { IncidentDetail } from '../incidents/queries.ts';
import { DeviceName } from './device-name.tsx';

const ROLES: Readonly<Record<string, string>> = { actor: 'acted', target: 'was acted upon', affected: 'is concerned' };

/** What happened, in plain words, why it is shown, and what was done. */
export function StoryView({ incident }: { incident: IncidentDetail }) {
  return (
    <Stack gap="md">
      <Section title="What happened">
        <Text mb="sm">{incident.summary}</Text>
        <Timeline bulletSize={14} lineWidth={2} active={incident.steps.length}>
          {incident.steps.map((step) => (
            <Timeline.Item key={`${step.time} ${step.text}`} title={step.text}>
              <Text size="xs" c="dimmed">
                {formatTime(step.time)}
                {step.stage !== '' && ` · ${step.stage}`} · {step.severity}
              </Text>
            </Timeline.Item>
          ))}
        </Timeline>
      </Section>
      <Section title="Who and what">
        <Devices incident={incident} />
        <FactTable label="Who and what">
          {incident.users.length > 0 && <Fact title="Accounts">{incident.users.join(', ')}</Fact>}
          {incident.addresses.length > 0 && <Fact title="Addresses">{incident.addresses.join(', ')}</Fact>}
          {incident.stages.length > 0 && <Fact title="Stages">{incident.stages.map(stageTitle).join(', ')}</Fact>}
          {incident.techniques.length > 0 && <Fact title="ATT&CK">{incident.techniques.join(', ')}</Fact>}
          <Fact title="First seen">{formatTime(incident.firstSeen)}</Fact>
          <Fact title="Last seen">{formatTime(incident.lastSeen)}</Fact>
        </FactTable>
      </Section>
      <Section title="Why is it shown?">
        <List size="sm">
          {incident.reasons.map((reason) => (
            <List.Item key={reason}>{reason}</List.Item>
          ))}
        </List>
      </Section>
      {incident.activity.length > 0 && (
        <Section title="History">
          <Table aria-label="History, oldest first" verticalSpacing={4}>
            <TableHead columns={['When', 'Who', 'What']} />
            <Table.Tbody>
              {incident.activity.map((each) => (
                <Table.Tr key={each.sequence}>
                  <Table.Td style={{ whiteSpace: 'nowrap' }}>{formatTime(each.time)}</Table.Td>
                  <Table.Td>{each.by}</Table.Td>
                  <Table.Td style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>{each.text}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Section>
      )}
    </Stack>
  );
}

function Devices({ incident: { assets } }: { incident: IncidentDetail }) {
  if (assets.length === 0) return null;
  return (
    <Table aria-label="Devices" verticalSpacing={4} mb="sm">
      <TableHead columns={['Device', 'What it is', 'Where', 'What it did']} />
      <Table.Tbody>
        {assets.map((asset) => (
          <Table.Tr key={asset.assetId}>
            <Table.Td>
              <DeviceName id={asset.assetId} name={asset.name} />
            </Table.Td>
            <Table.Td>
              {asset.kind.replaceAll('-', ' ') || 'unknown'}
              {asset.patientSafetyClass !== null && asset.patientSafetyClass !== 'none' && (
                <Text size="xs" c="dimmed">
                  {asset.patientSafetyClass.replaceAll('-', ' ')}
                </Text>
              )}
            </Table.Td>
            <Table.Td>{[asset.careArea, asset.zone].filter(Boolean).join(', ') || 'unknown'}</Table.Td>
            <Table.Td>{ROLES[asset.role] ?? asset.role}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
