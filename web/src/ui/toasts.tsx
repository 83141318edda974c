import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useRef,
  useState,
} from "react";
import { Button, classNames } from "./button";
import { isTextInput } from "./text-input";

/** How long a toast is shown, in milliseconds, and how many are shown at once. */
const displayedFor = 6_000;
const maxToasts = 3;

export interface Toast {
  text: string;
  /** A button that is available while the toast is shown. */
  action?: { label: string; run: () => void };
  tone?: "info" | "problem";
  /** Milliseconds. */
  duration?: number;
}

interface Shown extends Toast {
  id: number;
}

type Show = (toast: Toast) => void;

const ToastContext = createContext<Show | null>(null);

/** Toasts over the page. Ctrl/Cmd+Z runs the action of the latest toast that has one. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Shown[]>([]);
  const next = useRef(1);

  const dismiss = useCallback((id: number) => {
    setToasts((shown) => shown.filter((toast) => toast.id !== id));
  }, []);
  const show = useCallback<Show>((toast) => {
    const id = next.current++;
    setToasts((shown) => [...shown, { ...toast, id }].slice(-maxToasts));
  }, []);

  const latest = toasts.findLast(({ action }) => action);
  useEffect(() => {
    if (!latest?.action) return;
    const { id, action } = latest;
    const undo = (event: KeyboardEvent) => {
      const isUndo = event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey);
      if (!isUndo || event.shiftKey || event.defaultPrevented || isTextInput(event.target)) return;
      event.preventDefault();
      dismiss(id);
      action.run();
    };
    document.addEventListener("keydown", undo);
    return () => document.removeEventListener("keydown", undo);
  }, [latest, dismiss]);

  return (
    <ToastContext value={show}>
      {children}
      <div className="toasts" role="status">
        {toasts.map((toast) => (
          <ToastItem key={toast.id} toast={toast} dismiss={dismiss} />
        ))}
      </div>
    </ToastContext>
  );
}

export function useToast(): Show {
  const show = useContext(ToastContext);
  if (!show) throw new Error("useToast must be used inside ToastProvider");
  return show;
}

function ToastItem({ toast, dismiss }: { toast: Shown; dismiss: (id: number) => void }) {
  const { id, text, action, tone = "info", duration = displayedFor } = toast;
  useEffect(() => {
    const timer = setTimeout(() => dismiss(id), duration);
    return () => clearTimeout(timer);
  }, [id, duration, dismiss]);
  const act = () => {
    dismiss(id);
    action?.run();
  };
  return (
    <div className={classNames("toast", `toast--${tone}`)}>
      <span className="toast__text">{text}</span>
      {action && (
        <Button className="toast__action" onClick={act}>
          {action.label}
        </Button>
      )}
    </div>
  );
}
