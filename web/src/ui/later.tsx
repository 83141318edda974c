import { Component, type ReactNode, Suspense } from "react";
import { Dots } from "./button";

interface Props {
  /** Shown when the part could not be fetched, as after a break of the network. */
  failed: string;
  /** Shown meanwhile; moving dots if it is not given. */
  waiting?: ReactNode;
  children: ReactNode;
}

/** A place for a part of the client that is fetched when it is needed. */
export function Later({ failed, waiting = <Dots />, children }: Props) {
  return (
    <Guard fallback={<span role="alert">{failed}</span>}>
      <Suspense fallback={waiting}>{children}</Suspense>
    </Guard>
  );
}

interface GuardProps {
  fallback: ReactNode;
  /** When this changes, what failed is tried again. */
  version?: unknown;
  children: ReactNode;
}

interface GuardState {
  failed: boolean;
  version: unknown;
}

/** Shows something else where a part of the page cannot be shown, so that the rest stays. */
export class Guard extends Component<GuardProps, GuardState> {
  override state: GuardState = { failed: false, version: this.props.version };

  static getDerivedStateFromError(): Partial<GuardState> {
    return { failed: true };
  }

  static getDerivedStateFromProps(
    props: GuardProps,
    state: GuardState,
  ): Partial<GuardState> | null {
    if (props.version === state.version) return null;
    return { failed: false, version: props.version };
  }

  override componentDidCatch(error: unknown) {
    console.error(error);
  }

  override render() {
    return this.state.failed ? this.props.fallback : this.props.children;
  }
}
