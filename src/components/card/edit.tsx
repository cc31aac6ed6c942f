'use client';
/** Owns how a person changes the input of a call: the button, the form, and what was changed. */
import { forwardRef, useRef, type KeyboardEvent } from 'react';
import { isSameJson } from '../../core/identical-calls.ts';
import { useJsonSchema } from '../../react/use-json-schema.ts';
import { useToolCalls } from '../../react/use-tool-calls.ts';
import { SchemaForm } from '../form/schema-form.tsx';
import { composeHandlers } from '../part/attributes.ts';
import { useLayoutEffect } from '../part/use-layout-effect.ts';
import { useMergedRefs } from '../part/use-merged-refs.ts';
import type { PartProps } from '../part/part-element.tsx';
import { renderText } from '../words/hidden-characters.tsx';
import { useToolCallLabels } from '../words/labels-provider.tsx';
import { createSection, ToolCallCardFooter } from './body.tsx';
import { CardButton, type ToolCallCardButtonProps } from './buttons.tsx';
import { useCardAttributes, useStillCard, useToolCallCard } from './context.tsx';

/** Opens the form in which the input of a call that waits for a yes, or has failed, can be changed. @selector [data-slot="tool-call-card-edit"] */
export const ToolCallCardEdit = forwardRef<HTMLButtonElement, ToolCallCardButtonProps>(
  function ToolCallCardEdit(props, forwardedRef) {
    const { canEdit, isEditing, setEditing, wasEditing } = useStillCard();
    const ref = useRef<HTMLButtonElement>(null);
    const isShown = canEdit && !isEditing;
    useLayoutEffect(() => {
      if (isShown && wasEditing) ref.current?.focus();
    }, [isShown, wasEditing]);
    const mergedRef = useMergedRefs(ref, forwardedRef);
    return isShown ? <CardButton action="edit" run={() => setEditing(true)} {...props} ref={mergedRef} /> : null;
  },
);

/**
 * The form: fields for a simple schema, else JSON. It approves the call, or runs a failed one again, with what was filled in. Nothing unless the
 * card's `isEditing`. @selector [data-slot="tool-call-card-form"]
 */
export const ToolCallCardEditForm = forwardRef<HTMLFormElement, PartProps<'form'>>(function ToolCallCardEditForm(
  { onKeyDown, children, ...props },
  ref,
) {
  const { call, isEditing, submitInput, setEditing } = useToolCallCard();
  const labels = useToolCallLabels();
  const attributes = useCardAttributes('form');
  const { getTools } = useToolCalls();
  const schema = useJsonSchema(getTools()[call.toolName]?.inputSchema);
  if (!isEditing || schema === 'pending' || call.status === 'input-streaming') return null;
  const leave = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    setEditing(false);
  };
  return (
    <SchemaForm
      {...attributes}
      {...props}
      schema={schema}
      value={call.input}
      caption={labels.input}
      error={call.status === 'awaiting-approval' ? call.error?.message : undefined}
      autoFocused
      onValue={submitInput}
      onKeyDown={composeHandlers(onKeyDown, leave)}
      footer={
        <ToolCallCardFooter>
          <CardButton
            type="submit"
            action={call.status === 'failed' ? 'retry' : 'approve'}
            variant={call.destructive ? 'danger' : 'primary'}
          />{' '}
          <CardButton action="back" variant="ghost" run={() => setEditing(false)} />
        </ToolCallCardFooter>
      }
      ref={ref}
    >
      {children}
    </SchemaForm>
  );
});

/** What a person has changed in the input: each field as it was, and as it ran. Nothing where nothing was. @selector [data-section="changed"] */
export const ToolCallCardChange = createSection('changed', () => {
  const { call } = useToolCallCard();
  const labels = useToolCallLabels();
  if (call.status === 'input-streaming' || call.modelInput === undefined) return null;
  return {
    filling: (
      <dl data-slot="tool-call-fields" data-changed="">
        {listChanges(call.modelInput, call.input).map(({ name, before, now }) => [
          <dt key={`${name} name`}>{renderText(name === '' ? labels.input : name)}</dt>,
          <dd key={name}>
            <del>{renderText(before)}</del> <ins>{renderText(now)}</ins>
          </dd>,
        ])}
      </dl>
    ),
  };
});

/** The fields of two objects that differ, or, under the name `''`, two other values. */
function listChanges(before: unknown, now: unknown): { name: string; before: string; now: string }[] {
  const [left, right] = [before, now].map((value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : { '': value },
  );
  return Object.keys({ ...left, ...right })
    .filter((name) => !isSameJson(left![name], right![name]))
    .map((name) => ({ name, before: write(left![name]), now: write(right![name]) }));
}

function write(value: unknown): string {
  return typeof value === 'string' && value !== '' ? value : (JSON.stringify(value) ?? '–');
}
