import { expect, it } from "vitest";
import { readInvitation } from "./invitation";

it("a pasted invitation is taken apart, in one line or in two", () => {
  const both = { address: "https://district.example:8443", code: "ABCD-EFGH-IJKL-MNOP" };
  expect(readInvitation("https://district.example:8443#ABCD-EFGH-IJKL-MNOP")).toEqual(both);
  expect(readInvitation(" https://district.example:8443\nABCD-EFGH-IJKL-MNOP ")).toEqual(both);
});

it("an address alone is no invitation", () => {
  expect(readInvitation("https://district.example:8443")).toBeNull();
  expect(readInvitation("https://district.example:8443#")).toBeNull();
  expect(readInvitation("")).toBeNull();
});
