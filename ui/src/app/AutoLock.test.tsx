import { act, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { deskOf, draw } from "../testing/draw";
import { AutoLock } from "./AutoLock";
import { secondsLeft } from "./idle";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (seconds: number) => act(() => vi.advanceTimersByTimeAsync(seconds * 1_000));

it("counts whole seconds until the lock", () => {
  expect(secondsLeft(0, 0, 5)).toBe(300);
  expect(secondsLeft(0, 270_000, 5)).toBe(30);
  expect(secondsLeft(0, 400_000, 5)).toBe(0);
});

it("warns half a minute before it locks, and locks once", async () => {
  const lock = vi.fn();
  draw(<AutoLock minutes={2} onLock={lock} />, { backend: deskOf({ touch: null }).backend });
  await pass(85);
  expect(screen.queryByRole("alertdialog")).toBeNull();
  await pass(10);
  expect(screen.getByRole("alertdialog")).toHaveTextContent("The desk locks in 25 seconds");
  await pass(60);
  expect(lock).toHaveBeenCalledTimes(1);
});

it("a person who moves is told to the desk, not too often, and is not locked out", async () => {
  const lock = vi.fn();
  const desk = deskOf({ touch: null });
  draw(<AutoLock minutes={2} onLock={lock} />, { backend: desk.backend });
  for (let second = 0; second < 60; second += 1) {
    fireEvent.keyDown(window, { key: "a" });
    await pass(1);
  }
  await pass(80);
  expect(lock).not.toHaveBeenCalled();
  expect(screen.queryByRole("alertdialog")).toBeNull();
  expect(desk.calls.length).toBeGreaterThanOrEqual(5);
  expect(desk.calls.length).toBeLessThanOrEqual(8);
});

it("staying closes the warning and begins the time anew", async () => {
  const lock = vi.fn();
  draw(<AutoLock minutes={2} onLock={lock} />, { backend: deskOf({ touch: null }).backend });
  await pass(100);
  fireEvent.click(screen.getByRole("button", { name: "Stay signed in" }));
  await pass(60);
  expect(lock).not.toHaveBeenCalled();
  expect(screen.queryByRole("alertdialog")).toBeNull();
});
