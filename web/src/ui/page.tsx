import type { ReactNode } from "react";

/** A page without messages, beside the sidebar. */
export function Page({ children }: { children: ReactNode }) {
  return (
    <main className="room room--bare" id="main-content" tabIndex={-1}>
      {children}
    </main>
  );
}
