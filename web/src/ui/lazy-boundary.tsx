import { Component, type ReactNode, Suspense } from "react";
import { errorMessage } from "../api/problem";
import { strings } from "../strings";
import { Button, LoadingDots } from "./button";
import { retryFailedImports } from "./retryable-lazy";
import { useToast } from "./toasts";

interface Props {
  /** Shown when the code could not be loaded, for example without a network. */
  failed: string;
  /** Shown while loading; loading dots by default. */
  loading?: ReactNode;
  /** More buttons to show with the error. */
  actions?: ReactNode;
  children: ReactNode;
}

/** Renders components whose code is loaded on demand, with loading and error states. */
export function LazyBoundary({ failed, loading = <LoadingDots />, actions, children }: Props) {
  const fallback = (retry: () => void) => (
    <div className="lazy-failed" role="alert">
      {failed}
      <Button onClick={retry}>{strings.retry}</Button>
      {actions}
    </div>
  );
  return (
    <ErrorBoundary fallback={fallback}>
      <Suspense fallback={loading}>{children}</Suspense>
    </ErrorBoundary>
  );
}

interface OpenedProps {
  onClose: () => void;
  children: ReactNode;
}

/** A dialog or menu whose code is loaded when it opens. If that fails, shows a toast and closes. */
export function LazyOverlay({ onClose, children }: OpenedProps) {
  const toast = useToast();
  const fail = (error: unknown) => {
    toast({ text: errorMessage(error), tone: "problem" });
    onClose();
  };
  return (
    <ErrorBoundary fallback={null} onError={fail}>
      <Suspense>{children}</Suspense>
    </ErrorBoundary>
  );
}

interface ErrorBoundaryProps {
  /** Rendered instead of the children; a function gets `retry`. */
  fallback: ReactNode | ((retry: () => void) => ReactNode);
  /** When this changes, the children render again after an error. */
  resetKey?: unknown;
  onError?: (error: unknown) => void;
  children: ReactNode;
}

interface ErrorBoundaryState {
  failed: boolean;
  resetKey: unknown;
}

/** Catches render errors in its children, so that the rest of the page stays usable. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { failed: false, resetKey: this.props.resetKey };

  constructor(props: ErrorBoundaryProps) {
    super(props);
    // Opening again is another attempt, so failed imports are loaded again.
    retryFailedImports();
  }

  static getDerivedStateFromError(): Partial<ErrorBoundaryState> {
    return { failed: true };
  }

  static getDerivedStateFromProps(
    props: ErrorBoundaryProps,
    state: ErrorBoundaryState,
  ): Partial<ErrorBoundaryState> | null {
    if (props.resetKey === state.resetKey) return null;
    if (state.failed) retryFailedImports();
    return { failed: false, resetKey: props.resetKey };
  }

  override componentDidCatch(error: unknown) {
    console.error(error);
    this.props.onError?.(error);
  }

  readonly retry = () => {
    retryFailedImports();
    this.setState({ failed: false });
  };

  override render() {
    const { fallback, children } = this.props;
    if (!this.state.failed) return children;
    return typeof fallback === "function" ? fallback(this.retry) : fallback;
  }
}
