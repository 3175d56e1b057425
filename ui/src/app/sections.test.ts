import { expect, it } from "vitest";
import { ROLES } from "../generated/entities";
import { keyOf, sectionAt, sectionsOf } from "./sections";

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

it("an admin reads the access log too, and sees to the computers", () => {
  expect(parts("facility_admin").slice(-4)).toEqual(["/sync", "/audit", "/settings", "/desks"]);
  expect(ROLES.filter(({ word }) => parts(word).includes("/desks")).map(({ word }) => word)).toEqual([
    "super_admin",
    "state_admin",
    "district_admin",
    "facility_admin",
  ]);
});

it("each part has a key of its own", () => {
  const keys = parts("super_admin").map((_, place) => keyOf(place));
  expect(keys).toEqual(["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"]);
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
