import { expect, it, vi } from "vitest";
import { configurePreload } from "./navigation-preload";

const browsers = {
  firefox: "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
  firefoxOnAndroid: "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0",
  firefoxOnAnIphone:
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/140.0 Mobile/15E148 Safari/605.1.15",
  chrome:
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
  safari:
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 Safari/605.1.15",
};

function manager() {
  const enable = vi.fn(async () => undefined);
  const disable = vi.fn(async () => undefined);
  return { enable, disable } as unknown as NavigationPreloadManager;
}

it.each(["chrome", "safari", "firefoxOnAnIphone"] as const)(
  "enables navigation preload in %s",
  async (browser) => {
    const preload = manager();
    await configurePreload(preload, browsers[browser]);
    expect(preload.enable).toHaveBeenCalledOnce();
    expect(preload.disable).not.toHaveBeenCalled();
  },
);

it.each(["firefox", "firefoxOnAndroid"] as const)(
  "does not in %s, also where an earlier version did",
  async (browser) => {
    const preload = manager();
    await configurePreload(preload, browsers[browser]);
    expect(preload.disable).toHaveBeenCalledOnce();
    expect(preload.enable).not.toHaveBeenCalled();
  },
);

it("does nothing in a browser without navigation preload", async () => {
  await expect(configurePreload(undefined, browsers.chrome)).resolves.toBeUndefined();
});
