/** The tools of an agent that delegates, which the runtime puts beside the host's. */
export const delegationTools = ['sys_delegate_task', 'sys_spawn_agent'] as const;

export type DelegationTool = (typeof delegationTools)[number];
