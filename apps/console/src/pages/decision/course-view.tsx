import { Button, Group, List, Stack, Table, Text, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import { ErrorText } from '../../components/error-text.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { type Course, choose, useDecisionChange } from '../decisions/queries.ts';
import { percentWords, rangeWords } from '../decisions/words.ts';
import { RunCourse } from '../response/run-course.tsx';

/** One course of action: what it does, what it costs, why it stands here. */
export function CourseView({ course, subject, mayChoose }: { course: Course; subject: string; mayChoose: boolean }) {
  return (
    <Stack gap="sm">
      <Text size="sm">{course.description}</Text>
      {course.cautions.length > 0 && (
        <List size="sm" c="red.9">
          {course.cautions.map((caution) => (
            <List.Item key={caution}>{caution}</List.Item>
          ))}
        </List>
      )}
      <Table aria-label={`Consequences of ${course.title}`} withRowBorders={false} verticalSpacing={2}>
        <Table.Tbody>
          <Row title="Harm averted">{percentWords(course.riskReduction)} of the worst</Row>
          <Row title="How likely without it">{course.likelihoodText}</Row>
          <Row title="Care">{course.careText}</Row>
          <Row title="Care disturbed for">{rangeWords(course.careMinutes, 'minutes')}</Row>
          <Row title="Where">
            <CareAreas course={course} />
          </Row>
          <Row title="Works after">
            {course.minutesToEffect === null ? 'never' : rangeWords(course.minutesToEffect, 'minutes')}
          </Row>
          <Row title="Work">{rangeWords(course.workHours, 'hours')}</Row>
          <Row title="Cost beyond work">{rangeWords(course.costEuro, 'euro')}</Row>
          <Row title="Can be undone">{course.reversibility.replaceAll('-', ' ')}</Row>
          <Row title="Must agree">{course.approvers.join(', ') || 'nobody beyond who is on duty'}</Row>
          <Row title="Why proposed">{course.reasons.join('; ')}</Row>
        </Table.Tbody>
      </Table>
      <List size="sm">
        {course.explanation.map((text) => (
          <List.Item key={text}>{text}</List.Item>
        ))}
      </List>
      <Points course={course} />
      <Text size="xs" c="dimmed">
        {course.basis} Sources: {course.sources.map(({ name }) => name).join('; ')}
      </Text>
      <Group align="flex-end">
        {course.playbook !== null && (
          <Button component={Link} to={`/playbooks/${encodeURIComponent(course.playbook)}`} variant="default">
            The playbook, step by step
          </Button>
        )}
        {course.playbook !== null && <RunCourse course={course} subject={subject} />}
        {mayChoose && <Choose course={course} subject={subject} />}
      </Group>
    </Stack>
  );
}

function Choose({ course, subject }: { course: Course; subject: string }) {
  const [reason, setReason] = useState('');
  const [variables, setVariables] = useState<Readonly<Record<string, string>>>({});
  const decide = useDecisionChange(() => choose(subject, { course: course.id, reason, variables }));
  return (
    <>
      {course.variables
        .filter(({ isConstant }) => !isConstant)
        .map(({ name, description, value }) => (
          <TextInput
            key={name}
            label={description || name}
            value={variables[name] ?? value ?? ''}
            onChange={({ currentTarget }) => setVariables({ ...variables, [name]: currentTarget.value })}
            w={260}
            aria-label={`${description || name} for ${course.title}`}
          />
        ))}
      <TextInput
        label="Reason"
        value={reason}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
        w={260}
        aria-label={`Reason for ${course.title}`}
      />
      <Button loading={decide.isPending} onClick={() => decide.mutate(undefined)}>
        Choose this
      </Button>
      <ErrorText error={decide.error} />
    </>
  );
}

function CareAreas({ course: { careAreas } }: { course: Course }) {
  if (careAreas.length === 0) return <>nowhere</>;
  return (
    <>
      {careAreas.map(({ careArea, beds, devices, functions, names }) => (
        <Text key={careArea} size="sm">
          {careArea === 'unknown' ? 'Care area unknown' : careArea}: {names.join(', ') || 'no device is known'}
          {devices > names.length ? ` and ${devices - names.length} more` : ''}; beds {beds ?? 'unknown'}
          {functions.length > 0 ? `; ${functions.join('; ').toLowerCase()}` : ''}
        </Text>
      ))}
    </>
  );
}

function Points({ course: { title, contributions, points, range } }: { course: Course }) {
  return (
    <Table aria-label={`Points of ${title}`} verticalSpacing={2} maw={560}>
      <TableHead
        columns={[
          'Criterion',
          { title: 'Value', isNumber: true },
          { title: 'Weight', isNumber: true },
          { title: 'Points', isNumber: true },
        ]}
      />
      <Table.Tbody>
        {contributions.map((each) => (
          <Table.Tr key={each.criterion}>
            <Table.Td>{each.title}</Table.Td>
            <Table.Td ta="right">{Math.round(each.value * 100)} %</Table.Td>
            <Table.Td ta="right">{each.weight} %</Table.Td>
            <Table.Td ta="right">{each.points}</Table.Td>
          </Table.Tr>
        ))}
        <Table.Tr>
          <Table.Td fw={600}>All</Table.Td>
          <Table.Td colSpan={2} ta="right">
            {range[0]} to {range[1]}
          </Table.Td>
          <Table.Td ta="right" fw={600}>
            {points}
          </Table.Td>
        </Table.Tr>
      </Table.Tbody>
    </Table>
  );
}

function Row({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" w={170} fw={500} style={{ verticalAlign: 'top' }}>
        {title}
      </Table.Th>
      <Table.Td>{children}</Table.Td>
    </Table.Tr>
  );
}
