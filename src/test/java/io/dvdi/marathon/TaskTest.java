// SPDX-License-Identifier: Apache-2.0
package io.dvdi.marathon;

import static io.dvdi.marathon.AppText.read;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dvdi.volume.VolumeRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The task that reaches Mesos. */
class TaskTest {
  private static final String WORKED_EXAMPLE =
      """
      {'id':'/db','instances':1,'cmd':'…','env':{'A':'1'},'container':{'type':'MESOS','volumes':[
       {'containerPath':'data','mode':'RW','external':{'provider':'dvdi','name':'pg','size':100,
         'options':{'dvdi/driver':'rexray','dvdi/iops':' 150 ','dvdi/size':'7','other/x':'y'}}},
       {'containerPath':'logs','mode':'RW','external':{'provider':'dvdi','name':'lg','options':{'dvdi/driver':'pxd'}}}]}}
      """;

  @Test
  void bothFormsAskTheModuleForTheSame() {
    List<List<VolumeRequest>> requests =
        List.of(VolumeForm.values()).stream()
            .map(form -> Task.of(read(form, WORKED_EXAMPLE), form).requests("rexray"))
            .toList();
    assertEquals(2, requests.getFirst().size());
    for (int i = 0; i < 2; i++) {
      VolumeRequest first = requests.getFirst().get(i);
      VolumeRequest last = requests.getLast().get(i);
      assertEquals(first.id(), last.id());
      assertEquals(first.options(), last.options());
      assertEquals(first.containerPath(), last.containerPath());
      assertEquals(first.readOnly(), last.readOnly());
      assertEquals(first.slot(), last.slot());
    }
  }
}
