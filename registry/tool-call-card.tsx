'use client';
import type { ReactNode } from 'react';
import {
  ToolCallCardParts as Card,
  useToolCallCard,
  useToolCallLabels,
  type DisplayedToolCall,
  type ToolCallCardProps,
  type ToolCallLabels,
} from 'use-parallel-tools';
import { Button } from '@/components/ui/button';
import './tool-call-bars.css';

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

/** One tool call: a line that opens to input, output, error and what a person can do. */
export function ToolCallCard({ renderers, children, className = '', ...props }: ToolCallCardProps) {
  return (
    <Card.Root
      {...props}
      className={`@container rounded-lg border bg-card text-sm text-card-foreground [&[hidden=until-found]]:border-0 in-data-[slot=tool-call-group-list]:rounded-none in-data-[slot=tool-call-group-list]:border-x-0 in-data-[slot=tool-call-group-list]:border-b-0 in-data-[slot=tool-call-group-list]:first:border-t-0 ${className}`}
    >
      <Header />
      <Card.Content className="grid gap-2 ps-9 pe-3 pt-1 pb-3 [&[hidden=until-found]]:p-0 [&[hidden]:not([hidden=until-found])]:hidden">
        <Body renderers={renderers} />
        {children}
      </Card.Content>
    </Card.Root>
  );
}

function Header() {
  const { call, canUndo } = useToolCallCard();
  const tone = tones[call.status];
  return (
    <Card.Header className="relative flex h-10 items-center gap-x-2 px-3 hover:bg-muted/50 @max-[30rem]:grid @max-[30rem]:h-14 @max-[30rem]:grid-cols-[auto_minmax(0,1fr)_auto_auto_auto] @max-[30rem]:content-center">
      <Card.Icon
        className={`${call.status === 'succeeded' ? 'text-tool-call-success' : tone} col-start-1 row-start-1 shrink-0 [--tool-call-icon-glyph:var(--card)] data-[spin]:motion-safe:animate-spin`}
      />
      <Card.Trigger className="col-start-2 row-start-1 min-w-0 truncate text-start font-medium outline-none after:absolute after:inset-0 focus-visible:after:ring-2 focus-visible:after:ring-ring focus-visible:after:ring-inset @[30rem]:min-w-34" />
      <Card.Detail className="col-start-2 row-start-2 min-w-0 flex-1 truncate text-muted-foreground data-[state=open]:data-[status^=awaiting]:invisible @max-[30rem]:text-xs" />
      {call.status === 'failed' && (
        <Card.Actions className="relative z-10 col-start-3 row-span-2 row-start-1">
          <Card.Retry asChild>
            <Button size="sm" variant="outline" className="h-7 px-2" />
          </Card.Retry>
        </Card.Actions>
      )}
      {canUndo && (
        <Card.Actions className="relative z-10 col-start-3 row-span-2 row-start-1">
          <Card.Undo asChild>
            <Button size="sm" variant="outline" className="h-7 px-2" />
          </Card.Undo>
        </Card.Actions>
      )}
      <Card.Status className={`col-start-4 row-start-1 text-end whitespace-nowrap ${tone}`} />
      <Card.Time className="col-start-4 row-start-2 text-end whitespace-nowrap text-muted-foreground tabular-nums empty:hidden @max-[30rem]:text-xs" />
      <Card.Chevron className="pointer-events-none col-start-5 row-span-2 row-start-1 shrink-0 text-muted-foreground transition-transform data-[state=open]:rotate-180" />
      <Card.Progress className="absolute inset-x-0 bottom-0 h-0.5 bg-tool-call-active/20 before:block before:h-full before:w-[calc(var(--tool-call-fraction)*100%)] before:bg-tool-call-active" />
    </Card.Header>
  );
}

const section = [
  'relative grid gap-1 @[30rem]:grid-cols-[4.5rem_minmax(0,1fr)] @[30rem]:gap-2',
  '[&_pre]:max-h-60 [&_pre]:overflow-auto [&_pre]:rounded-md [&_pre]:bg-muted [&_pre]:px-3 [&_pre]:py-2 [&_pre]:font-mono [&_pre]:text-xs/5 [&_pre]:whitespace-pre-wrap',
  '[&>[data-slot=tool-call-card-caption]]:text-xs [&>[data-slot=tool-call-card-caption]]:text-muted-foreground @[30rem]:[&>[data-slot=tool-call-card-caption]]:py-2.5',
  '[&>[data-slot=tool-call-card-copy]]:absolute [&>[data-slot=tool-call-card-copy]]:end-1 [&>[data-slot=tool-call-card-copy]]:-top-1.5 @[30rem]:[&>[data-slot=tool-call-card-copy]]:top-1 [&>[data-slot=tool-call-card-copy]]:p-1.5 [&>[data-slot=tool-call-card-copy]]:text-muted-foreground',
].join(' ');

/** What a person should know before they say yes. */
function writeNote(call: DisplayedToolCall, labels: ToolCallLabels): string | undefined {
  if (call.status === 'interrupted') {
    const { interruption } = call;
    if (interruption === undefined) return labels.interruptedNote;
    return labels.interruptionNote[interruption.type](new Date('at' in interruption ? interruption.at : 0));
  }
  if (call.status !== 'awaiting-approval') return undefined;
  if (call.destructive) return labels.destructiveNote;
  if (call.unknownEnd === true) return labels.readyToRunNote;
  return call.inputSigned === true ? labels.signedNote : undefined;
}

/** What a person types in, when they answer or change an input. */
const form = [
  'grid gap-3 [&_[data-slot=tool-call-card-footer]]:flex [&_[data-slot=tool-call-card-footer]]:gap-2 [&_[data-slot=tool-call-problem]]:text-destructive',
  '[&_[data-slot=tool-call-legend]]:mb-1 [&_[data-slot=tool-call-legend]]:block [&_[data-slot=tool-call-optional]]:text-muted-foreground [&_[data-slot=tool-call-hint]]:text-muted-foreground',
  '[&_[data-slot=tool-call-text]]:w-full [&_[data-slot=tool-call-text]]:rounded-md [&_[data-slot=tool-call-text]]:border [&_[data-slot=tool-call-text]]:border-input [&_[data-slot=tool-call-text]]:px-2 [&_[data-slot=tool-call-text]]:py-1',
  '[&_button]:h-8 [&_button]:rounded-md [&_button]:border [&_button]:px-3 [&_button]:font-medium',
].join(' ');

const fields =
  'grid grid-cols-[minmax(4.5rem,max-content)_1fr] gap-x-2 gap-y-1 [&_dd]:wrap-anywhere [&_dt]:text-muted-foreground';

function Body({ renderers }: Pick<ToolCallCardProps, 'renderers'>): ReactNode {
  const { call, isEditing } = useToolCallCard();
  const labels = useToolCallLabels();
  const isDestructive = 'destructive' in call && call.destructive;
  const note = writeNote(call, labels);
  if (isEditing) {
    return (
      <Card.Renderer of="edit" renderers={renderers}>
        {(rendered) => rendered ?? <Card.EditForm className={form} />}
      </Card.Renderer>
    );
  }
  switch (call.status) {
    case 'awaiting-approval':
    case 'interrupted':
      return (
        <>
          <Card.Renderer of="input" renderers={renderers}>
            {(rendered) =>
              rendered ? <Card.Input className={section}>{rendered}</Card.Input> : <Card.Question className={fields} />
            }
          </Card.Renderer>
          {'reasons' in call && call.reasons !== undefined && <Card.Note className="text-tool-call-attention" />}
          <Card.Footer className="flex flex-wrap items-center gap-2 pt-1">
            <Card.Approve asChild>
              <Button
                size="sm"
                variant={isDestructive ? 'outline' : 'default'}
                className={isDestructive ? 'text-destructive' : ''}
              />
            </Card.Approve>
            <Card.Deny asChild>
              <Button size="sm" variant="outline" />
            </Card.Deny>
            <Card.Edit asChild>
              <Button size="sm" variant="ghost" />
            </Card.Edit>
            <Card.Run asChild>
              <Button size="sm" />
            </Card.Run>
            <Card.Skip asChild>
              <Button size="sm" variant="outline" />
            </Card.Skip>
            {note !== undefined && <Card.Note className="text-muted-foreground">{note}</Card.Note>}
          </Card.Footer>
        </>
      );
    case 'awaiting-input':
      return (
        <Card.Renderer of="respond" renderers={renderers}>
          {(rendered) =>
            rendered ?? (
              <>
                <Card.Question className={fields} />
                <Card.Respond className="grid gap-2">
                  <input
                    name="answer"
                    aria-label={labels.answer}
                    autoComplete="off"
                    required
                    className="h-8 max-w-sm rounded-md border border-input px-2"
                  />
                  <Card.Footer className="flex gap-2">
                    <Card.Send asChild>
                      <Button size="sm" />
                    </Card.Send>
                    <Card.Skip asChild>
                      <Button size="sm" variant="outline" />
                    </Card.Skip>
                  </Card.Footer>
                </Card.Respond>
              </>
            )
          }
        </Card.Renderer>
      );
    default:
      return (
        <>
          <Card.Error
            className={`${section} [&>[data-slot=tool-call-card-error]]:flex [&>[data-slot=tool-call-card-error]]:flex-wrap [&>[data-slot=tool-call-card-error]]:justify-between [&>[data-slot=tool-call-card-error]]:gap-x-3 [&>[data-slot=tool-call-card-error]]:rounded-md [&>[data-slot=tool-call-card-error]]:bg-destructive/5 [&>[data-slot=tool-call-card-error]]:px-3 [&>[data-slot=tool-call-card-error]]:py-2 [&_[data-slot=tool-call-card-kind]]:font-mono [&_[data-slot=tool-call-card-kind]]:text-xs/5 [&_[data-slot=tool-call-card-kind]]:text-destructive`}
          />
          <Card.Attempts
            className={`${section} [&_[data-slot=tool-call-card-attempts-text]]:text-xs [&_[data-slot=tool-call-card-attempts-text]]:text-muted-foreground @[30rem]:[&_[data-slot=tool-call-card-attempts]]:py-2`}
          />
          <Card.Renderer of="input" renderers={renderers}>
            {(rendered) => <Card.Input className={section}>{rendered}</Card.Input>}
          </Card.Renderer>
          <Card.Change className={`${section} [&_dd]:py-2 [&_dl]:flex [&_dl]:gap-2 [&_dt]:py-2 [&_ins]:no-underline`} />
          <Card.Renderer of="output" renderers={renderers}>
            {(rendered) => <Card.Output className={section}>{rendered}</Card.Output>}
          </Card.Renderer>
          <Card.Footer className="flex gap-2 empty:hidden @[30rem]:ps-20">
            <Card.Cancel asChild>
              <Button size="sm" variant="outline" />
            </Card.Cancel>
            {call.status === 'cancelled' && (
              <Card.Retry asChild>
                <Button size="sm" variant="outline" />
              </Card.Retry>
            )}
            <Card.Run asChild>
              <Button size="sm" variant="outline" />
            </Card.Run>
            <Card.Edit asChild>
              <Button size="sm" variant="outline" />
            </Card.Edit>
            <Card.Skip asChild>
              <Button size="sm" variant="outline" />
            </Card.Skip>
          </Card.Footer>
        </>
      );
  }
}
