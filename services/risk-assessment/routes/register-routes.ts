import { defineRoute, ListQuery, pageOfList, pageSchema, type Route, SphinxError } from '@sphinx/platform';
import { Appetite, RegisterChange, RegisterStatement, Treatment } from '@sphinx/risk';
import { z } from 'zod';
import type { MoneyDesk } from '../register/money-desk.ts';
import type { RegisterDesk } from '../register/register-desk.ts';
import {
  AppetiteView,
  ProposalItem,
  RegisterDetail,
  RegisterItem,
  registerDetailOf,
  registerItemOf,
} from './register-shapes.ts';

const READ = { tag: 'risk', permission: 'risk:read' } as const;
const WRITE = { tag: 'risk', permission: 'risk:write' } as const;
const ACCEPT = { tag: 'risk', permission: 'risk:accept' } as const;
const NAMED = z.object({ id: z.string().max(100).meta({ description: 'Id or number: R-3' }) });
const KEYED = z.object({ id: z.string().max(400).meta({ description: 'Key of a proposal' }) });
const Reason = z.string().trim().min(1, 'Say why').max(2000).meta({ description: 'Without data of patients' });

export interface RegisterRouteParts {
  readonly register: RegisterDesk;
  readonly money: MoneyDesk;
  readonly notify: () => void;
}

/** The risk register: entries, proposals of the model, appetite. */
export function registerRoutes(parts: RegisterRouteParts): readonly Route[] {
  return [
    ...listRoutes(parts),
    ...entryRoutes(parts),
    ...lifeRoutes(parts),
    ...proposalRoutes(parts),
    ...appetiteRoutes(parts),
  ];
}

function listRoutes({ register, money }: RegisterRouteParts): readonly Route[] {
  return [
    defineRoute({
      ...READ,
      method: 'GET',
      path: '/risk/register',
      operationId: 'listRiskRegister',
      summary: 'The risk register, open entries first, the worst first',
      query: ListQuery.extend({
        status: z.enum(['open', 'closed']).optional(),
        search: z.string().max(200).optional().meta({ description: 'Part of a number, title, owner or link' }),
      }),
      response: pageSchema(RegisterItem),
      handler: async ({ query: { status, search = '', ...query } }) => {
        const words = search.trim().toLowerCase();
        const items = register
          .all()
          .filter(({ entry }) => status === undefined || entry.status === status)
          .filter(({ entry: { number, title, owner, links } }) =>
            `R-${number} ${title} ${owner} ${links.map(({ name }) => name).join(' ')}`.toLowerCase().includes(words),
          );
        return pageOfList(
          items.map((each) => registerItemOf(each, register)),
          query,
          ({ id }) => id,
        );
      },
    }),
    defineRoute({
      ...READ,
      method: 'GET',
      path: '/risk/register/{id}',
      operationId: 'getRiskRegisterEntry',
      summary: 'One entry with its risk now, its loss in money where figures are given, and its history',
      params: NAMED,
      response: RegisterDetail,
      handler: async ({ params }) => registerDetailOf(register.judge(register.find(params.id)), register, money),
    }),
  ];
}

function entryRoutes({ register, money, notify }: RegisterRouteParts): readonly Route[] {
  return [
    defineRoute({
      ...WRITE,
      method: 'POST',
      path: '/risk/register',
      operationId: 'addRiskRegisterEntry',
      summary: 'Adds a risk to the register',
      body: RegisterStatement,
      response: RegisterDetail,
      audit: { action: 'risk.register.add', subject: ({ body }) => body.title },
      handler: async ({ body, principal }) => {
        const entry = await register.add(body, principal.name);
        notify();
        return registerDetailOf(register.judge(entry), register, money);
      },
    }),
    defineRoute({
      ...WRITE,
      method: 'PATCH',
      path: '/risk/register/{id}',
      operationId: 'changeRiskRegisterEntry',
      summary: 'Changes what is stated of a risk; what is left out stays',
      params: NAMED,
      body: RegisterChange,
      response: RegisterDetail,
      audit: { action: 'risk.register.change', subject: ({ params }) => params.id },
      handler: async ({ params, body, principal }) => {
        const entry = await register.change(params.id, body, principal.name);
        notify();
        return registerDetailOf(register.judge(entry), register, money);
      },
    }),
  ];
}

function lifeRoutes({ register, money, notify }: RegisterRouteParts): readonly Route[] {
  const done = async (entry: Parameters<RegisterDesk['judge']>[0]) => {
    notify();
    return registerDetailOf(register.judge(entry), register, money);
  };
  return [
    defineRoute({
      ...ACCEPT,
      method: 'POST',
      path: '/risk/register/{id}/accept',
      operationId: 'acceptRegisterRisk',
      summary: 'Somebody carries the risk until a day within a year, and says why',
      params: NAMED,
      body: z.object({
        until: z.int().nonnegative().meta({ description: 'Milliseconds since the Unix epoch' }),
        reason: Reason,
      }),
      response: RegisterDetail,
      audit: { action: 'risk.register.accept', subject: ({ params, body }) => `${params.id}: ${body.reason}` },
      handler: async ({ params, body, principal }) => done(await register.accept(params.id, body, principal.name)),
    }),
    defineRoute({
      ...WRITE,
      method: 'POST',
      path: '/risk/register/{id}/close',
      operationId: 'closeRisk',
      summary: 'Closes an entry; it stays in the register',
      params: NAMED,
      body: z.object({ reason: Reason }),
      response: RegisterDetail,
      audit: { action: 'risk.register.close', subject: ({ params, body }) => `${params.id}: ${body.reason}` },
      handler: async ({ params, body, principal }) =>
        done(await register.close(params.id, body.reason, principal.name)),
    }),
    defineRoute({
      ...WRITE,
      method: 'POST',
      path: '/risk/register/{id}/reopen',
      operationId: 'reopenRisk',
      summary: 'Opens a closed entry again',
      params: NAMED,
      response: RegisterDetail,
      audit: { action: 'risk.register.reopen', subject: ({ params }) => params.id },
      handler: async ({ params, principal }) => done(await register.reopen(params.id, principal.name)),
    }),
    defineRoute({
      ...WRITE,
      method: 'POST',
      path: '/risk/register/{id}/undo',
      operationId: 'undoRiskRegisterChange',
      summary: 'Puts an entry back as it was before its last change',
      params: NAMED,
      response: RegisterDetail,
      audit: { action: 'risk.register.undo', subject: ({ params }) => params.id },
      handler: async ({ params, principal }) => done(await register.undo(params.id, principal.name)),
    }),
  ];
}

function proposalRoutes({ register, money, notify }: RegisterRouteParts): readonly Route[] {
  return [
    defineRoute({
      ...READ,
      method: 'GET',
      path: '/risk/proposals',
      operationId: 'listRiskProposals',
      summary: 'What exceeds the appetite and is in no entry, the worst first',
      query: ListQuery,
      response: pageSchema(ProposalItem),
      handler: async ({ query }) => {
        const items = register.proposals().map((each) => ({ ...each, links: [...each.links] }));
        return pageOfList(items, query, ({ key }) => key);
      },
    }),
    defineRoute({
      ...WRITE,
      method: 'POST',
      path: '/risk/proposals/{id}/take',
      operationId: 'takeRiskProposal',
      summary: 'Takes a proposal into the register',
      params: KEYED,
      body: z.object({ owner: z.string().trim().min(1).max(200), treatment: Treatment.default('mitigate') }),
      response: RegisterDetail,
      audit: { action: 'risk.proposal.take', subject: ({ params }) => params.id },
      handler: async ({ params, body, principal }) => {
        const entry = await register.take(params.id, body, principal.name);
        notify();
        return registerDetailOf(register.judge(entry), register, money);
      },
    }),
    defineRoute({
      ...WRITE,
      method: 'POST',
      path: '/risk/proposals/{id}/dismiss',
      operationId: 'dismissRiskProposal',
      summary: 'Leaves a proposal out of the list until it is worse',
      params: KEYED,
      body: z.object({ reason: Reason }),
      response: null,
      audit: { action: 'risk.proposal.dismiss', subject: ({ params, body }) => `${params.id}: ${body.reason}` },
      handler: async ({ params, body, principal }) => {
        await register.dismiss(params.id, body.reason, principal.name);
        notify();
      },
    }),
    defineRoute({
      ...WRITE,
      method: 'DELETE',
      path: '/risk/proposals/{id}/dismiss',
      operationId: 'undoRiskProposalDismissal',
      summary: 'Has a proposal in the list again',
      params: KEYED,
      response: null,
      audit: { action: 'risk.proposal.undismiss', subject: ({ params }) => params.id },
      handler: async ({ params }) => {
        if (!(await register.store.undismiss(params.id))) {
          throw new SphinxError('SPX_NOT_FOUND', `No proposal "${params.id}" was dismissed.`);
        }
        notify();
      },
    }),
  ];
}

function appetiteRoutes({ register, notify }: RegisterRouteParts): readonly Route[] {
  return [
    defineRoute({
      ...READ,
      method: 'GET',
      path: '/risk/appetite',
      operationId: 'getRiskAppetite',
      summary: 'Highest level of each consequence that the hospital carries',
      response: AppetiteView,
      handler: async () => register.store.appetite,
    }),
    defineRoute({
      ...ACCEPT,
      method: 'PUT',
      path: '/risk/appetite',
      operationId: 'setRiskAppetite',
      summary: 'States the appetite anew; proposals follow at once',
      body: Appetite,
      response: AppetiteView,
      audit: { action: 'risk.appetite', subject: ({ body }) => JSON.stringify(body) },
      handler: async ({ body, principal }) => {
        await register.setAppetite(body, principal.name);
        notify();
        return register.store.appetite;
      },
    }),
    defineRoute({
      ...ACCEPT,
      method: 'POST',
      path: '/risk/appetite/undo',
      operationId: 'undoRiskAppetite',
      summary: 'Goes back to the appetite before',
      response: AppetiteView,
      audit: { action: 'risk.appetite.undo', subject: () => 'the last change' },
      handler: async () => {
        if (!(await register.store.undoAppetite())) {
          throw new SphinxError('SPX_CONFLICT', 'The appetite is as SPHINX brings it: there is nothing to take back.');
        }
        notify();
        return register.store.appetite;
      },
    }),
  ];
}
