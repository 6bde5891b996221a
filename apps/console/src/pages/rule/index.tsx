import { Anchor, Button, Stack, Switch, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { request } from '../../api/request.ts';
import { useMay } from '../../api/session.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { formatCount, formatQuantity } from '../../components/format.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { formatTime } from '../../components/time-text.tsx';
import { Section } from '../asset/section.tsx';
import { type Rule, useRuleChange, useSetTitles } from '../rules/queries.ts';
import { costText } from '../rules/rules-view.tsx';
import { RuleEditor } from './rule-editor.tsx';
import { TuningSection } from './tuning-section.tsx';

const NEW = 'new';

/** One rule: what it looks for, found and cost; where it is quiet; what it would find elsewhere. */
export default function RulePage() {
  const { id = '' } = useParams();
  const mayWrite = useMay('rules:write');
  const { data, error, refetch } = useQuery({
    queryKey: ['rules', 'rule', id],
    queryFn: ({ signal }) => request<Rule>('GET', `/rules/${encodeURIComponent(id)}`, { signal }),
    enabled: id !== NEW,
  });
  if (id === NEW) {
    return (
      <>
        <PageHeader
          title="Write a rule"
          description="In the language of Suricata, with keywords for DICOM, HL7 and FHIR. Try it on a capture before it is on."
        />
        <RuleEditor rule={null} mayWrite={mayWrite} />
      </>
    );
  }
  if (data === undefined) {
    return (
      <>
        <PageHeader title="Rule" />
        {error === null ? <LoadingState what="the rule" /> : <ErrorState error={error} onRetry={refetch} />}
      </>
    );
  }
  return (
    <>
      <PageHeader
        title={data.title || `Rule ${data.id}`}
        description={`Number ${data.id}, revision ${data.revision}${data.isInForce ? '' : '. It is not in force.'}`}
        actions={<Actions rule={data} mayWrite={mayWrite} />}
      />
      <Stack>
        <Figures rule={data} />
        <TuningSection key={JSON.stringify(data.tuning)} rule={data} mayWrite={mayWrite} />
        <RuleEditor key={`${data.id} ${data.text}`} rule={data} mayWrite={mayWrite} />
      </Stack>
    </>
  );
}

function Actions({ rule, mayWrite }: { rule: Rule; mayWrite: boolean }) {
  const navigate = useNavigate();
  const path = `/rules/${rule.id}`;
  const change = useRuleChange((isEnabled: boolean) => request('PATCH', path, { body: { ...rule.tuning, isEnabled } }));
  const remove = useRuleChange(() => request('DELETE', path));
  return (
    <>
      {mayWrite && rule.set === 'local' && (
        <ConfirmButton
          variant="default"
          question="Remove this rule?"
          consequence="It was written here and is gone then. Where another set has a rule with its number, that one holds again."
          confirmLabel="Remove"
          onConfirm={async () => {
            await remove.mutateAsync();
            await navigate('/rules');
          }}
        >
          Remove
        </ConfirmButton>
      )}
      <Button component={Link} to={`/detections?rule=${encodeURIComponent(rule.id)}`} variant="default">
        Its detections
      </Button>
      <Switch
        label="On"
        checked={rule.tuning.isEnabled}
        disabled={!mayWrite || change.isPending}
        onChange={({ currentTarget }) => change.mutate(currentTarget.checked)}
      />
      <ErrorText error={change.error} />
    </>
  );
}

function Figures({ rule }: { rule: Rule }) {
  const sets = useSetTitles();
  const perLook =
    rule.looks === 0 ? 'no look yet' : `${((rule.milliseconds / rule.looks) * 1000).toFixed(1)} µs a look`;
  return (
    <Section title="What it found and cost">
      <Table aria-label="What it found and cost" verticalSpacing={4} withRowBorders={false}>
        <Table.Tbody>
          <Figure title="Set">
            <Anchor component={Link} to={`/rule-sets/${encodeURIComponent(rule.set)}`} size="sm">
              {sets.get(rule.set) ?? rule.set}
            </Anchor>
          </Figure>
          <Figure title="Hits">
            {formatQuantity(rule.hits, 'match', 'matches')}
            {rule.lastHit === null ? '' : `, the last on ${formatTime(rule.lastHit)}`}
          </Figure>
          <Figure title="Looked at">{formatQuantity(rule.looks, 'time')}</Figure>
          <Figure title="Cost">
            {costText(rule)} of processor time, {perLook}
          </Figure>
          <Figure title="Severity">
            priority {formatCount(rule.priority)}
            {rule.class !== '' && ` (${rule.class})`}
          </Figure>
        </Table.Tbody>
      </Table>
    </Section>
  );
}

function Figure({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" w={140} fw={500}>
        {title}
      </Table.Th>
      <Table.Td>
        <Text size="sm" component="div">
          {children}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}
