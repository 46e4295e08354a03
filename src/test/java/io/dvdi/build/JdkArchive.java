// SPDX-License-Identifier: Apache-2.0
package io.dvdi.build;

import io.dvdi.testing.RealMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/** An archive like Temurin's, with scripts for programs and some noise that does not compress. */
final class JdkArchive {
  final String name;
  final byte[] bytes;

  JdkArchive(String name, byte[] bytes) {
    this.name = name;
    this.bytes = bytes;
  }

  /** One of a version that is newer than any JDK of the machine, so that it is what is found. */
  static JdkArchive make(Path folder) throws Exception {
    String machine = RealMounts.run("uname", "-m").strip().replace("x86_64", "x64");
    String name = "OpenJDK999U-jdk_%s_linux_hotspot_999.0.1_7.tar.gz".formatted(machine);
    Path home = Files.createDirectories(folder.resolve("jdk-999.0.1+7"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"999.0.1\"\n");
    byte[] noise = new byte[3 << 20];
    new Random(1).nextBytes(noise);
    Files.write(home.resolve("modules"), noise);
    for (String program : new String[] {"java", "javac"}) {
      Path file = Files.createDirectories(home.resolve("bin")).resolve(program);
      Files.writeString(file, "#!/bin/sh\necho version 999\n");
      file.toFile().setExecutable(true);
    }
    RealMounts.run(
        "tar", "-C", folder.toString(), "-czf", folder.resolve(name).toString(), "jdk-999.0.1+7");
    return new JdkArchive(name, Files.readAllBytes(folder.resolve(name)));
  }

  String sum() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  void writeTo(Path folder) throws IOException {
    Files.write(folder.resolve(name), bytes);
  }
}
