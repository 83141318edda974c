import type { ReactNode } from "react";
import { usePageTitle } from "./page-title";

export function ListPage({ title, children }: { title: string; children: ReactNode }) {
  usePageTitle(title);
  return (
    <main className="room" id="main-content" tabIndex={-1}>
      <header className="room__bar">
        <h1 className="room__name">{title}</h1>
      </header>
      <div className="room__list">{children}</div>
    </main>
  );
}
