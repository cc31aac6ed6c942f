'use client';
import { ToolCallGroupParts as Group, type MessageToolBatch } from 'use-parallel-tools';
import { Button } from '@/components/ui/button';
import { ToolCallCard } from '@/components/tool-call-card';

/** The tool calls of one step of a message: counts, times, what can be done with all of them, and a card each. */
export function ToolCallGroup({ batch }: { batch: MessageToolBatch }) {
  return (
    <Group.Root
      batch={batch}
      className="not-prose w-full overflow-hidden rounded-lg border bg-card text-card-foreground"
    >
      <Group.Header className="relative flex h-10 items-center gap-2 px-3 text-sm hover:bg-muted/50">
        <Group.Icon className="shrink-0 text-muted-foreground data-[status=awaiting]:text-tool-call-attention data-[status=failed]:text-destructive data-[status=running]:text-tool-call-active data-[status=succeeded]:text-tool-call-success" />
        <Group.Trigger className="flex min-w-0 flex-1 items-baseline gap-2 text-start outline-none after:absolute after:inset-0 focus-visible:after:ring-2 focus-visible:after:ring-ring">
          <Group.Title className="font-semibold whitespace-nowrap tabular-nums" />
          <Group.Meta className="flex gap-2 truncate text-muted-foreground tabular-nums" />
        </Group.Trigger>
        <Group.Actions className="relative z-10 flex gap-1">
          <Group.ApproveAll asChild>
            <Button size="sm" variant="outline" />
          </Group.ApproveAll>
          <Group.RetryFailed asChild>
            <Button size="sm" variant="outline" />
          </Group.RetryFailed>
          <Group.Cancel asChild>
            <Button size="sm" variant="ghost" />
          </Group.Cancel>
        </Group.Actions>
        <Group.Chevron className="shrink-0 text-muted-foreground transition-transform data-[state=open]:rotate-180" />
      </Group.Header>
      <Group.List className="border-t [&[hidden]]:hidden">
        {(callKey, call) => <ToolCallCard key={callKey} callKey={callKey} call={call} />}
      </Group.List>
      <Group.Announcer />
    </Group.Root>
  );
}
