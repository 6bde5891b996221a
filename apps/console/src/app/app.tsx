import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { BrowserRouter, Route, Routes } from 'react-router';
import { ApiError } from '../api/request.ts';
import { useSession } from '../api/session.ts';
import { ErrorState, LoadingState } from '../components/states.tsx';
import { FirstRunPage } from '../pages/first-run/index.tsx';
import { SignInPage } from '../pages/sign-in/index.tsx';
import { PageRoutes } from './page-routes.tsx';
import { Shell } from './shell.tsx';
import { cssVariables, theme } from './theme.ts';

const MAXIMUM_RETRIES = 2;

const client: QueryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5000,
      // What was refused stays refused; only an unreachable SPHINX is asked again.
      retry: (count, error) => count < MAXIMUM_RETRIES && error instanceof ApiError && error.status === 0,
    },
  },
});
client.getQueryCache().subscribe(({ type, query }) => {
  const { error } = query.state;
  const isSignedOut = type === 'updated' && error instanceof ApiError && error.status === 401;
  if (isSignedOut && query.queryKey[0] !== 'session') client.setQueryData(['session'], null);
});

export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={client}>
        <Notifications />
        <BrowserRouter>
          <Routes>
            <Route path="/first-run" element={<FirstRunPage />} />
            <Route path="*" element={<SignedIn />} />
          </Routes>
        </BrowserRouter>
      </QueryClientProvider>
    </MantineProvider>
  );
}

function SignedIn() {
  const { data: user, error, isPending, refetch } = useSession();
  if (isPending) return <LoadingState what="SPHINX" />;
  if (user === undefined) return <ErrorState error={error} onRetry={refetch} />;
  if (user === null) return <SignInPage />;
  return (
    <Shell user={user}>
      <PageRoutes user={user} />
    </Shell>
  );
}
