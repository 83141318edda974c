import { Component, type ReactNode, Suspense } from "react";
import { sentenceFor } from "../api/problem";
import { words } from "../strings";
import { Button, Dots } from "./button";
import { askAgain } from "./retryable-lazy";
import { useToast } from "./toasts";

interface Props {
  /** Said when the part could not be fetched, as after a break of the network. */
  failed: string;
  /** Shown meanwhile; moving dots if it is not given. */
  waiting?: ReactNode;
  /** What else can be done about a failure. */
  ways?: ReactNode;
  children: ReactNode;
}

/** A place for a part of the client that is fetched when it is needed. */
export function Later({ failed, waiting = <Dots />, ways, children }: Props) {
  const fallback = (retry: () => void) => (
    <div className="later-failed" role="alert">
      {failed}
      <Button onClick={retry}>{words.retry}</Button>
      {ways}
    </div>
  );
  return (
    <Guard fallback={fallback}>
      <Suspense fallback={waiting}>{children}</Suspense>
    </Guard>
  );
}

interface OpenedProps {
  onClose: () => void;
  children: ReactNode;
}

/** A dialog or menu that is fetched when it is opened. If it cannot be, that is said, and it counts as closed. */
export function OpenedLater({ onClose, children }: OpenedProps) {
  const toast = useToast();
  const fail = (error: unknown) => {
    toast({ text: sentenceFor(error), tone: "problem" });
    onClose();
  };
  return (
    <Guard fallback={null} onFailed={fail}>
      <Suspense>{children}</Suspense>
    </Guard>
  );
}

interface GuardProps {
  /** Shown instead; given how to try again. */
  fallback: ReactNode | ((retry: () => void) => ReactNode);
  /** When this changes, what failed is tried again. */
  version?: unknown;
  onFailed?: (error: unknown) => void;
  children: ReactNode;
}

interface GuardState {
  failed: boolean;
  version: unknown;
}

/** Shows something else where a part of the page cannot be shown, so that the rest stays. */
export class Guard extends Component<GuardProps, GuardState> {
  override state: GuardState = { failed: false, version: this.props.version };

  constructor(props: GuardProps) {
    super(props);
    // Another attempt, perhaps: what is opened once more begins anew.
    askAgain();
  }

  static getDerivedStateFromError(): Partial<GuardState> {
    return { failed: true };
  }

  static getDerivedStateFromProps(
    props: GuardProps,
    state: GuardState,
  ): Partial<GuardState> | null {
    if (props.version === state.version) return null;
    if (state.failed) askAgain();
    return { failed: false, version: props.version };
  }

  override componentDidCatch(error: unknown) {
    console.error(error);
    this.props.onFailed?.(error);
  }

  readonly retry = () => {
    askAgain();
    this.setState({ failed: false });
  };

  override render() {
    const { fallback, children } = this.props;
    if (!this.state.failed) return children;
    return typeof fallback === "function" ? fallback(this.retry) : fallback;
  }
}
