# SPDX-License-Identifier: Apache-2.0
# Adds the package's Java runtime to a CycloneDX document. $release is the file `release` of the JDK that it is linked from.

def value(key):
  [$release | capture("(^|\n)" + key + "=\"(?<value>[^\"]*)\"").value][0]
  // error("The file release of the JDK has no " + key + ". Take another JDK.");

{
  "type": "platform",
  "bom-ref": "java",
  "publisher": value("IMPLEMENTOR"),
  "name": "openjdk",
  "version": value("JAVA_RUNTIME_VERSION"),
  "description": "Java runtime, linked by jlink",
  "licenses": [{ "expression": "GPL-2.0-only WITH Classpath-exception-2.0" }],
  "cpe": "cpe:2.3:a:oracle:openjdk:\(value("JAVA_VERSION")):*:*:*:*:*:*:*"
} as $java
| .components += [$java]
| .dependencies += [{ "ref": $java["bom-ref"], "dependsOn": [] }]
| .metadata.component["bom-ref"] as $dvdi
| (.dependencies[] | select(.ref == $dvdi) | .dependsOn) += [$java["bom-ref"]]
