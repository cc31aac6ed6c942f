'use client';
/** Owns the form in which a person answers a call of a tool without `execute`. */
import { forwardRef, useRef, type FormEvent } from 'react';
import { composeHandlers } from '../part/attributes.ts';
import { useToolCallLabels } from '../words/labels-provider.tsx';
import { ToolCallCardFooter } from './body.tsx';
import { ToolCallCardSend, ToolCallCardSkip } from './buttons.tsx';
import { useCardAttributes, useToolCallCard } from './context.tsx';
import { SchemaForm } from '../form/schema-form.tsx';
import { useJsonSchema } from '../../react/use-json-schema.ts';
import { useToolCalls } from '../../react/use-tool-calls.ts';
import { useFocusHandover } from '../part/use-focus-handover.ts';
import { useMergedRefs } from '../part/use-merged-refs.ts';
import { Part, type PartProps } from '../part/part-element.tsx';

/**
 * A form for the answer: fields for a simple `outputSchema` of the tool, JSON for any other, a text where there is none. With fields of your own it
 * answers with the text of the one named `answer`; for another answer give it an `onSubmit` that prevents the default and calls `respond` of
 * `useToolCallCard()`. Nothing unless the call waits for input.
 * @selector [data-slot="tool-call-card-form"]
 */
export const ToolCallCardRespond = forwardRef<HTMLFormElement, PartProps<'form'>>(function ToolCallCardRespond(
  { onSubmit, children, ...props },
  forwardedRef,
) {
  const { call, respond } = useToolCallCard();
  const attributes = useCardAttributes('form');
  const { answer } = useToolCallLabels();
  const { getTools } = useToolCalls();
  const schema = useJsonSchema(getTools()[call.toolName]?.outputSchema);
  if (call.status !== 'awaiting-input' || schema === 'pending') return null;
  if (children === undefined && schema !== undefined && !isPlainText(schema)) {
    return (
      <SchemaForm
        {...attributes}
        {...props}
        schema={schema}
        value={undefined}
        caption={answer}
        error={call.error?.message}
        onSubmit={onSubmit}
        onValue={respond}
        footer={<Buttons />}
        ref={forwardedRef}
      />
    );
  }
  return (
    <RespondForm onSubmit={onSubmit} {...props} ref={forwardedRef}>
      {children}
    </RespondForm>
  );
});

const RespondForm = forwardRef<HTMLFormElement, PartProps<'form'>>(function RespondForm(
  { onSubmit, ...props },
  forwardedRef,
) {
  const { respond } = useToolCallCard();
  const ref = useRef<HTMLFormElement>(null);
  useFocusHandover(ref);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const answer = new FormData(event.currentTarget).get('answer');
    if (answer !== null) respond(answer);
  };
  return (
    <Part.form
      {...useCardAttributes('form')}
      {...props}
      onSubmit={composeHandlers(onSubmit, submit)}
      ref={useMergedRefs(ref, forwardedRef)}
      filling={<TextAnswer />}
    />
  );
});

function TextAnswer() {
  const { id } = useToolCallCard();
  const { answer } = useToolCallLabels();
  return (
    <>
      <div data-slot="tool-call-field">
        <label data-slot="tool-call-legend" htmlFor={`${id}answer`}>
          {answer}
        </label>
        <input data-slot="tool-call-text" id={`${id}answer`} name="answer" autoComplete="off" required />
      </div>
      <Buttons />
    </>
  );
}

function Buttons() {
  return (
    <ToolCallCardFooter>
      <ToolCallCardSend /> <ToolCallCardSkip />
    </ToolCallCardFooter>
  );
}

/** Whether any text is an answer. */
function isPlainText(schema: unknown): boolean {
  const { type, enum: options, format } = schema as Readonly<Record<string, unknown>>; // SAFETY: a JSON Schema that is there is an object, or `true`.
  return type === 'string' && options === undefined && format === undefined;
}
