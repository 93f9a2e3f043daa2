#!/bin/sh
# Makes the application that receives cdr: links; on a Mac, with what every Mac has. Not run yet on a Mac.
set -eu
app=${1:-/Applications/CDR.app}
plist=$app/Contents/Info.plist

osacompile -o "$app" "$(dirname "$0")/cdr-link.applescript"
plutil -replace CFBundleIdentifier -string fr.cdr.agent.link "$plist"
plutil -replace CFBundleName -string CDR "$plist"
plutil -replace LSUIElement -bool true "$plist"
plutil -replace CFBundleURLTypes -json '[{"CFBundleURLName":"CDR","CFBundleURLSchemes":["cdr"]}]' "$plist"
# The signature that osacompile made was of the application before.
codesign --force --sign - "$app"
/System/Library/Frameworks/CoreServices.framework/Frameworks/LaunchServices.framework/Support/lsregister -f "$app"
