import { expect, it } from "vitest";
import { sectionAt, sectionsOf } from "./sections";

const parts = (role: string) => sectionsOf(role).map((section) => section.href);

it("a nurse sees every part of the ward", () => {
  expect(parts("nurse")).toEqual([
    "/",
    "/beds",
    "/patients",
    "/triage",
    "/stock",
    "/inbox",
    "/sync",
    "/settings",
  ]);
});

it("an admin reads the access log too", () => {
  expect(parts("facility_admin").slice(-3)).toEqual(["/sync", "/audit", "/settings"]);
});

it("a pharmacist starts on stock and sees no patients", () => {
  expect(parts("pharmacist")).toEqual(["/stock", "/inbox", "/sync", "/settings"]);
});

it("an unknown role sees nothing of the ward", () => {
  expect(parts("somebody")).toEqual(["/inbox", "/sync", "/settings"]);
});

it("an address belongs to the part that begins it", () => {
  expect(sectionAt("/patients/p1")?.href).toBe("/patients");
  expect(sectionAt("/")?.href).toBe("/");
  expect(sectionAt("/patientsandmore")).toBeUndefined();
});
