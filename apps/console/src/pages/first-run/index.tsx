import { Button, Center, Image, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { useFirstRun } from '../../api/session.ts';
import { ErrorText } from '../../components/error-text.tsx';

/** The one-time link: makes the first administrator. The token is in the fragment, which no server and no log sees. */
export function FirstRunPage() {
  const [token] = useState(() => new URLSearchParams(window.location.hash.slice(1)).get('token') ?? '');
  const [fields, setFields] = useState({ name: '', username: '', password: '' });
  const firstRun = useFirstRun();
  const navigate = useNavigate();
  useEffect(() => {
    document.title = 'First run · SPHINX';
  }, []);
  const set = (name: keyof typeof fields) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget;
    setFields((before) => ({ ...before, [name]: value }));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    firstRun.mutate({ token, ...fields }, { onSuccess: () => navigate('/', { replace: true }) });
  };
  return (
    <Center mih="100vh" component="main" p="md">
      <Paper w={460} maw="100%" p="xl">
        <form onSubmit={submit}>
          <Stack>
            <Image src="/sphinx.svg" alt="" w={48} h={48} />
            <Title order={1} size="h3">
              Welcome to SPHINX
            </Title>
            <Text c="dimmed">
              Make the first administrator. Everybody else gets an account from you, with the rights of their role.
            </Text>
            <TextInput
              label="Your name"
              autoComplete="name"
              required
              value={fields.name}
              onChange={set('name')}
              data-autofocus
            />
            <TextInput
              label="User name"
              description="Lower-case letters, digits, dots, dashes"
              autoComplete="username"
              required
              pattern="[a-z0-9][a-z0-9._\-]{1,63}"
              value={fields.username}
              onChange={set('username')}
            />
            <PasswordInput
              label="Password"
              description="At least 12 characters. A sentence is easy to remember."
              autoComplete="new-password"
              required
              minLength={12}
              value={fields.password}
              onChange={set('password')}
            />
            {token === '' && (
              <ErrorText error="The address has no token. Open the whole link that the start of SPHINX printed." />
            )}
            <ErrorText error={firstRun.error} />
            <Button type="submit" loading={firstRun.isPending} disabled={token === ''}>
              Make the account and sign in
            </Button>
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}
