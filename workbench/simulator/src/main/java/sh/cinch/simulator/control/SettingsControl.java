package sh.cinch.simulator.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Optional;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.http.Json;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.world.Account;
import sh.cinch.simulator.world.Settings;
import sh.cinch.simulator.world.State;
import sh.cinch.simulator.world.World;

/** Changes how this Bitbucket behaves; what is left out stays. */
final class SettingsControl {
  private static final String EVERYBODY = "*";

  private final World world;

  SettingsControl(World world) {
    this.world = world;
  }

  Reply change(Call call) {
    Fields fields =
        Fields.of(
            call,
            "accessTokenSeconds",
            "refreshGraceSeconds",
            "lockoutSeconds",
            "reuseKillsGrant",
            "hourlyLimit",
            "dialect",
            "requestUuidPerAttempt",
            "retryUnanswered",
            "client",
            "clientIsPrivate",
            "lockoutHoldsClientCredentials",
            "newestRefreshTokenOnly",
            "tornUploads",
            "largestUpload",
            "repositoryBytes",
            "revokeGrant");
    return world.change(
        state -> {
          Settings settings = merged(state.settings(), fields);
          fields.textOrTrue("revokeGrant", EVERYBODY).ifPresent(who -> revoke(state, who));
          state.settings(settings);
          return Reply.json(200, show(settings));
        });
  }

  private static Settings merged(Settings old, Fields fields) {
    return new Settings(
        seconds(fields, "accessTokenSeconds", old.accessTokenSeconds()),
        seconds(fields, "refreshGraceSeconds", old.refreshGraceSeconds()),
        seconds(fields, "lockoutSeconds", old.lockoutSeconds()),
        fields.flag("reuseKillsGrant", old.reuseKillsGrant()),
        fields.number("hourlyLimit", 0, Integer.MAX_VALUE).orElse(old.hourlyLimit()),
        fields.text("dialect").map(SettingsControl::dialect).orElse(old.dialect()),
        fields.flag("requestUuidPerAttempt", old.requestUuidPerAttempt()),
        fields.flag("retryUnanswered", old.retryUnanswered()),
        fields.text("client").map(SettingsControl::client).orElse(old.client()),
        fields.flag("clientIsPrivate", old.clientIsPrivate()),
        fields.flag("lockoutHoldsClientCredentials", old.lockoutHoldsClientCredentials()),
        fields.flag("newestRefreshTokenOnly", old.newestRefreshTokenOnly()),
        fields.text("tornUploads").map(SettingsControl::tornUploads).orElse(old.tornUploads()),
        fields.size("largestUpload").orElse(old.largestUpload()),
        fields.size("repositoryBytes").orElse(old.repositoryBytes()));
  }

  private static int seconds(Fields fields, String name, int otherwise) {
    return fields.number(name, 0, Fields.LONGEST_SECONDS).orElse(otherwise);
  }

  private static Settings.Dialect dialect(String word) {
    return Arrays.stream(Settings.Dialect.values())
        .filter(dialect -> dialect.word().equals(word))
        .findFirst()
        .orElseThrow(() -> new BadInput("dialect is legacy, current or kept, not " + word));
  }

  private static Settings.Client client(String word) {
    return Arrays.stream(Settings.Client.values())
        .filter(client -> client.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInput(
                    "client is accepted, unauthenticated, invalid-client or invalid-credentials,"
                        + " not "
                        + word));
  }

  private static Settings.TornUploads tornUploads(String word) {
    return Arrays.stream(Settings.TornUploads.values())
        .filter(torn -> torn.word().equals(word))
        .findFirst()
        .orElseThrow(() -> new BadInput("tornUploads is discarded or kept, not " + word));
  }

  /** What a person does under "App authorizations". */
  private static void revoke(State state, String nickname) {
    Optional<String> only =
        nickname.equals(EVERYBODY)
            ? Optional.empty()
            : Optional.of(Named.account(state, nickname)).map(Account::uuid);
    state
        .credentials()
        .revoke(grant -> only.map(uuid -> uuid.equals(grant.account())).orElse(true));
  }

  private static ObjectNode show(Settings settings) {
    return Json.object()
        .put("accessTokenSeconds", settings.accessTokenSeconds())
        .put("refreshGraceSeconds", settings.refreshGraceSeconds())
        .put("lockoutSeconds", settings.lockoutSeconds())
        .put("reuseKillsGrant", settings.reuseKillsGrant())
        .put("hourlyLimit", settings.hourlyLimit())
        .put("dialect", settings.dialect().word())
        .put("requestUuidPerAttempt", settings.requestUuidPerAttempt())
        .put("retryUnanswered", settings.retryUnanswered())
        .put("client", settings.client().word())
        .put("clientIsPrivate", settings.clientIsPrivate())
        .put("lockoutHoldsClientCredentials", settings.lockoutHoldsClientCredentials())
        .put("newestRefreshTokenOnly", settings.newestRefreshTokenOnly())
        .put("tornUploads", settings.tornUploads().word())
        .put("largestUpload", settings.largestUpload())
        .put("repositoryBytes", settings.repositoryBytes());
  }
}
