import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isMuted, mute, play } from "./player";

const started = vi.fn<() => Promise<void>>();
const paused = vi.fn();

class Speaker {
  constructor(readonly src: string) {}
  play = started;
  pause = paused;
}

beforeEach(() => {
  localStorage.clear();
  started.mockReset().mockResolvedValue();
  paused.mockReset();
  vi.stubGlobal("Audio", Speaker);
});
afterEach(() => vi.unstubAllGlobals());

const failing = (name: string) => started.mockRejectedValueOnce(new DOMException("no", name));

describe("playing", () => {
  it("stops the previous sound", async () => {
    await play("/sounds/one.flac");
    paused.mockReset();
    expect(await play("/sounds/two.flac")).toBeNull();
    expect(paused).toHaveBeenCalledOnce();
    expect(started).toHaveBeenCalledTimes(2);
  });

  it("reports blocked autoplay and broken sounds", async () => {
    failing("NotAllowedError");
    expect(await play("/sounds/one.flac")).toBe("blocked");
    failing("NotSupportedError");
    expect(await play("/sounds/one.flac")).toBe("failed");
  });

  it("reports no failure when another sound was started first", async () => {
    failing("AbortError");
    expect(await play("/sounds/one.flac")).toBeNull();
  });
});

describe("muted", () => {
  it("plays nothing, and stops the current sound", async () => {
    await play("/sounds/one.flac");
    paused.mockReset();
    mute(true);
    expect(paused).toHaveBeenCalledOnce();
    expect(await play("/sounds/two.flac")).toBe("muted");
    expect(started).toHaveBeenCalledOnce();
  });

  it("ends with unmuting", async () => {
    mute(true);
    mute(false);
    expect(isMuted()).toBe(false);
    expect(await play("/sounds/one.flac")).toBeNull();
  });
});
