import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/request.ts';

export interface Stop {
  readonly at: number;
  readonly by: string;
  readonly reason: string;
  readonly isByFile: boolean;
}

export interface ResponseState {
  readonly stop: Stop | null;
  readonly stopFile: string;
  readonly running: number;
  readonly approvals: number;
  readonly tasks: number;
  readonly toConfirm: number;
  readonly actuators: number;
}

export type RunState =
  | 'planned'
  | 'awaiting-approval'
  | 'running'
  | 'stopped'
  | 'succeeded'
  | 'failed'
  | 'refused'
  | 'cancelled'
  | 'undoing'
  | 'undone';

export interface Run {
  readonly id: string;
  readonly name: string;
  readonly playbook: { readonly id: string; readonly name: string };
  readonly subject: { readonly kind: string; readonly id: string; readonly name: string };
  readonly state: RunState;
  readonly reason: string;
  readonly isDryRun: boolean;
  readonly isSample: boolean;
  readonly isolation: 'as-written' | 'micro-quarantine';
  readonly askedBy: { readonly name: string; readonly role: string | null };
  readonly plannedAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly actions: number;
  readonly manual: number;
}

export interface Verdict {
  readonly decision: 'run' | 'ask' | 'refuse';
  readonly interference: string;
  readonly reasons: readonly string[];
  readonly careLoss: readonly string[];
  readonly approvers: readonly string[];
  readonly milder: 'micro-quarantine' | null;
}

export interface Flow {
  readonly peer: string;
  readonly protocol: string;
  readonly port: number;
  readonly reason: string;
}

export interface PlannedAction {
  readonly step: string;
  readonly number: string;
  readonly title: string;
  readonly branch: string;
  readonly text: string;
  readonly actuator: string | null;
  readonly because: string;
  readonly verdict: Verdict | null;
  readonly effects: readonly string[];
  readonly isReversible: boolean;
  readonly keptFlows: readonly Flow[];
  readonly leftOut: readonly Flow[];
}

export interface Action {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly actuator: string;
  readonly state: string;
  readonly message: string;
  readonly isReversible: boolean;
  readonly appliedAt: number | null;
  readonly undoAt: number | null;
  readonly confirmedBy: string | null;
  readonly keptFlows: readonly Flow[];
  readonly leftOut: readonly Flow[];
}

export interface Task {
  readonly id: string;
  readonly run: string;
  readonly playbook: string;
  readonly subject: string;
  readonly title: string;
  readonly text: string;
  readonly agent: string;
  readonly because: string;
  readonly asks: readonly {
    readonly name: string;
    readonly text: string;
    readonly type: string;
    readonly value: string;
  }[];
  readonly state: string;
  readonly openedAt: number;
  readonly dueAt: number | null;
  readonly by: string | null;
  readonly note: string;
}

export interface Approval {
  readonly id: string;
  readonly run: string;
  readonly title: string;
  readonly reasons: readonly string[];
  readonly effects: readonly string[];
  readonly careLoss: readonly string[];
  readonly milder: { readonly effects: readonly string[] } | null;
  readonly askedBy: { readonly name: string };
  readonly askedAt: number;
  readonly state: string;
  readonly note: string;
  readonly endedBy: string | null;
  readonly parts: readonly {
    readonly group: string;
    readonly title: string;
    readonly roles: readonly string[];
    readonly dueAt: number;
    readonly agreedBy: string | null;
  }[];
  readonly mayApprove: boolean;
  readonly problem: string | null;
}

export interface RunDetail extends Run {
  readonly variables: Readonly<Record<string, string>>;
  readonly missing: readonly string[];
  readonly refused: readonly string[];
  readonly plan: readonly PlannedAction[];
  readonly visits: readonly {
    readonly path: string;
    readonly name: string;
    readonly type: string;
    readonly outcome: string | null;
  }[];
  readonly history: readonly Action[];
  readonly tasks: readonly Task[];
  readonly approvals: readonly Approval[];
}

export interface Capability {
  readonly action: string;
  readonly target: string;
  readonly isReversible: boolean;
}

export interface ActuatorKind {
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly proof: 'real' | 'recorded';
  readonly triedWith: string;
  readonly capabilities: readonly Capability[];
  readonly settings: {
    readonly properties?: Readonly<Record<string, SettingSchema>>;
    readonly required?: readonly string[];
  };
}

export interface SettingSchema {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface Actuator {
  readonly id: string;
  readonly type: string;
  readonly title: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly scope: { readonly networks: readonly string[]; readonly devices: readonly string[] };
  readonly priority: number;
  readonly isEnabled: boolean;
  readonly problem: string | null;
  readonly check: { readonly isReady: boolean; readonly message: string; readonly at: number } | null;
  readonly capabilities: readonly Capability[];
}

export interface Policy {
  readonly rationale: string;
  readonly approvers: Readonly<
    Record<
      string,
      {
        readonly title: string;
        readonly mayApproveOwn: boolean;
        readonly levels: readonly { readonly roles: readonly string[]; readonly minutes: number }[];
      }
    >
  >;
  readonly rules: readonly PolicyRule[];
  readonly elsewhere: readonly PolicyRule[];
  readonly ward: { readonly share: number; readonly devices: number };
  readonly rates: { readonly actionsPerHour: number; readonly actionsPerHourOfOneActuator: number };
  readonly undoAfterMinutes: Readonly<Record<string, number>>;
}

export interface PolicyRule {
  readonly id: string;
  readonly does: readonly string[];
  readonly classes?: readonly string[];
  readonly decision: 'run' | 'ask' | 'refuse';
  readonly approvers: readonly string[];
  readonly because: string;
}

interface List<Item> {
  readonly items: readonly Item[];
}

const get = <Answer>(path: string) => request<Answer>('GET', path);

export const useResponseState = () =>
  useQuery({ queryKey: ['response', 'state'], queryFn: () => get<ResponseState>('/response/state') });
export const useRuns = () =>
  useQuery({ queryKey: ['response', 'runs'], queryFn: () => get<List<Run>>('/response/runs?limit=100') });
export const useRun = (id: string) =>
  useQuery({
    queryKey: ['response', 'run', id],
    queryFn: () => get<RunDetail>(`/response/runs/${encodeURIComponent(id)}`),
  });
export const useApprovals = () =>
  useQuery({ queryKey: ['response', 'approvals'], queryFn: () => get<List<Approval>>('/response/approvals') });
export const useTasks = () =>
  useQuery({ queryKey: ['response', 'tasks'], queryFn: () => get<List<Task>>('/response/tasks') });
export const useActuators = () =>
  useQuery({ queryKey: ['response', 'actuators'], queryFn: () => get<List<Actuator>>('/response/actuators') });
export const useActuatorKinds = () =>
  useQuery({ queryKey: ['response', 'kinds'], queryFn: () => get<List<ActuatorKind>>('/response/actuator-kinds') });
export const usePolicy = () =>
  useQuery({ queryKey: ['response', 'policy'], queryFn: () => get<Policy>('/response/policy') });

/** A change, after which everything about responses is asked again. */
export function useResponseChange<Input, Answer = unknown>(change: (input: Input) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ queryKey: ['response'] }),
  });
}

const post = <Answer>(path: string, body?: object) => request<Answer>('POST', path, body === undefined ? {} : { body });

export const stopAll = (reason: string) => post('/response/stop', { reason });
export const resumeAll = () => post('/response/resume');
export const planRun = (body: object) => post<RunDetail>('/response/runs', body);
export const changeRun = ({ id, change }: { id: string; change: string }) =>
  post<RunDetail>(`/response/runs/${encodeURIComponent(id)}/${change}`);
export const undoAction = (id: string) => post(`/response/actions/${encodeURIComponent(id)}/undo`);
export const approve = ({ id, ...body }: { id: string; note: string; instead?: 'micro-quarantine' }) =>
  post(`/response/approvals/${encodeURIComponent(id)}/approve`, body);
export const refuse = ({ id, reason }: { id: string; reason: string }) =>
  post(`/response/approvals/${encodeURIComponent(id)}/refuse`, { reason });
export const tick = ({ id, ...body }: { id: string; isDone: boolean; note: string; answers: Record<string, string> }) =>
  post(`/response/tasks/${encodeURIComponent(id)}`, body);
export const addActuator = (body: object) => post('/response/actuators', body);
export const checkActuator = (id: string) => post(`/response/actuators/${encodeURIComponent(id)}/check`);
export const changeActuator = ({ id, ...body }: { id: string; isEnabled: boolean }) =>
  request('PATCH', `/response/actuators/${encodeURIComponent(id)}`, { body });
export const removeActuator = (id: string) => request('DELETE', `/response/actuators/${encodeURIComponent(id)}`);
