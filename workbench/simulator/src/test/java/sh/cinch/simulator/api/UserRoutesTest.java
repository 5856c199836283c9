package sh.cinch.simulator.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.simulator.Answer;
import sh.cinch.simulator.TestBitbucket;

class UserRoutesTest {
  private final TestBitbucket bitbucket = TestBitbucket.start();

  @BeforeEach
  void world() {
    bitbucket.repository("acme/app");
    bitbucket.repository("other/thing");
    bitbucket.control("PUT", "/users/bob", "{\"permissions\":{\"acme/app\":\"write\"}}");
  }

  @AfterEach
  void close() {
    bitbucket.close();
  }

  private String bob() {
    return bitbucket.grant("bob").text("/access_token");
  }

  @Test
  void usersHaveNoUsername() {
    Answer user = bitbucket.get("/user", bob());

    assertThat(user.text("/nickname")).isEqualTo("bob");
    assertThat(user.text("/uuid")).matches("\\{[0-9a-f-]{36}}");
    assertThat(user.text("/type")).isEqualTo("user");
    assertThat(user.json().has("username")).isFalse();
  }

  @Test
  void workspacesAreTheOnesOneBelongsTo() {
    Answer adas = bitbucket.get("/user/workspaces", bitbucket.ada());
    Answer bobs = bitbucket.get("/user/workspaces", bob());

    assertThat(adas.at("/values")).hasSize(2);
    assertThat(adas.at("/values/0/administrator").asBoolean()).isTrue();
    assertThat(bobs.at("/values")).hasSize(1);
    assertThat(bobs.text("/values/0/type")).isEqualTo("workspace_access");
    assertThat(bobs.at("/values/0/administrator").asBoolean()).isFalse();
    assertThat(bobs.text("/values/0/workspace/type")).isEqualTo("workspace_base");
    assertThat(bobs.text("/values/0/workspace/slug")).isEqualTo("acme");
    assertThat(bobs.at("/values/0/workspace").has("name")).isFalse();
  }

  @Test
  void workspacesCanBeNarrowedToThoseOneAdministers() {
    Answer answer = bitbucket.get("/user/workspaces?administrator=true", bob());

    assertThat(answer.at("/values")).isEmpty();
  }

  @Test
  void permissionInAWorkspace() {
    String bob = bob();

    assertThat(
            bitbucket.get("/user/workspaces/acme/permission", bitbucket.ada()).text("/permission"))
        .isEqualTo("owner");
    assertThat(bitbucket.get("/user/workspaces/acme/permission", bob).text("/permission"))
        .isEqualTo("member");
    assertThat(bitbucket.get("/user/workspaces/other/permission", bob).status()).isEqualTo(404);
  }

  @Test
  void permissionsByRepository() {
    Answer answer = bitbucket.get("/user/workspaces/acme/permissions/repositories", bob());

    assertThat(answer.at("/values")).hasSize(1);
    assertThat(answer.text("/values/0/permission")).isEqualTo("write");
    assertThat(answer.text("/values/0/repository/full_name")).isEqualTo("acme/app");
  }
}
