import { Suspense } from 'react';
import { Navigate, Route, Routes } from 'react-router';
import { useServicesOff } from '../api/services.ts';
import type { SessionUser } from '../api/session.ts';
import { PageHeader } from '../components/page-header.tsx';
import { ServiceOff } from '../components/service-off.tsx';
import { EmptyState, LoadingState } from '../components/states.tsx';
import { NotFoundPage } from '../pages/not-found/index.tsx';
import { isOpenTo, type Page } from './page.ts';
import { PAGES } from './pages.ts';

/** The page of an address; what the role does not allow says so. */
export function PageRoutes({ user }: { user: SessionUser }) {
  return (
    <Suspense fallback={<LoadingState what="the page" />}>
      <Routes>
        {PAGES.map((page) => (
          <Route key={page.path} path={page.path} element={<AllowedPage page={page} user={user} />} />
        ))}
        <Route path="*" element={<NotFoundPage />} />
      </Routes>
    </Suspense>
  );
}

function AllowedPage({ page, user }: { page: Page; user: SessionUser }) {
  if (isOpenTo(page, user)) return <OpenPage page={page} />;
  // Whoever has no overview begins with what there is.
  const first = PAGES.find((each) => {
    const { icon, menuOf = user.role } = each;
    return icon !== undefined && menuOf === user.role && isOpenTo(each, user);
  });
  return page.path === '/' && first !== undefined ? <Navigate to={first.path} replace /> : <Forbidden {...page} />;
}

function OpenPage({ page: { component: Component, service, title } }: { page: Page }) {
  const off = useServicesOff().get(service ?? '');
  if (off === undefined) return <Component />;
  return (
    <>
      <PageHeader title={title} />
      <ServiceOff service={off} />
    </>
  );
}

function Forbidden({ title }: { title: string }) {
  return (
    <>
      <PageHeader title={title} />
      <EmptyState
        title="This page is not open to your role"
        description="Ask an administrator of SPHINX if you need it for your work."
      />
    </>
  );
}
