'use client';
/** Owns the form for a value of a JSON Schema: a field for each property of a simple one, else a text of JSON with what is wrong in it. */
import { forwardRef, useId, useMemo, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { composeHandlers } from '../part/attributes.ts';
import { useFocusHandover } from '../part/use-focus-handover.ts';
import { useLayoutEffect } from '../part/use-layout-effect.ts';
import { useMergedRefs } from '../part/use-merged-refs.ts';
import { Part, type PartProps } from '../part/part-element.tsx';
import { renderText } from '../words/hidden-characters.tsx';
import { useToolCallLabels } from '../words/labels-provider.tsx';
import { controlNameOf, findOption, listFormFields, readForm, type FormField } from './form-fields.ts';

export interface SchemaFormProps extends PartProps<'form'> {
  /** The JSON Schema, if it is known. */
  schema: unknown;
  /** What the form starts with. */
  value: unknown;
  /** The name of the whole value. */
  caption: string;
  /** What is wrong with the value that was given last. */
  error?: string | undefined;
  /** Whether the first control takes the focus. */
  autoFocused?: boolean;
  /** The buttons. */
  footer: ReactNode;
  onValue: (value: unknown) => void;
}

/** @selector [data-slot="tool-call-card-form"] @selector [data-slot="tool-call-field"] */
export const SchemaForm = forwardRef<HTMLFormElement, SchemaFormProps>(function SchemaForm(
  { schema, value, caption, error, autoFocused = false, footer, onValue, onSubmit, ...props },
  forwardedRef,
) {
  const id = useId();
  const labels = useToolCallLabels();
  const fields = useMemo(() => listFormFields(schema, value), [schema, value]);
  const [fault, setFault] = useState<string>();
  const ref = useRef<HTMLFormElement>(null);
  useFocusHandover(ref);
  useLayoutEffect(() => {
    if (autoFocused) ref.current?.querySelector<HTMLElement>('input, select, textarea')?.focus();
  }, [autoFocused]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    if (fields !== undefined) return onValue(readForm(fields, data, value));
    const parsed = parse(data.get(JSON_NAME));
    setFault('fault' in parsed ? labels.invalidJson(parsed.fault) : undefined);
    if ('value' in parsed) onValue(parsed.value);
  };
  const problem = fault ?? error;
  return (
    <Part.form
      {...props}
      onSubmit={composeHandlers(onSubmit, submit)}
      ref={useMergedRefs(ref, forwardedRef)}
      filling={
        <>
          {fields?.map((field) => (
            <Field key={field.name} field={field} caption={caption} id={`${id}${field.name}`} />
          )) ?? <JsonField caption={caption} value={value} id={`${id}json`} problemId={problem && `${id}problem`} />}
          {problem !== undefined && (
            <div data-slot="tool-call-problem" role="alert" id={`${id}problem`}>
              {renderText(problem)}
            </div>
          )}
          {footer}
        </>
      }
    />
  );
});

const JSON_NAME = 'json';

function parse(text: unknown): { value: unknown } | { fault: string } {
  try {
    return { value: JSON.parse(String(text)) };
  } catch (thrown) {
    return { fault: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

function JsonField({
  caption,
  value,
  id,
  problemId,
}: {
  caption: string;
  value: unknown;
  id: string;
  problemId: string | undefined;
}): ReactNode {
  const text = value === undefined ? '' : JSON.stringify(value, null, 2);
  return (
    <div data-slot="tool-call-field">
      <label data-slot="tool-call-legend" htmlFor={id}>
        {useToolCallLabels().asJson(caption)}
      </label>
      <textarea
        data-slot="tool-call-text"
        data-multiline=""
        id={id}
        name={JSON_NAME}
        rows={Math.min(12, text.split('\n').length + 1)}
        defaultValue={text}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={problemId !== undefined}
        aria-describedby={problemId}
      />
    </div>
  );
}

function Field({ field, caption, id }: { field: FormField; caption: string; id: string }): ReactNode {
  const { title, name, description, kind, isRequired } = field;
  const labels = useToolCallLabels();
  const label = title ?? (name === '' ? caption : name);
  const hint = description && `${id}hint`;
  const shared = {
    id,
    name: controlNameOf(field),
    'aria-describedby': hint,
    required: isRequired && kind !== 'boolean',
  };
  return (
    <div data-slot="tool-call-field" data-kind={kind}>
      <label data-slot="tool-call-legend" htmlFor={id}>
        {renderText(label)}
        {!isRequired && kind !== 'boolean' && <span data-slot="tool-call-optional"> {labels.optional}</span>}
      </label>
      <Control field={field} shared={shared} />
      {description !== undefined && (
        <div data-slot="tool-call-hint" id={hint}>
          {renderText(description)}
        </div>
      )}
    </div>
  );
}

function Control({ field, shared }: { field: FormField; shared: Record<string, unknown> }): ReactNode {
  const { kind, initial, options, attributes } = field;
  const text = initial === undefined || initial === null ? '' : String(initial);
  if (kind === 'boolean') return <input {...shared} type="checkbox" defaultChecked={initial === true} />;
  if (kind === 'choice') {
    const chosen = findOption(field);
    return (
      <select {...shared} data-slot="tool-call-text" defaultValue={chosen}>
        {(chosen === '' || !field.isRequired) && <option value="">–</option>}
        {options.map((option, index) => (
          <option key={index} value={index}>
            {String(option)}
          </option>
        ))}
      </select>
    );
  }
  if (kind === 'text' && attributes['type'] === 'text' && (text.includes('\n') || text.length > LONG_TEXT))
    return <textarea {...shared} data-slot="tool-call-text" data-multiline="" rows={4} defaultValue={text} />;
  return (
    <input
      {...shared}
      {...attributes}
      {...(kind === 'number' && { type: 'number' })}
      data-slot="tool-call-text"
      defaultValue={text}
      autoComplete="off"
    />
  );
}

/** Longer texts get several lines. */
const LONG_TEXT = 60;
