import { lazy, StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { captureInstallPrompt } from "./device/install-prompt";
import { isSupported } from "./session/browser-support";

const UnsupportedBrowser = lazy(() => import("./session/unsupported-browser"));

captureInstallPrompt();

const root = document.getElementById("root");
if (!root) throw new Error("#root is missing");
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
