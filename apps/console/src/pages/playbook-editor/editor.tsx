import {
  Alert,
  Button,
  FileButton,
  Group,
  Menu,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core';
import { useDebouncedValue, useHotkeys } from '@mantine/hooks';
import { IconArrowBackUp, IconArrowForwardUp, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useReducer, useState } from 'react';
import { useNavigate } from 'react-router';
import { downloadFile } from '../../components/csv.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { checkPlaybook, type PlaybookProblem, useImportPlaybook } from '../playbooks/queries.ts';
import { addStep, type Draft, inOrder, nameOf, newUuid, removeStep, STEP_KINDS } from './draft.ts';
import { StepForm } from './step-form.tsx';
import { startOf, step, type UndoAction, type UndoStack } from './undo-stack.ts';
import { WorkflowGraph } from './workflow-graph.tsx';

const CHECK_AFTER_MS = 300;
const NO_PROBLEMS: readonly PlaybookProblem[] = [];

/** A playbook as graph, list and form; checked as one types. */
export function Editor({ start, note }: { start: Draft; note: string }) {
  const [stack, dispatch] = useReducer(
    (now: UndoStack<Draft>, action: UndoAction<Draft>) => step(now, action),
    start,
    startOf,
  );
  const draft = stack.present;
  const [asked, setChosen] = useState(start.workflow_start);
  const chosen = draft.workflow[asked] === undefined ? draft.workflow_start : asked;
  const change = (value: Draft, key: string) => dispatch({ kind: 'change', value, key });
  const problems = useProblems(draft);
  const faulty = useMemo(() => faultyOf(draft, problems), [draft, problems]);
  useHotkeys(
    [
      ['mod+Z', () => dispatch({ kind: 'undo' })],
      ['mod+shift+Z', () => dispatch({ kind: 'redo' })],
      ['mod+Y', () => dispatch({ kind: 'redo' })],
    ],
    [],
  );
  return (
    <Stack gap="md">
      <PageHeader
        title={draft.name || 'Playbook without a name'}
        description={note}
        actions={<Files stack={stack} dispatch={dispatch} problems={problems} />}
      />
      <Group grow align="flex-start">
        <TextInput
          label="Name of the playbook"
          value={draft.name}
          onChange={({ currentTarget }) => change({ ...draft, name: currentTarget.value }, 'name')}
        />
        <Textarea
          label="What it is for"
          autosize
          value={draft.description ?? ''}
          onChange={({ currentTarget }) => change({ ...draft, description: currentTarget.value }, 'description')}
        />
      </Group>
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Stack gap="xs">
          <WorkflowGraph draft={draft} chosen={chosen} faulty={faulty} onChoose={setChosen} />
          <Problems problems={problems} draft={draft} onChoose={setChosen} />
        </Stack>
        <Stack gap="md">
          <StepButtons draft={draft} chosen={chosen} faulty={faulty} onChoose={setChosen} />
          <section>
            <Group justify="space-between" mb="xs">
              <Title order={2} size="h4">
                {nameOf(chosen, draft.workflow[chosen])}
              </Title>
              <StepActions draft={draft} chosen={chosen} onChange={change} onChoose={setChosen} />
            </Group>
            <StepForm key={chosen} draft={draft} id={chosen} onChange={change} />
          </section>
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}

function useProblems(draft: Draft): readonly PlaybookProblem[] {
  const [settled] = useDebouncedValue(draft, CHECK_AFTER_MS);
  const { data } = useQuery({
    queryKey: ['playbook-check', settled],
    queryFn: () => checkPlaybook(JSON.stringify(settled)),
    placeholderData: (before) => before,
    gcTime: 0,
  });
  return data?.problems ?? NO_PROBLEMS;
}

function faultyOf(draft: Draft, problems: readonly PlaybookProblem[]): ReadonlySet<string> {
  const errors = problems.filter(({ level }) => level === 'error');
  return new Set(Object.keys(draft.workflow).filter((id) => errors.some(({ path }) => path.includes(id))));
}

function Files(props: {
  stack: UndoStack<Draft>;
  dispatch: (action: UndoAction<Draft>) => void;
  problems: readonly PlaybookProblem[];
}) {
  const { stack, dispatch, problems } = props;
  const draft = stack.present;
  const navigate = useNavigate();
  const save = useImportPlaybook();
  const [error, setError] = useState<unknown>(null);
  const hasErrors = problems.some(({ level }) => level === 'error');
  const write = () => {
    const saved = { ...draft, modified: new Date().toISOString() };
    save.mutate(JSON.stringify(saved), {
      onSuccess: ({ playbook }) => navigate(`/playbooks/${encodeURIComponent(playbook.id)}?view=graph`),
    });
  };
  const read = async (file: File | null) => {
    if (file === null) return;
    setError(null);
    try {
      dispatch({ kind: 'change', value: draftIn(await file.text()), key: '' });
    } catch (reason) {
      setError(reason);
    }
  };
  return (
    <Stack gap={4} align="flex-end">
      <Group gap="xs">
        <Button
          variant="default"
          leftSection={<IconArrowBackUp size={16} aria-hidden />}
          disabled={stack.past.length === 0}
          onClick={() => dispatch({ kind: 'undo' })}
        >
          Undo
        </Button>
        <Button
          variant="default"
          leftSection={<IconArrowForwardUp size={16} aria-hidden />}
          disabled={stack.future.length === 0}
          onClick={() => dispatch({ kind: 'redo' })}
        >
          Redo
        </Button>
        <FileButton accept="application/json,.json" onChange={read}>
          {(file) => (
            <Button variant="default" {...file}>
              Import
            </Button>
          )}
        </FileButton>
        <Button
          variant="default"
          onClick={() =>
            downloadFile(
              `${draft.id}.json`,
              new Blob([`${JSON.stringify(draft, null, 2)}\n`], { type: 'application/json' }),
            )
          }
        >
          Export
        </Button>
        <Button disabled={hasErrors} loading={save.isPending} onClick={write}>
          Save
        </Button>
      </Group>
      <ErrorText error={error ?? save.error} />
    </Stack>
  );
}

/** @throws Error that says what is wrong with a file */
function draftIn(text: string): Draft {
  const read = JSON.parse(text) as Partial<Draft>;
  if (typeof read.workflow !== 'object' || read.workflow === null || typeof read.workflow_start !== 'string') {
    throw new Error('This is no playbook of CACAO 2.0: it has no workflow with a start.');
  }
  return read as Draft;
}

function StepButtons(props: {
  draft: Draft;
  chosen: string;
  faulty: ReadonlySet<string>;
  onChoose: (id: string) => void;
}) {
  const { draft, chosen, faulty, onChoose } = props;
  return (
    <nav aria-label="Steps of the playbook" style={{ maxHeight: 240, overflowY: 'auto' }}>
      {inOrder(draft).map(({ id }, place) => (
        <Button
          key={id}
          fullWidth
          size="compact-sm"
          justify="flex-start"
          variant={id === chosen ? 'filled' : 'subtle'}
          aria-pressed={id === chosen}
          onClick={() => onChoose(id)}
        >
          {place + 1}. {nameOf(id, draft.workflow[id])}
          {faulty.has(id) ? ' (has an error)' : ''}
        </Button>
      ))}
    </nav>
  );
}

function StepActions(props: {
  draft: Draft;
  chosen: string;
  onChange: (draft: Draft, key: string) => void;
  onChoose: (id: string) => void;
}) {
  const { draft, chosen, onChange, onChoose } = props;
  return (
    <Group gap="xs">
      <Menu>
        <Menu.Target>
          <Button size="xs" variant="default" leftSection={<IconPlus size={14} aria-hidden />}>
            Add a step behind it
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {STEP_KINDS.map(({ type, title }) => (
            <Menu.Item
              key={type}
              onClick={() => {
                const added = addStep(draft, type, chosen, newUuid);
                onChange(added.draft, '');
                onChoose(added.id);
              }}
            >
              {title}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Button
        size="xs"
        variant="default"
        disabled={chosen === draft.workflow_start}
        onClick={() => {
          onChange(removeStep(draft, chosen), '');
          onChoose(draft.workflow_start);
        }}
      >
        Remove it
      </Button>
    </Group>
  );
}

function Problems(props: { problems: readonly PlaybookProblem[]; draft: Draft; onChoose: (id: string) => void }) {
  const { problems, draft, onChoose } = props;
  const ids = Object.keys(draft.workflow);
  if (problems.length === 0) {
    return (
      <Text size="sm" role="status">
        Nothing is wrong with it.
      </Text>
    );
  }
  return (
    <Alert
      variant="outline"
      color="orange"
      role="status"
      title={problems.some(({ level }) => level === 'error') ? 'Not whole yet' : 'It can be saved'}
    >
      <Stack gap={2} align="flex-start">
        {problems.map(({ level, path, message }) => {
          const id = ids.find((each) => path.includes(each));
          const text = `${level}: ${placeOf(draft, path, id)}${message}`;
          return id === undefined ? (
            <Text key={`${path} ${message}`} size="sm">
              {text}
            </Text>
          ) : (
            <Button
              styles={WRAPPED}
              key={`${path} ${message}`}
              variant="transparent"
              size="compact-sm"
              px={0}
              onClick={() => onChoose(id)}
            >
              {text}
            </Button>
          );
        })}
      </Stack>
    </Alert>
  );
}

/** A message may be longer than a line. */
const WRAPPED = { root: { height: 'auto' }, label: { whiteSpace: 'normal', textAlign: 'start' } } as const;

/** @param id of the step that the path is about @returns "Step, on_true: ", or nothing for the whole playbook */
function placeOf(draft: Draft, path: string, id: string | undefined): string {
  if (id === undefined) return path === '' ? '' : `${path}: `;
  const field = path.slice(path.indexOf(id) + id.length).replace(/^[^A-Za-z0-9_]+/, '');
  return `${nameOf(id, draft.workflow[id])}${field === '' ? '' : `, ${field}`}: `;
}
