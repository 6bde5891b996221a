import { Alert, Button, Center, Image, Paper, PasswordInput, Stack, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { request } from '../../api/request.ts';
import { useSignIn } from '../../api/session.ts';
import { ErrorText } from '../../components/error-text.tsx';

/** Who are you? */
export function SignInPage() {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useSignIn();
  const firstRun = useQuery({
    queryKey: ['first-run'],
    queryFn: ({ signal }) => request<{ isOpen: boolean }>('GET', '/first-run', { signal }),
  });
  useEffect(() => {
    document.title = 'Sign in · SPHINX';
  }, []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ username, password });
  };
  return (
    <Center mih="100vh" component="main" p="md">
      <Paper w={400} maw="100%" p="xl">
        <form onSubmit={submit}>
          <Stack>
            <Image src="/sphinx.svg" alt="" w={48} h={48} />
            <Title order={1} size="h3">
              Sign in to SPHINX
            </Title>
            {firstRun.data?.isOpen === true && (
              <Alert color="cyan" variant="outline" title="Nobody has an account yet">
                Open the one-time link that the start of SPHINX printed to make the first administrator.
              </Alert>
            )}
            <TextInput
              label="User name"
              autoComplete="username"
              required
              value={username}
              onChange={(event) => setUsername(event.currentTarget.value)}
              data-autofocus
            />
            <PasswordInput
              label="Password"
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
            <ErrorText error={signIn.error} />
            <Button type="submit" loading={signIn.isPending}>
              Sign in
            </Button>
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}
