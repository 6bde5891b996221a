import { Suspense } from 'react';
import { Route, Routes } from 'react-router';
import type { SessionUser } from '../api/session.ts';
import { EmptyState, LoadingState } from '../components/states.tsx';
import { NotFoundPage } from '../pages/not-found/index.tsx';
import { PAGES } from './pages.ts';

/** The page of an address; what the role does not allow says so. */
export function PageRoutes({ user }: { user: SessionUser }) {
  return (
    <Suspense fallback={<LoadingState what="the page" />}>
      <Routes>
        {PAGES.map(({ path, permission, component: Component, title }) => (
          <Route
            key={path}
            path={path}
            element={user.permissions.includes(permission) ? <Component /> : <Forbidden title={title} />}
          />
        ))}
        <Route path="*" element={<NotFoundPage />} />
      </Routes>
    </Suspense>
  );
}

function Forbidden({ title }: { title: string }) {
  return (
    <EmptyState
      title={`${title} is not open to your role`}
      description="Ask an administrator of SPHINX if you need it for your work."
    />
  );
}
