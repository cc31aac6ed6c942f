'use client';
/** Owns the policy of a call's tool on screen: each field, and who set it. */
import type { ReactNode } from 'react';
import type { ToolCall } from '../../core/tool-call.ts';
import { listPolicyFields, type PolicyOrigin } from '../policy-origins.ts';
import { Section } from './section.tsx';
import type { View } from './view.ts';
import { writePolicyValue } from './words.ts';

const ORIGINS: Record<PolicyOrigin, string> = {
  tool: 'the tool',
  annotation: 'an MCP annotation',
  hook: "the hook's defaults",
  default: 'default',
};

export function PolicyTable({ view, call }: { view: View; call: ToolCall }): ReactNode {
  const { host, details } = view.record.chat;
  const policy = host.policyOf(call.toolName);
  if (policy === undefined) return null;
  const options = details?.getOptions();
  const fields = listPolicyFields(policy, options?.tools[call.toolName], options ?? {});
  return (
    <Section title="Policy" isFolded>
      <table className="policy">
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Value</th>
            <th scope="col">From</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(({ field, value, origin }) => (
            <tr key={field} data-origin={origin}>
              <th scope="row">{field}</th>
              <td>{writePolicyValue(value)}</td>
              <td>{options === undefined ? '' : ORIGINS[origin]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
