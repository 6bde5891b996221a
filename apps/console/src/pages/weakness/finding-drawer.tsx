import { List, Stack, Text } from '@mantine/core';
import { DetailDrawer } from '../../components/detail-drawer.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { Fact, FactTable } from '../../components/fact-rows.tsx';
import { SectionTitle } from '../../components/section-title.tsx';
import { formatTime } from '../../components/time-text.tsx';
import type { Finding } from '../weaknesses/queries.ts';
import { DecisionBadge, STATUS_TITLES } from '../weaknesses/weakness-words.tsx';
import { type Step, useHistory } from './queries.ts';

/** A weakness on one device: what it rests on, why it matters there, what was made of it. */
export function FindingDrawer(props: { finding: Finding | undefined; id: string | null; onClose: () => void }) {
  const { finding, id, onClose } = props;
  return (
    <DetailDrawer title="One device" id={id} onClose={onClose}>
      {() =>
        finding === undefined ? <Text>It does not have the weakness any more.</Text> : <OneFinding {...finding} />
      }
    </DetailDrawer>
  );
}

const IDENTITIES: Readonly<Record<Finding['identity'], string>> = {
  purl: 'the same package URL',
  cpe: 'the same CPE name',
  'vendor-and-name': 'the same maker and name',
  name: 'the same name alone',
  report: 'a report',
};
const QUALITIES: Readonly<Record<Finding['quality'], string>> = {
  'exact-version': 'this very version is named',
  range: 'its version lies in a range that is named',
  product: 'only the product is known to be concerned',
  reported: 'another program found it',
};

function OneFinding(finding: Finding) {
  const { component, vector, score, baseScore, reasons } = finding;
  return (
    <Stack>
      <FactTable label="The weakness on this device">
        <Fact title="Device">{finding.assetName}</Fact>
        <Fact title="Where">{[finding.ward, finding.zone].filter(Boolean).join(', ') || 'not known'}</Fact>
        <Fact title="In">
          {[component.vendor, component.name, component.version || '(version not known)'].filter(Boolean).join(' ')}
          <Text size="xs" c="dimmed">
            known from {component.source}
          </Text>
        </Fact>
        <Fact title="Rests on">
          {IDENTITIES[finding.identity]}, and {QUALITIES[finding.quality]}: {finding.because}.
        </Fact>
        <Fact title="Decision">
          <DecisionBadge decision={finding.decision} />
        </Fact>
        <Fact title="CVSS here">
          {score === null
            ? 'none given'
            : `${score.toFixed(1)}${baseScore === null ? '' : `, base ${baseScore.toFixed(1)}`}`}
          <Text size="xs" c="dimmed" ff="monospace">
            {vector}
          </Text>
        </Fact>
        <Fact title="Status">{STATUS_TITLES[finding.status]}</Fact>
        <Fact title="Owner">{finding.owner ?? 'nobody yet'}</Fact>
        <Fact title="Due">{finding.dueAt === null ? 'not set' : formatTime(finding.dueAt)}</Fact>
        <Fact title="Found">{formatTime(finding.foundAt)}</Fact>
      </FactTable>
      <SectionTitle>Why it matters here</SectionTitle>
      <List size="sm">
        {reasons.map((reason) => (
          <List.Item key={reason}>{reason}</List.Item>
        ))}
      </List>
      <SectionTitle>History</SectionTitle>
      <History assetId={finding.assetId} weakness={finding.weakness} />
    </Stack>
  );
}

const STEPS: Readonly<Record<Step['kind'], string>> = {
  found: 'found',
  settled: 'settled',
  undone: 'a change was taken back',
  expired: 'what was agreed has run out',
  closed: 'closed by new evidence',
  reopened: 'came back',
  contradicted: 'new evidence contradicts what was said',
};

function History({ assetId, weakness }: { assetId: string; weakness: string }) {
  const { data: steps, error } = useHistory(assetId, weakness);
  if (steps === undefined) return <ErrorText error={error} />;
  if (steps.length === 0) return <Text size="sm">Nothing was made of it yet.</Text>;
  return (
    <List size="sm" spacing={4}>
      {steps.map((step) => (
        <List.Item key={`${step.time} ${step.kind} ${step.detail}`}>
          {formatTime(step.time)}, {step.by}: {STEPS[step.kind]}
          {step.detail !== '' && `. ${step.detail}`}
        </List.Item>
      ))}
    </List>
  );
}
