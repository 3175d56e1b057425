import { expect, it } from "vitest";
import { readInvitation } from "./invitation";
import { strengthOf } from "./strength";

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

it("long passwords of several signs are good; names, figures and repeats are weak", () => {
  expect(strengthOf("lamp", [])).toBe("short");
  expect(strengthOf("aaaaaaaaaaaa", [])).toBe("weak");
  expect(strengthOf("12345678901", [])).toBe("weak");
  expect(strengthOf("meera-1234", ["Meera Nair"])).toBe("weak");
  expect(strengthOf("password99", [])).toBe("weak");
  expect(strengthOf("lampriver", ["Meera Nair"])).toBe("fair");
  expect(strengthOf("river lamp stone", ["Meera Nair"])).toBe("good");
});
