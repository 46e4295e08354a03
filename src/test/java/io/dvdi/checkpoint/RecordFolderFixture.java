// SPDX-License-Identifier: Apache-2.0
package io.dvdi.checkpoint;

import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.VolumeState;
import io.dvdi.log.Log;
import io.dvdi.testing.RealMounts;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A folder of records, and what is read from it. */
abstract class RecordFolderFixture {
  static final String BOOT = "this-boot";
  static final long DOUBT_ENDS = 240_000;
  static final VolumeId PG = new VolumeId("local", "pg");

  @RegisterExtension final RealMounts mounts = new RealMounts();

  final List<String> log = new ArrayList<>();

  List<VolumeState> open(ContainerId alive) {
    return new RecordFolder(mounts.folder(), BOOT, DOUBT_ENDS).readAll(Set.of(alive), logger());
  }

  RecordFolder open() {
    RecordFolder records = new RecordFolder(mounts.folder(), BOOT, DOUBT_ENDS);
    List<VolumeState> unused = records.readAll(Set.of(), (level, text) -> {});
    return records;
  }

  List<VolumeRecord> readAll() {
    return readAll(new RecordFolder(mounts.folder(), BOOT, DOUBT_ENDS));
  }

  List<VolumeRecord> readAll(RecordFolder records) {
    return records.readAll(Set.of(new ContainerId("one")), logger()).stream()
        .map(state -> state.record().orElseThrow())
        .toList();
  }

  Log logger() {
    return (level, text) -> log.add(text);
  }

  Path boot() {
    return mounts.folder().resolve(BOOT);
  }

  Path file(VolumeId id) {
    return boot().resolve(RecordName.of(id));
  }

  Set<String> names() throws IOException {
    try (Stream<Path> files = Files.list(boot())) {
      return files.map(file -> String.valueOf(file.getFileName())).collect(Collectors.toSet());
    }
  }
}
