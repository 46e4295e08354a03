// SPDX-License-Identifier: Apache-2.0
package io.dvdi.driver.local;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockStatic;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.when;

import io.dvdi.linux.LinuxException;
import io.dvdi.linux.MountCalls;
import java.nio.file.Files;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.MockedStatic;

/** The address of a file server: the kernel gets that of an allowed one. */
class NetworkVolumesTest extends DirectMountsFixture {
  @Test
  void aTypeThatTheKernelDoesNotHaveSaysSo() throws Exception {
    LinuxException unknown = mock(LinuxException.class);
    when(unknown.errnoName()).thenReturn("ENODEV");
    when(unknown.getMessage()).thenReturn("mount(//nas/share): ENODEV");
    try (MockedStatic<MountCalls> calls = mockStatic(MountCalls.class)) {
      calls.when(() -> MountCalls.mount(any(), any(), any(), anyLong(), any())).thenThrow(unknown);

      String failure = network().failure("x", "type", "cifs", "device", "//127.0.0.3/share");

      assertTrue(
          failure.startsWith("mount(//nas/share): ENODEV (this kernel does not know"), failure);
    }
  }

  @Test
  void aServerThatCannotBeResolvedIsAnErrorThatDoesNotShowIt() {
    LocalVolumes nfs = new LocalVolumes(mounts, false, "secret 42:/export", "127.0.0.1:/export");

    for (String[] options :
        List.of(
            new String[] {"type", "nfs", "device", "secret 42:/export"},
            new String[] {"type", "nfs", "device", ":/export", "o", "rw,addr=secret 42"},
            new String[] {"type", "nfs", "device", "127.0.0.1:/export", "o", "addr=secret 42"})) {
      String failure = nfs.failure("x", options);

      assertTrue(failure.contains("cannot be resolved"), failure);
      assertFalse(failure.contains("secret 42"), failure);
    }
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      delimiter = '|',
      value = {
        "nfs  | 127.0.0.1:/export | vers=4.1             | vers=4.1,addr=127.0.0.1",
        "nfs  | 127.0.0.1:/export | -                    | addr=127.0.0.1",
        "nfs  | 127.0.0.1:/export | addr=127.0.0.1,hard  | hard,addr=127.0.0.1",
        "nfs  | 127.0.0.1:/export | addr=127.1           | addr=127.0.0.1",
        "nfs  | 127.0.0.1:/export | addr=127.0.0.2       | addr=127.0.0.2",
        "nfs  | :/export          | addr=127.0.0.2,hard  | hard,addr=127.0.0.2",
        "nfs4 | [::1]:/export     | ro                   | addr=0:0:0:0:0:0:0:1",
        "cifs | //127.0.0.3/share | -                    | ip=127.0.0.3",
        "cifs | //127.0.0.3/share | uid=1,addr=127.0.0.3 | uid=1,ip=127.0.0.3",
        "cifs | //127.0.0.3/share | ip=127.0.0.3,uid=1   | uid=1,ip=127.0.0.3"
      })
  void theKernelIsGivenTheAddressOfAnAllowedServer(
      String type, String device, @Nullable String o, String data) throws Exception {
    try (MockedStatic<MountCalls> calls = mockStatic(MountCalls.class)) {
      network().mount("x", "type", type, "device", device, "o", o == null ? "" : o);

      calls.verify(
          () -> MountCalls.mount(eq(device), any(), eq(type), anyLong(), eq(data)), times(1));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nfs  | 127.0.0.1:/export | addr=127.0.0.9",
        "nfs  | 127.0.0.1:/other  | addr=127.0.0.2",
        "nfs4 | [::1]:/export     | addr=::2",
        "cifs | //127.0.0.3/share | addr=127.0.0.9",
        "cifs | //127.0.0.3/share | ip=127.0.0.9"
      })
  void theAddressOfAnotherServerIsRefused(String type, String device, String o) {
    try (MockedStatic<MountCalls> calls = mockStatic(MountCalls.class)) {
      String failure = network().failure("x", "type", type, "device", device, "o", o);

      assertTrue(failure.contains("names another server than the option device"), failure);
      assertTrue(failure.contains("local_devices"), failure);
      assertFalse(failure.contains("127.0.0.9"), failure);
      calls.verifyNoInteractions();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nfs  | :/export          | addr=127.0.0.9                | tasks may not use this folder",
        "nfs  | :/other           | addr=127.0.0.2                | tasks may not use this folder",
        "nfs  | :/export          | addr=127.0.0.2,addr=127.0.0.9 | keep one",
        "nfs  | 127.0.0.1:/export | addr=127.0.0.1,addr=127.0.0.9 | keep one",
        "cifs | //127.0.0.3/share | addr=127.0.0.3,ip=127.0.0.9   | keep one",
        "nfs  | 127.0.0.1:/export | addr=127.0.0.9/x              | neither a name nor an IP"
            + " address",
        "nfs  | 127.0.0.1:/export | addr=                         | neither a name nor an IP"
            + " address",
        "nfs  | 127.0.0.1:/export | addr                          | neither a name nor an IP"
            + " address"
      })
  void anAddressThatCannotBeRightIsRefusedBeforeAnythingIsTouched(
      String type, String device, String o, String why) {
    String refusal = network().refusal("x", "type", type, "device", device, "o", o);

    assertTrue(refusal.contains(why), refusal);
    assertFalse(refusal.contains("127.0.0.9"), refusal);
    assertFalse(Files.exists(volumes.folder));
  }

  private LocalVolumes network() {
    return new LocalVolumes(
        mounts, false, "127.0.0.1:/", "127.0.0.2:/export", "[::1]:/", "//127.0.0.3/");
  }
}
