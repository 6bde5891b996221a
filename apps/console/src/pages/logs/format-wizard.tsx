import { Button, Group, Modal, Stack, Stepper, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ErrorText } from '../../components/error-text.tsx';
import { type FieldChange, type FormatProposal, useProposal } from './format-proposal.ts';
import { ProposedFields } from './proposed-fields.tsx';
import { ProposedLines } from './proposed-lines.tsx';
import { useLogChange } from './queries.ts';

const HEADERS = { rfc5424: 'RFC 5424', rfc3164: 'RFC 3164' } as const;

/** From sample lines to a format of the site: lines, fields, what they give. */
export function FormatWizard({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="A format from sample lines" size="xl">
      <Steps onClose={onClose} />
    </Modal>
  );
}

function Steps({ onClose }: { readonly onClose: () => void }) {
  const [step, setStep] = useState(0);
  const [lines, setLines] = useState('');
  const [title, setTitle] = useState('');
  const [changes, setChanges] = useState<ReadonlyMap<string, FieldChange>>(new Map());
  const [definition, setDefinition] = useState('');
  const proposal = useProposal();
  const save = useLogChange();
  const { data } = proposal;
  const propose = (next: number, fields: readonly FieldChange[]) =>
    proposal.mutate(
      { lines, fields: fields.map(withoutEmptyName), ...named(title) },
      {
        onSuccess: (found) => {
          setDefinition(found.definition);
          setStep(next);
        },
      },
    );
  const change = (one: FieldChange) => setChanges(new Map(changes).set(one.name, one));
  return (
    <Stack>
      <Stepper active={step} onStepClick={setStep} allowNextStepsSelect={false} size="sm">
        <Stepper.Step label="Lines">
          <Stack>
            <TextInput
              label="Name of the format"
              placeholder="Infusion pumps"
              maxLength={200}
              value={title}
              onChange={({ currentTarget }) => setTitle(currentTarget.value)}
            />
            <Textarea
              label="Sample lines"
              description="Lines of one log, one below the other, of every kind that it has; the first 200 are looked at."
              data-autofocus
              autosize
              minRows={6}
              maxRows={16}
              styles={{ input: { fontFamily: 'monospace' } }}
              value={lines}
              onChange={({ currentTarget }) => setLines(currentTarget.value)}
            />
          </Stack>
        </Stepper.Step>
        <Stepper.Step label="Fields">
          {data !== undefined && (
            <Stack>
              <About proposal={data} />
              <ProposedLines lines={data.lines} hasColumns={false} />
              <ProposedFields fields={data.fields} canRename={data.canRename} changes={changes} onChange={change} />
            </Stack>
          )}
        </Stepper.Step>
        <Stepper.Step label="Preview">
          {data !== undefined && (
            <Stack>
              <ProposedLines lines={data.lines} hasColumns />
              <Textarea
                label="Definition"
                description="Values of fields that may name a patient are written over in its cases. Look whether another name stands in it before you put it into force."
                autosize
                minRows={6}
                maxRows={16}
                styles={{ input: { fontFamily: 'monospace' } }}
                value={definition}
                onChange={({ currentTarget }) => setDefinition(currentTarget.value)}
              />
            </Stack>
          )}
        </Stepper.Step>
      </Stepper>
      <ErrorText error={proposal.error ?? save.error} />
      <Group justify="end">
        {step > 0 && (
          <Button variant="default" onClick={() => setStep(step - 1)}>
            Back
          </Button>
        )}
        {step === 0 && (
          <Button
            disabled={lines.trim() === ''}
            loading={proposal.isPending}
            onClick={() => {
              setChanges(new Map());
              propose(1, []);
            }}
          >
            Propose a format
          </Button>
        )}
        {step === 1 && (
          <Button loading={proposal.isPending} onClick={() => propose(2, [...changes.values()])}>
            Preview
          </Button>
        )}
        {step === 2 && (
          <Button
            disabled={definition.trim() === ''}
            loading={save.isPending}
            onClick={() =>
              save.mutate({ method: 'POST', path: '/log-formats', body: { definition } }, { onSuccess: onClose })
            }
          >
            Put into force
          </Button>
        )}
      </Group>
    </Stack>
  );
}

/** How the lines are built, in words. */
function About({ proposal: { reads, header, takesFrom, canRename } }: { readonly proposal: FormatProposal }) {
  const behind = header === 'none' ? '' : ` behind a header of syslog (${HEADERS[header]})`;
  return (
    <Text size="sm">
      The lines are read as {reads === 'lines' ? 'text' : reads}
      {behind}.{canRename ? '' : ' Their fields have the names that the log itself gives them.'}
      {takesFrom.length === 0 ? '' : ` The format would also take lines of: ${takesFrom.join(', ')}.`}
    </Text>
  );
}

/** An empty name is the one that was proposed. */
function withoutEmptyName({ rename, ...rest }: FieldChange): FieldChange {
  return rename === undefined || rename.trim() === '' ? rest : { ...rest, rename: rename.trim() };
}

/** The id follows from the title, in the letters that an id has. */
function named(title: string): { readonly id?: string; readonly title?: string } {
  const plain = title.trim();
  if (plain === '') return {};
  const id = plain
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return id.length < 2 ? { title: plain } : { id, title: plain };
}
