'use client';
/** Owns the form in which a person answers a call of a tool without `execute`. */
import { forwardRef, useRef, type FormEvent } from 'react';
import { composeHandlers } from '../part/attributes.ts';
import { useToolCallLabels } from '../words/labels-provider.tsx';
import { ToolCallCardFooter } from './body.tsx';
import { ToolCallCardSend, ToolCallCardSkip } from './buttons.tsx';
import { useCardAttributes, useToolCallCard } from './context.tsx';
import { useFocusHandover } from '../part/use-focus-handover.ts';
import { useMergedRefs } from '../part/use-merged-refs.ts';
import { Part, type PartProps } from '../part/part-element.tsx';

/**
 * A form that answers with the text of its field `answer`, as a string. For any other answer give it your own fields and an
 * `onSubmit` that prevents the default and calls `respond` of `useToolCallCard()`. Nothing unless the call waits for input.
 * @selector [data-slot="tool-call-card-form"]
 */
export const ToolCallCardRespond = forwardRef<HTMLFormElement, PartProps<'form'>>(function ToolCallCardRespond(
  { onSubmit, children, ...props },
  forwardedRef,
) {
  const { call } = useToolCallCard();
  if (call.status !== 'awaiting-input') return null;
  return (
    <RespondForm onSubmit={onSubmit} {...props} ref={forwardedRef}>
      {children ?? <TextAnswer />}
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
      <ToolCallCardFooter>
        <ToolCallCardSend /> <ToolCallCardSkip />
      </ToolCallCardFooter>
    </>
  );
}
