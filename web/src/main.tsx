import { lazy, StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { isSupported } from "./session/browser";

const UnsupportedBrowser = lazy(() => import("./session/unsupported-browser"));

const root = document.getElementById("root");
if (!root) throw new Error("the page has no #root");
createRoot(root).render(
  <StrictMode>
    {isSupported() ? (
      <App />
    ) : (
      <Suspense>
        <UnsupportedBrowser />
      </Suspense>
    )}
  </StrictMode>,
);
