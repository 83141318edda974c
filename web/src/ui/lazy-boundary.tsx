import { Component, type ReactNode, Suspense } from "react";
import { errorMessage } from "../api/problem";
import { strings } from "../strings";
import { Button, LoadingDots } from "./button";
import { retryFailedImports } from "./retryable-lazy";
import { useToast } from "./toasts";

interface Props {
  /** Said when the part could not be fetched, as after a break of the network. */
  failed: string;
  /** Shown meanwhile; moving dots if it is not given. */
  loading?: ReactNode;
  /** What else can be done about a failure. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A place for a part of the client that is fetched when it is needed. */
export function LazyBoundary({ failed, loading = <LoadingDots />, actions, children }: Props) {
  const fallback = (retry: () => void) => (
    <div className="later-failed" role="alert">
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

/** A dialog or menu that is fetched when it is opened. If it cannot be, that is said, and it counts as closed. */
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
  /** Shown instead; given how to try again. */
  fallback: ReactNode | ((retry: () => void) => ReactNode);
  /** When this changes, what failed is tried again. */
  resetKey?: unknown;
  onError?: (error: unknown) => void;
  children: ReactNode;
}

interface ErrorBoundaryState {
  failed: boolean;
  resetKey: unknown;
}

/** Shows something else where a part of the page cannot be shown, so that the rest stays. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { failed: false, resetKey: this.props.resetKey };

  constructor(props: ErrorBoundaryProps) {
    super(props);
    // Another attempt, perhaps: what is opened once more begins anew.
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
