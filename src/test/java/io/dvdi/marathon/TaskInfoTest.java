// SPDX-License-Identifier: Apache-2.0
package io.dvdi.marathon;

import static io.dvdi.marathon.AppText.app;
import static io.dvdi.marathon.AppText.named;
import static io.dvdi.marathon.AppText.read;
import static io.dvdi.marathon.AppText.volumes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dvdi.volume.VolumeRequest;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The task that reaches Mesos. */
class TaskInfoTest {
  private static final String WORKED_EXAMPLE =
      """
      {'id':'/db','instances':1,'cmd':'…','env':{'A':'1'},'container':{'type':'MESOS','volumes':[
       {'containerPath':'data','mode':'RW','external':{'provider':'dvdi','name':'pg','size':100,
         'options':{'dvdi/driver':'rexray','dvdi/iops':' 150 ','dvdi/size':'7','other/x':'y'}}},
       {'containerPath':'logs','mode':'RW','external':{'provider':'dvdi','name':'lg','options':{'dvdi/driver':'pxd'}}}]}}
      """;

  private static JsonNode tree(String text) throws IOException {
    return new ObjectMapper().readTree(text.replace('\'', '"'));
  }

  /** Through text, since that is what the agent reads. */
  private static JsonNode info(VolumeForm form, String text) throws IOException {
    return new ObjectMapper().readTree(Json.write(TaskInfo.of(Task.of(read(form, text), form))));
  }

  @Test
  void workedExampleAsDockerVolumes() throws IOException {
    assertEquals(
        tree(
            """
            {'name':'db','task_id':{'value':'db'},
             'command':{'value':'…','shell':true,'environment':{'variables':[{'name':'A','value':'1'}]}},
             'container':{'type':'MESOS','volumes':[
              {'container_path':'data','mode':'RW','source':{'type':'DOCKER_VOLUME','docker_volume':{
                'driver':'rexray','name':'pg','driver_options':{'parameter':[
                  {'key':'iops','value':'150'},{'key':'size','value':'100'}]}}}},
              {'container_path':'logs','mode':'RW','source':{'type':'DOCKER_VOLUME','docker_volume':{
                'driver':'pxd','name':'lg'}}}]}}
            """),
        info(VolumeForm.DOCKER_VOLUMES, WORKED_EXAMPLE));
  }

  @Test
  void workedExampleAsVariables() throws IOException {
    assertEquals(
        tree(
            """
            {'name':'db','task_id':{'value':'db'},
             'command':{'value':'…','shell':true,'environment':{'variables':[
               {'name':'A','value':'1'},
               {'name':'DVDI_VOLUME_CONTAINERPATH','value':'data'},
               {'name':'DVDI_VOLUME_NAME','value':'pg'},
               {'name':'DVDI_VOLUME_DRIVER','value':'rexray'},
               {'name':'DVDI_VOLUME_OPTS','value':'iops=150,size=100'},
               {'name':'DVDI_VOLUME_CONTAINERPATH1','value':'logs'},
               {'name':'DVDI_VOLUME_NAME1','value':'lg'},
               {'name':'DVDI_VOLUME_DRIVER1','value':'pxd'}]}},
             'container':{'type':'MESOS'}}
            """),
        info(VolumeForm.VARIABLES, WORKED_EXAMPLE));
  }

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

  @Test
  void argumentsRunWithoutAShellAndBeginWithTheProgram() throws IOException {
    assertEquals(
        tree(
            """
            {'name':'a','task_id':{'value':'a'},
             'command':{'value':'echo','shell':false,'arguments':['echo','$A']}}
            """),
        info(VolumeForm.DOCKER_VOLUMES, "{'id': 'a', 'args': ['echo', '$A']}"));
  }

  @Test
  void groupsOfTheIdAreInBothNames() throws IOException {
    JsonNode info = info(VolumeForm.DOCKER_VOLUMES, "{'id': '/shop/db', 'cmd': 'true'}");
    assertEquals("shop_db", info.at("/task_id/value").textValue());
    assertEquals("db.shop", info.at("/name").textValue());
  }

  @Test
  void userIsHandedOver() throws IOException {
    assertEquals(
        "nobody",
        info(VolumeForm.DOCKER_VOLUMES, app("'user': 'nobody'")).at("/command/user").textValue());
  }

  @Test
  void elevenVolumesAreFineAsDockerVolumes() throws IOException {
    String[] eleven = new String[11];
    for (int i = 0; i < eleven.length; i++) {
      eleven[i] = named("v" + i).replace("'data'", "'p" + i + "'");
    }
    assertEquals(
        11, info(VolumeForm.DOCKER_VOLUMES, volumes(eleven)).at("/container/volumes").size());
  }

  @Test
  void imageIsNotForTheEmbeddedAgent() {
    Task task =
        Task.of(
            read(app("'container': {'type': 'MESOS', 'docker': {'image': 'alpine'}}")),
            VolumeForm.DOCKER_VOLUMES);
    assertEquals(
        "container.docker.image is 'alpine'; images need a Mesos agent",
        assertThrows(InvalidAppException.class, () -> TaskInfo.of(task)).getMessage());
  }

  @Test
  void textIsAsciiWhateverTheAppHas() {
    String text =
        Json.write(
            TaskInfo.of(Task.of(read(app("'env': {'Ä': '\ud83d\ude00'}")), VolumeForm.VARIABLES)));
    assertTrue(text.chars().allMatch(c -> c < 128), text);
  }
}
