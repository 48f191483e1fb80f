import { expect, test } from "vitest";
import { linesOf, networkFault, wrongNetwork } from "./network.ts";

test("ranges of both families are taken", () => {
  for (const right of [
    "10.0.0.0/8",
    "192.168.1.7/32",
    "0.0.0.0/0",
    "2001:db8::/32",
    "::/0",
    "fe80::1/128",
    "1:2:3:4:5:6:7:8/64",
  ]) {
    expect(networkFault(right), right).toBeNull();
  }
  expect(networkFault("::ffff:10.0.0.1/104")).toBeNull();
});

test("what is none is told apart", () => {
  for (const wrong of [
    "",
    "10.0.0/8",
    "10.0.0.256/8",
    "010.0.0.1/8",
    "1::2::3/64",
    "1:2:3/64",
    "example.org/8",
    "12345::/16",
  ]) {
    expect(networkFault(wrong), wrong).toBe("address");
  }
  for (const wrong of ["10.0.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", "::/129", "::/x"]) {
    expect(networkFault(wrong), wrong).toBe("prefix");
  }
});

test("the first wrong line is named", () => {
  expect(linesOf(" 10.0.0.0/8 \n\n 2001:db8::/32, 1.2.3.4/32")).toHaveLength(3);
  expect(wrongNetwork("10.0.0.0/8\n10.0.0.0/99")).toEqual({ line: "10.0.0.0/99", fault: "prefix" });
  expect(wrongNetwork("")).toBeNull();
});
