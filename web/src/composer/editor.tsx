import { useRef } from "react";

interface Props {
  initialHtml: string;
  roomId: number;
  label: string;
  autoFocus: boolean;
  toolbar: "always" | "asked";
  onSubmit: (html: string) => void;
  onCancel: () => void;
}

/** Placeholder. */
export function MessageEditor({ initialHtml, label, onSubmit, onCancel }: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  return (
    <div>
      <textarea
        ref={field}
        aria-label={label}
        defaultValue={initialHtml}
        onKeyDown={(event) => {
          if (event.key === "Escape") onCancel();
          if (event.key === "Enter" && event.ctrlKey) onSubmit(field.current?.value ?? "");
        }}
      />
    </div>
  );
}
