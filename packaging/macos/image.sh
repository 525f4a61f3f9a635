#!/bin/bash
# Signs fmstudio.app, and makes the disk image that people download. For a Mac with Apple silicon and its command line
# tools. WRITTEN WITHOUT A MAC: its words were checked by bash alone. packaging/macos/README.md says what to look at.
#
#   packaging/macos/image.sh build/bundle/fmstudio.app dist/fmstudio-0.1.0-macos-arm64.dmg
#
# Without anything set, the app is signed "ad hoc": Apple silicon starts nothing unsigned, and Gatekeeper still warns.
#   FMSTUDIO_SIGN       the identity: "Developer ID Application: NAME (TEAM)", as `security find-identity -v` shows it
#   FMSTUDIO_NOTARY     a profile of notarytool; made once with `xcrun notarytool store-credentials PROFILE`
set -euo pipefail

app=${1:?which app?}
image=${2:?which disk image?}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
identity=${FMSTUDIO_SIGN:--}

[[ $(uname -s) == Darwin ]] || { echo "fmstudio: a disk image is made on a Mac; run the same command there." >&2; exit 3; }
[[ $(uname -m) == arm64 ]] || { echo "fmstudio: torch ended at 2.2 on Intel Macs; use one with Apple silicon." >&2; exit 3; }
[[ -d $app ]] || { echo "fmstudio: $app is not there; make it first: packaging/build.py macos" >&2; exit 3; }

options=(--force --sign "$identity")
[[ $identity == - ]] || options+=(--timestamp --options runtime)

# From the inside out: every library and program, then the app around them. "--deep" is for checking only.
signed=0
while IFS= read -r -d '' file; do
  if [[ $(file -b "$file") == *Mach-O* ]]; then
    codesign "${options[@]}" "$file"
    signed=$((signed + 1))
  fi
done < <(find "$app/Contents" -type f \( -name '*.dylib' -o -name '*.so' -o -perm -u+x \) -not -path '*/MacOS/*' -print0)
find "$app/Contents/Frameworks" -type d -name '*.framework' -prune -exec codesign "${options[@]}" {} \;
for program in "$app"/Contents/MacOS/*; do
  codesign "${options[@]}" --entitlements "$here/entitlements.plist" "$program"
done
codesign "${options[@]}" --entitlements "$here/entitlements.plist" "$app"
codesign --verify --deep --strict --verbose=1 "$app"
echo "fmstudio: $signed libraries and the app are signed by: $identity"

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
cp -R "$app" "$stage/"
ln -s /Applications "$stage/Applications"
mkdir -p "$(dirname "$image")"
rm -f "$image"
hdiutil create -quiet -volname fmstudio -srcfolder "$stage" -fs HFS+ -format ULFO "$image"
[[ $identity == - ]] || codesign --force --timestamp --sign "$identity" "$image"

if [[ -n ${FMSTUDIO_NOTARY:-} ]]; then
  xcrun notarytool submit "$image" --keychain-profile "$FMSTUDIO_NOTARY" --wait
  xcrun stapler staple "$image"
  spctl --assess --type open --context context:primary-signature --verbose=2 "$image"
else
  echo "fmstudio: not notarised: Gatekeeper will warn, as packaging/README.md shows"
fi
echo "fmstudio: $image is made"
