'use client';
import type { ReactNode } from 'react';
import {
  ToolCallCardParts as Card,
  useToolCallCard,
  type DisplayedToolCall,
  type ToolCallKey,
} from 'use-parallel-tools';
import { Button } from '@/components/ui/button';

/** The colour of a state: live ones have a hue, what is settled well is grey. */
const tones = {
  'input-streaming': 'text-tool-call-active',
  queued: 'text-muted-foreground',
  'awaiting-approval': 'text-tool-call-attention',
  'awaiting-input': 'text-tool-call-attention',
  interrupted: 'text-tool-call-attention',
  running: 'text-tool-call-active',
  retrying: 'text-tool-call-attention',
  succeeded: 'text-muted-foreground',
  failed: 'text-destructive',
  denied: 'text-muted-foreground',
  cancelled: 'text-muted-foreground',
} satisfies Record<DisplayedToolCall['status'], string>;

interface ToolCallCardProps {
  callKey: ToolCallKey;
  call?: DisplayedToolCall | undefined;
}

/** One tool call: a line that opens to input, output, error and what a person can do. */
export function ToolCallCard({ callKey, call }: ToolCallCardProps) {
  return (
    <Card.Root callKey={callKey} call={call} className="border-t text-sm first:border-t-0">
      <Header />
      <Card.Content className="grid gap-2 px-3 pb-3 pl-9 data-[state=closed]:hidden">
        <Body />
      </Card.Content>
    </Card.Root>
  );
}

function Header() {
  const { call } = useToolCallCard();
  const tone = tones[call.status];
  return (
    <Card.Header className="relative flex h-10 items-center gap-2 px-3 hover:bg-muted/50">
      <Card.Icon
        className={`${call.status === 'succeeded' ? 'text-tool-call-success' : tone} shrink-0 data-[spin]:animate-spin`}
      />
      <Card.Trigger className="min-w-34 truncate text-start font-medium outline-none after:absolute after:inset-0 focus-visible:after:ring-2 focus-visible:after:ring-ring" />
      <Card.Detail className="min-w-0 flex-1 truncate text-muted-foreground" />
      {call.status === 'failed' && (
        <Card.Actions className="relative z-10">
          <Card.Retry asChild>
            <Button size="sm" variant="outline" />
          </Card.Retry>
        </Card.Actions>
      )}
      <Card.Status className={`whitespace-nowrap ${tone}`} />
      <Card.Time className="whitespace-nowrap text-muted-foreground tabular-nums" />
      <Card.Chevron className="shrink-0 text-muted-foreground transition-transform data-[state=open]:rotate-180" />
      <Card.Progress className="absolute inset-x-0 bottom-0 h-0.5 bg-tool-call-active/20 before:block before:h-full before:w-[calc(var(--tool-call-fraction)*100%)] before:bg-tool-call-active" />
    </Card.Header>
  );
}

const section =
  'grid gap-1 [&_pre]:max-h-60 [&_pre]:overflow-auto [&_pre]:rounded-md [&_pre]:bg-muted [&_pre]:p-3 [&_pre]:font-mono [&_pre]:text-xs [&_pre]:whitespace-pre-wrap [&>[data-slot=tool-call-card-caption]]:text-xs [&>[data-slot=tool-call-card-caption]]:text-muted-foreground';

function Body(): ReactNode {
  const { call } = useToolCallCard();
  switch (call.status) {
    case 'awaiting-approval':
    case 'interrupted':
      return (
        <>
          <Card.Question className="grid grid-cols-[max-content_1fr] gap-x-3 gap-y-1 [&_dt]:text-muted-foreground" />
          <Card.Footer className="flex gap-2">
            <Card.Approve asChild>
              <Button size="sm" variant={'destructive' in call && call.destructive ? 'outline' : 'default'} />
            </Card.Approve>
            <Card.Deny asChild>
              <Button size="sm" variant="outline" />
            </Card.Deny>
            <Card.Run asChild>
              <Button size="sm" />
            </Card.Run>
            <Card.Skip asChild>
              <Button size="sm" variant="outline" />
            </Card.Skip>
          </Card.Footer>
        </>
      );
    case 'awaiting-input':
      return (
        <>
          <Card.Question className="grid grid-cols-[max-content_1fr] gap-x-3" />
          <Card.Respond className="grid gap-2 [&_input]:h-8 [&_input]:rounded-md [&_input]:border [&_input]:px-2" />
        </>
      );
    default:
      return (
        <>
          <Card.Error className={`${section} [&_[data-slot=tool-call-card-message]]:block`} />
          <Card.Input className={section} />
          <Card.Output className={section} />
          <Card.Footer className="flex gap-2 empty:hidden">
            <Card.Cancel asChild>
              <Button size="sm" variant="outline" />
            </Card.Cancel>
          </Card.Footer>
        </>
      );
  }
}
