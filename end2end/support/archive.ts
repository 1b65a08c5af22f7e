// Packs as the tests alter them: archives whose files are stored as they are, and the signature over the list of hashes.

import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { crc32 } from "node:zlib";

/** The files of a pack, by name. */
export type Files = Map<string, Buffer>;

/** Reads an archive that `plumbline` wrote. */
export function unpack(archive: Buffer): Files {
  const files: Files = new Map();
  const end = archive.lastIndexOf("PK\x05\x06", undefined, "latin1");
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [size, name, extra, comment] = [archive.readUInt32LE(at + 24), archive.readUInt16LE(at + 28), archive.readUInt16LE(at + 30), archive.readUInt16LE(at + 32)];
    const header = archive.readUInt32LE(at + 42);
    const begins = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
    files.set(archive.toString("utf8", at + 46, at + 46 + name), archive.subarray(begins, begins + size));
    at += 46 + name + extra + comment;
  }
  return files;
}

/** Writes an archive. */
export function pack(files: Files): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of files) {
    const both = Buffer.alloc(26);
    both.writeUInt16LE(20, 0);
    both.writeUInt32LE(crc32(content), 10);
    both.writeUInt32LE(content.length, 14);
    both.writeUInt32LE(content.length, 18);
    both.writeUInt16LE(Buffer.byteLength(name), 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    const header = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), both, Buffer.from(name)]);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00", "latin1"), both, rest, Buffer.from(name)]));
    parts.push(header, content);
    offset += header.length + content.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(files.size, 8);
  end.writeUInt16LE(files.size, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}

/** Somebody who signs packs. */
export class Signer {
  private readonly key: KeyObject;
  private readonly wire: Buffer;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    this.key = privateKey;
    this.wire = Buffer.concat([string("ssh-ed25519"), string(publicKey.export({ format: "der", type: "spki" }).subarray(-32))]);
  }

  /** The public key, as OpenSSH writes it. */
  get line(): string {
    return `ssh-ed25519 ${this.wire.toString("base64")}`;
  }

  /** Makes this the key that the pack allows. */
  allow(files: Files): void {
    files.set("allowed_signers", Buffer.from(`plumbline namespaces="evidence-pack" ${this.line}\n`));
  }

  /** Writes the list of hashes again and signs it. */
  sign(files: Files): void {
    list(files);
    const hash = createHash("sha512").update(text(files, "MANIFEST.sha256")).digest();
    const head = [string("evidence-pack"), string(""), string("sha512")];
    const made = sign(null, Buffer.concat([Buffer.from("SSHSIG"), ...head, string(hash)]), this.key);
    const blob = Buffer.concat([Buffer.from("SSHSIG\0\0\0\x01", "latin1"), string(this.wire), ...head, string(Buffer.concat([string("ssh-ed25519"), string(made)]))]);
    const lines = blob.toString("base64").match(/.{1,70}/g)?.join("\n");
    files.set("MANIFEST.sha256.sig", Buffer.from(`-----BEGIN SSH SIGNATURE-----\n${lines}\n-----END SSH SIGNATURE-----\n`));
  }
}

/** Writes the list of hashes again. */
export function list(files: Files): void {
  const names = [...files.keys()].filter((name) => !name.startsWith("MANIFEST.sha256")).sort();
  const line = (name: string) => `${createHash("sha256").update(files.get(name) ?? "").digest("hex")}  ${name}\n`;
  files.set("MANIFEST.sha256", Buffer.from(names.map(line).join("")));
}

/** A file as text. */
export function text(files: Files, name: string): string {
  const content = files.get(name);
  if (!content) throw new Error(`the pack has no ${name}`);
  return content.toString("utf8");
}

/** Puts other words into a file, once. */
export function edit(files: Files, name: string, from: string | RegExp, to: string): void {
  const before = text(files, name);
  const after = before.replace(from, to);
  if (before === after) throw new Error(`${name} has no ${from}`);
  files.set(name, Buffer.from(after));
}

/** A string of the protocol of SSH: its length, then its bytes. */
function string(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
