// SPDX-License-Identifier: Apache-2.0
package io.dvdi.predecessor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DvdimountsFileTest {
  /**
   * What {@code protoc --encode=emccode.isolator.mount.ExternalMountList interface.proto} makes of
   * two mounts with all fields.
   */
  private static final String BY_PROTOC =
      "0a5e0a02633112067265787261791a027067221f2f7661722f6c69622f7265787261792f766f6c756d65732f7067"
          + "2f646174612a0f73697a653d352c696f70733d31353032072f746d702f70673a0f2f7573722f62696e2f6476"
          + "64636c6940000a480a02633212067265787261791a025047221f2f7661722f6c69622f7265787261792f766f"
          + "6c756d65732f70672f646174612a0032003a0f2f7573722f62696e2f647664636c694001";

  @TempDir Path folder;
  private final List<String> unreadable = new ArrayList<>();

  private Source.Checkpoint read(byte[] content) throws IOException {
    Path file = Files.write(folder.resolve("dvdimounts.pb"), content);
    return new DvdimountsFile(file).read((path, reason) -> unreadable.add(reason));
  }

  private static List<String> lines(Source.Checkpoint checkpoint) {
    return checkpoint.volumes().stream()
        .map(
            held ->
                "%s %s %s %s"
                    .formatted(
                        held.container(),
                        held.driver(),
                        held.name(),
                        held.mountpoint().orElse("-")))
        .toList();
  }

  @Test
  void whatProtocWritesIsRead() throws IOException {
    List<String> expected =
        List.of(
            "c1 rexray pg /var/lib/rexray/volumes/pg/data",
            "c2 rexray PG /var/lib/rexray/volumes/pg/data");

    byte[] bare = HexFormat.of().parseHex(BY_PROTOC);
    assertEquals(expected, lines(read(bare)));
    byte[] prefixed = new byte[bare.length + 4];
    prefixed[0] = (byte) bare.length;
    System.arraycopy(bare, 0, prefixed, 4, bare.length);
    assertEquals(expected, lines(read(prefixed)), "as Mesos checkpoints a message");
    assertEquals(List.of(), unreadable);
  }

  @Test
  void longTextsHaveLongLengths() throws IOException {
    String name = "v".repeat(1000);
    assertEquals(
        List.of("c1 rexray " + name + " /mnt"),
        lines(read(new Dvdimounts().mount("c1", "rexray", name, "/mnt").file())));
  }

  @Test
  void noMountIsNoError() throws IOException {
    assertEquals(List.of(), read(new byte[0]).volumes());
    assertEquals(List.of(), read(new byte[4]).volumes());
    assertEquals(List.of(), unreadable);
  }

  @Test
  void fieldsThatAreNotKnownArePassedOver() throws IOException {
    byte[] good = new Dvdimounts().mount("c1", "rexray", "pg", "/mnt").bare();
    // Of a field 100: a varint, eight bytes, a text and four bytes.
    byte[] more = HexFormat.of().parseHex("a00601a1060000000000000000a206026162a50600000000");
    byte[] both = Arrays.copyOf(good, good.length + more.length);
    System.arraycopy(more, 0, both, good.length, more.length);

    assertEquals(List.of("c1 rexray pg /mnt"), lines(read(both)));
    assertEquals(List.of(), unreadable);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ff", // a number that does not end
        "0a", // a length is missing
        "0aff01", // longer than the file
        "0affffffffffffffffff01", // a negative length
        "00", // field 0
        "0b", // a group, which proto2 has given up
        "09000000", // half of a number of eight bytes
        "7b2276223a317d", // JSON
      })
  void whatIsNoMessageIsSaidAndNothingOfItTaken(String hex) throws IOException {
    byte[] good = new Dvdimounts().mount("c1", "rexray", "pg", "/mnt").bare();
    byte[] bad = HexFormat.of().parseHex(hex);
    byte[] both = Arrays.copyOf(good, good.length + bad.length);
    System.arraycopy(bad, 0, both, good.length, bad.length);

    assertEquals(List.of(), read(both).volumes());
    assertEquals(
        List.of("it is not a valid protobuf message from byte " + start(hex, good.length) + " on"),
        unreadable);
  }

  private static int start(String hex, int at) {
    // Where only the length is wrong, that is what it points at.
    return hex.equals("0a") ? at + 1 : at;
  }

  @Test
  void aMountWithoutANameOrWithBrokenTextIsSaid() throws IOException {
    assertEquals(List.of(), read(HexFormat.of().parseHex("0a040a026331")).volumes());
    assertEquals(List.of(), read(HexFormat.of().parseHex("0a030a01ff")).volumes());
    assertEquals(
        List.of("a mount in it has no volumedriver", "its field 1 is not text"), unreadable);
  }

  @Test
  void moreMountsThanAnAgentCanHaveAreNotReadIntoMemory() throws IOException {
    byte[] mountsOfNothing = HexFormat.of().parseHex("0a00".repeat(100_001));
    assertEquals(List.of(), read(mountsOfNothing).volumes());
    assertEquals(List.of("it has more than 100000 entries"), unreadable);
  }

  @Test
  void aFileThatIsNotThereIsNotEmpty() {
    DvdimountsFile file = new DvdimountsFile(folder.resolve("none"));
    assertThrows(NoSuchFileException.class, () -> file.read((path, reason) -> {}));
  }

  @Test
  void theDigestIsThatOfTheContent() throws IOException {
    byte[] one = new Dvdimounts().mount("c1", "rexray", "pg", "/mnt").file();
    byte[] other = new Dvdimounts().mount("c2", "rexray", "pg", "/mnt").file();
    assertEquals(read(one).digest(), read(one).digest());
    assertNotEquals(read(one).digest(), read(other).digest());
    assertEquals(Optional.of("/mnt"), read(one).volumes().getFirst().mountpoint());
  }
}
