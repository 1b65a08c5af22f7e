#!/usr/bin/env bash
# Packs the release binary: dist/plumbline-VERSION-TARGET.tar.gz and SHA256SUMS. The same binary gives the same archive.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

version="$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)"
name="plumbline-$version-$(rustc -vV | sed -n 's/^host: //p')"
rm -rf dist
mkdir -p "dist/$name"
install -m 0755 "$(target_directory)/release/plumbline" "dist/$name/plumbline"
install -m 0644 LICENSE README.md ARCHITECTURE.md CHANGELOG.md "dist/$name/"
install -d "dist/$name/deploy" "dist/$name/docs" "dist/$name/docs/pictures"
install -m 0644 deploy/* "dist/$name/deploy/"
install -m 0644 docs/*.md "dist/$name/docs/"
install -m 0644 docs/pictures/* "dist/$name/docs/pictures/"
tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C dist -cf - "$name" | gzip -n9 >"dist/$name.tar.gz"
rm -rf "dist/$name"
(cd dist && sha256sum "$name.tar.gz" | tee SHA256SUMS)
