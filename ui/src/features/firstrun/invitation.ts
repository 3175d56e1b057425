/** What an admin hands over: the address of the district server and a one-time code, often pasted as one text. */

/** The two parts. */
export interface Invitation {
  address: string;
  code: string;
}

/** Takes one pasted text apart: `https://host:8443#CODE`, or an address and a code on the same or on two lines. Null when it is not both. */
export function readInvitation(text: string): Invitation | null {
  const [address, code] = text.trim().split(/#|\s+/, 2).length === 2 ? apart(text.trim()) : [];
  return address && code ? { address, code } : null;
}

function apart(text: string): [string, string] {
  const mark = text.search(/#|\s/);
  return [text.slice(0, mark), text.slice(mark + 1).trim()];
}
