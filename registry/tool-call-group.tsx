'use client';
import { ToolCallGroupParts as Group, ToolCallLabelsProvider, type ToolCallGroupProps } from 'use-parallel-tools';
import { Button } from '@/components/ui/button';
import { ToolCallCard } from '@/components/tool-call-card';

/** The strip on the header's edge: a segment a call, or one bar for very many. */
const strip = [
  'absolute inset-x-0 -bottom-px z-10 flex h-0.5 gap-0.5 bg-card data-[continuous]:gap-0 data-[status=succeeded]:opacity-0',
  '*:flex-1 *:bg-foreground/10 *:data-[status=cancelled]:bg-foreground/10 *:data-[status=failed]:bg-destructive *:data-[status=interrupted]:bg-tool-call-attention *:data-[status=running]:bg-tool-call-active/25 *:data-[status=succeeded]:bg-tool-call-success/65 *:data-[status^=awaiting]:bg-tool-call-attention *:data-[status=retrying]:bg-tool-call-attention/50',
  '*:data-[status=running]:before:block *:data-[status=running]:before:h-full *:data-[status=running]:before:w-[calc(var(--tool-call-fraction,0.5)*100%)] *:data-[status=running]:before:bg-tool-call-active',
].join(' ');

const exceptions =
  "has-[>*]:before:mx-1 has-[>*]:before:content-['·'] @max-[30rem]:before:hidden [&>*+*]:before:me-1 [&>*+*]:before:content-['·'] [&>[data-slot=tool-call-group-exception][data-status=awaiting]]:font-medium [&>[data-slot=tool-call-group-exception][data-status=awaiting]]:text-tool-call-attention [&>[data-slot=tool-call-group-exception][data-status=failed]]:font-medium [&>[data-slot=tool-call-group-exception][data-status=failed]]:text-destructive";

/** The tool calls of one step of a message: counts, times, what can be done with all of them, and a card each. */
export function ToolCallGroup({
  renderers,
  labels,
  footer: Footer,
  cardFooter: CardFooter,
  className = '',
  ...props
}: ToolCallGroupProps) {
  return (
    <ToolCallLabelsProvider labels={labels}>
      <Group.Root
        {...props}
        className={`not-prose @container relative w-full overflow-hidden rounded-lg border bg-card text-card-foreground ${className}`}
      >
        <Group.Header className="relative flex h-10 items-center gap-2 px-3 text-sm hover:bg-muted/50 @max-[30rem]:h-14">
          <Group.Icon className="shrink-0 text-muted-foreground [--tool-call-icon-glyph:var(--card)] data-[status=awaiting]:text-tool-call-attention data-[status=failed]:text-destructive data-[status=running]:text-tool-call-active data-[status=succeeded]:text-tool-call-success" />
          <Group.Trigger className="flex min-w-0 flex-1 text-start outline-none after:absolute after:inset-0 focus-visible:after:ring-2 focus-visible:after:ring-ring focus-visible:after:ring-inset">
            <Group.Summary className="flex min-w-0 items-baseline @max-[30rem]:block">
              <Group.Title className="block font-semibold whitespace-nowrap tabular-nums" />
              <Group.Meta
                className={`block truncate text-muted-foreground tabular-nums @max-[30rem]:text-xs ${exceptions}`}
              />
            </Group.Summary>
          </Group.Trigger>
          <Group.Actions className="relative z-10 flex gap-1">
            <Group.ApproveAll asChild>
              <Button size="sm" variant="outline" className="h-7 px-2" />
            </Group.ApproveAll>
            <Group.RetryFailed asChild>
              <Button size="sm" variant="outline" className="h-7 px-2" />
            </Group.RetryFailed>
            <Group.Cancel asChild>
              <Button size="sm" variant="ghost" className="h-7 px-2" />
            </Group.Cancel>
          </Group.Actions>
          <Group.Chevron className="pointer-events-none shrink-0 text-muted-foreground transition-transform data-[state=open]:rotate-180" />
          <Group.Progress className={strip} />
        </Group.Header>
        <Group.List className="border-t [&[hidden=until-found]]:border-0 [&[hidden]:not([hidden=until-found])]:hidden">
          {(callKey, call) => (
            <ToolCallCard key={callKey} callKey={callKey} call={call} renderers={renderers}>
              {CardFooter && <CardFooter />}
            </ToolCallCard>
          )}
        </Group.List>
        {Footer && <Footer batch={props.batch} />}
        <Group.Announcer />
      </Group.Root>
    </ToolCallLabelsProvider>
  );
}
