import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { request } from '../../api/request.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { Section } from '../asset/section.tsx';
import { type Rule, useRuleChange } from '../rules/queries.ts';
import { TrialSection } from './trial-section.tsx';

const TYPING_PAUSE_MS = 300;
/** Numbers from here on are free for local rules (Suricata and Emerging Threats, "SID allocation"). */
const EXAMPLE =
  'alert dicom any any -> $HOME_NET any (msg:"Query for all patients"; dicom.operation; content:"C-FIND"; sid:1000001; rev:1;)';

interface Checked {
  readonly loaded: readonly { readonly id: string; readonly title: string }[];
  readonly rejected: readonly { readonly line: number; readonly reason: string }[];
}

/** The text of a rule with what is wrong in it while it is typed; tried before it is on. */
export function RuleEditor({ rule, mayWrite }: { rule: Rule | null; mayWrite: boolean }) {
  const [text, setText] = useState(rule?.text ?? EXAMPLE);
  const checked = useChecked(text);
  const navigate = useNavigate();
  const write = useRuleChange(({ id, isEnabled }: { id: string; isEnabled: boolean }) =>
    request<Rule>('PUT', `/rules/${id}`, { body: { text, isEnabled } }),
  );
  const [found] = checked?.loaded ?? [];
  const save = (isEnabled: boolean) => {
    if (found === undefined) return;
    write.mutate({ id: found.id, isEnabled }, { onSuccess: ({ id }) => void navigate(`/rules/${id}`) });
  };
  const isUnchanged = text === rule?.text;
  const isFit = checked?.rejected.length === 0 && checked.loaded.length === 1;
  return (
    <>
      <Section title="Text">
        <Stack gap="sm">
          <Textarea
            label="Rule"
            description={
              rule === null || rule.set === 'local'
                ? 'Saved among the rules of this hospital.'
                : 'When it is changed here, your text takes the place of the published one, also after updates.'
            }
            autosize
            minRows={4}
            readOnly={!mayWrite}
            spellCheck={false}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
            value={text}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
            error={problemOf(checked)}
          />
          <Text size="sm" role="status">
            {checked === undefined
              ? 'Being checked …'
              : isFit
                ? `It can be loaded as ${found?.id}: ${found?.title}`
                : ''}
          </Text>
          <ErrorText error={write.error} />
          {mayWrite && (
            <Group justify="end">
              <Button
                variant="default"
                disabled={!isFit || isUnchanged}
                loading={write.isPending}
                onClick={() => save(false)}
              >
                Save switched off
              </Button>
              <Button disabled={!isFit || isUnchanged} loading={write.isPending} onClick={() => save(true)}>
                Save and switch on
              </Button>
            </Group>
          )}
        </Stack>
      </Section>
      {mayWrite && <TrialSection text={text} isFit={isFit} />}
    </>
  );
}

/** @returns undefined until what is typed has been checked */
function useChecked(text: string): Checked | undefined {
  const [settled] = useDebouncedValue(text, TYPING_PAUSE_MS);
  const { data } = useQuery({
    queryKey: ['rules', 'check', settled],
    queryFn: ({ signal }) => request<Checked>('GET', '/rules/check', { query: { text: settled }, signal }),
  });
  return settled === text ? data : undefined;
}

function problemOf(checked: Checked | undefined): string | null {
  if (checked === undefined) return null;
  const [first] = checked.rejected;
  if (first !== undefined) return `It cannot be loaded: ${first.reason}.`;
  if (checked.loaded.length === 0) return 'There is no rule in it.';
  return checked.loaded.length > 1 ? 'Give one rule at a time.' : null;
}
